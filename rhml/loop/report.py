"""The findings of a domain: gather its decisions, compute, hand over; a page or the command line shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from rhml.core.domain import DecisionDomain
from rhml.loop.alarms import alarms
from rhml.loop.asked import Asked
from rhml.loop.complementarity import complementarity
from rhml.loop.cycles import cycles
from rhml.loop.equal_treatment import equal_treatment
from rhml.loop.fingerprint import fingerprint
from rhml.loop.forecasts import forecasts
from rhml.loop.found_segments import found_segments
from rhml.loop.growth import growth
from rhml.loop.ledger import ledger
from rhml.loop.methods import methods
from rhml.loop.skill import skill
from rhml.loop.steps import Progress, Step, carried_out, silent
from rhml.loop.versions import versions
from rhml.reports.answer import answer
from rhml.reports.report import Report
from rhml.reports.report import report as compute
from rhml.store.engine import Store


class Part(Protocol):
    """A finding of its own beside the verdicts."""

    def as_dict(self) -> object:
        """Plain values for JSON."""


PARTS: dict[str, Callable[[Asked], Part]] = {
    "growth": growth,
    "cycles": cycles,
    "versions": versions,
    "complementarity_detail": complementarity,
    "forecasts": forecasts,
    "ledger": ledger,
    "found_segments": found_segments,
    "equal_treatment": equal_treatment,
    "methods": methods,
    "late_outcomes": lambda asked: asked.late,
    "fingerprint": fingerprint,
}
"""The further parts of a report, in the order in which a reader meets them; each computes on its own."""

WORDS = {
    "growth": "Parting growth between people and model",
    "cycles": "Following both learners from cycle to cycle",
    "versions": "Comparing versions",
    "complementarity_detail": "Seeing what people and model bring together",
    "forecasts": "Scoring stated probabilities",
    "ledger": "Seeing who taught whom",
    "found_segments": "Searching segments on earlier cases, asking later ones",
    "equal_treatment": "Comparing protected kinds of case",
    "methods": "Writing down what is taken for granted",
    "late_outcomes": "Seeing whether late outcomes end otherwise",
    "fingerprint": "Taking the data’s fingerprint",
}
"""What a waiting reader sees while a part is computed."""

READ = 0.2
LONG = 200_000
"""Decisions from which two steps are computed at a time."""


def report(
    store: Store,
    domain: DecisionDomain,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
    seed: int = 7,
    parts: Iterable[str] | None = None,
    progress: Progress = silent,
) -> Report:
    """Where people, model and team stand, of the decisions in a span of time and one segment.

    parts: names of PARTS to compute as well; all of them unless given. progress: told what is being computed.
    """
    return report_on(Asked(store, domain, since, until, segment, seed), parts=parts, progress=progress)


def report_on(asked: Asked, *, parts: Iterable[str] | None = None, progress: Progress = silent) -> Report:
    """The report on a question whose frames may have been read already; the five sentences come with all parts."""
    chosen = PARTS if parts is None else {name: PARTS[name] for name in parts}
    _read(asked, progress)
    steps = _verdicts(asked) | {
        name: Step(WORDS.get(name, name), partial(part, name, asked)) for name in chosen
    }
    done = carried_out(steps, progress=_after(READ, progress), together=len(asked.kept) >= LONG)
    found = replace(
        done["verdicts"], skill=done["skill"].as_dict(), alarms=tuple(one.as_dict() for one in done["alarms"])
    )
    every = {name: done[name] for name in chosen}
    if parts is None:
        every = {"answer": answer(found, every, domain=asked.domain), **every}
    return replace(found, parts=every)


def _read(asked: Asked, progress: Progress) -> None:
    """What several steps need; read here, so that no two steps wait for each other."""
    progress(0.0, "Reading the decisions")
    progress(0.1, f"{len(asked.calls):,} decisions read")
    progress(0.15, "Telling how hard each case is")
    _ = asked.hard


def _verdicts(asked: Asked) -> dict[str, Step]:
    store, domain, seed, hard = asked.store, asked.domain, asked.seed, asked.hard
    given = {"hard": hard, "calls": asked.calls, "seed": seed}
    return {
        "verdicts": Step(
            "Comparing earlier and later: people, model and team",
            lambda: compute(asked.decisions, domain=domain, seed=seed, difficulty=hard, calls=asked.calls, **asked.filters),
        ),
        "skill": Step("Following people’s own calls", lambda: skill(store, domain, asked.kept, **given)),
        # An alarm is about the whole course of the log, whatever part of it is being read.
        "alarms": Step("Looking for alarms", lambda: alarms(store, domain, asked.decisions)),
    }  # fmt: skip


def _after(share: float, progress: Progress) -> Progress:
    """The same progress, of what is left after a share is done."""
    return lambda done, words: progress(share + (1 - share) * done, words)


def part(name: str, asked: Asked) -> Part:
    """One of PARTS alone: what a page shows of it needs no more."""
    return PARTS[name](asked)


def part_on(name: str, asked: Asked, *, progress: Progress = silent) -> Part:
    """The same, telling what is under way: reading a long log takes longer than most parts."""
    progress(0.0, "Reading the decisions")
    progress(0.4, f"{len(asked.calls):,} decisions read. {WORDS.get(name, name)}")
    return part(name, asked)
