"""Learning cycles: from one training to the next, how often people and the model were right, and what each gave the other.

The model's curve: the version trained at a cycle's beginning, asked about the same bank cases as all others, which no
version ever learned from. People's curve: their own calls before any suggestion, as if all cycles had had the same cases
and the same people (`stats.steps`). The words are those of the report: people's of its verdict, whose two halves are the
earlier and the later half of these very calls; the model's of the versions compared on the bank. Nothing is tested twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.replayed import Replayed
from rhml.reports.sides import Side, people_side
from rhml.reports.unaided import compared, rows_of
from rhml.reports.version_rows import Versions
from rhml.stats import steps
from rhml.stats.intervals import share, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.periods import middle

Span = tuple[str, datetime | None, datetime | None]
"""A version, when it was trained, and when the next one was; an empty name before the first."""

NOT_ASKED = "This version is not stored here, so it cannot be asked."


@dataclass(frozen=True)
class Given:
    """What was exchanged in one cycle, counted. To the model: decisions, overrides, marks (of these: on words of a text),
    outcomes, lessons. To people: suggestions shown, outcomes of their decisions, lessons, answered drills."""

    decisions: int = 0
    overrides: int = 0
    marks: int = 0
    words: int = 0
    outcomes: int = 0
    taught_model: int = 0
    shown: int = 0
    taught_people: int = 0
    drills: int = 0


@dataclass(frozen=True)
class Cycle:
    """One learning cycle: its version, whether that went live, both learners, the team as counted, the exchange."""

    number: int
    version: str
    since: datetime | None
    until: datetime | None
    live: bool
    model: Measure
    human: Measure
    team: Measure
    given: Given = Given()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; times in ISO format."""
        return {
            "number": self.number,
            "version": self.version,
            "from": self.since and self.since.isoformat(),
            "until": self.until and self.until.isoformat(),
            "live": self.live,
            **{who: getattr(self, who).as_dict() for who in ("human", "model", "team")},
            "given": vars(self.given),
        }


@dataclass(frozen=True)
class Cycles:
    """The cycles, oldest first, how many earlier ones are not shown, and whether each side learned, in words."""

    cycles: tuple[Cycle, ...]
    left_out: int = 0
    why: str = ""
    people: Side | None = None
    model: str = ""
    model_words: str = "too few to say"
    bank_cases: int = 0
    replayed: int = 0
    calls: int = 0
    adjusted_for: tuple[str, ...] = ()

    @property
    def drawn(self) -> bool:
        """Whether two cycles or more say anything of a learner."""
        return any(sum(getattr(one, who).known for one in self.cycles) > 1 for who in ("human", "model"))

    @property
    def sentence(self) -> str:
        """Whether people and the model learned, each in one sentence."""
        if self.why or self.people is None:
            return self.why
        return f"{self.people_sentence} {self.model_sentence}"

    @property
    def people_sentence(self) -> str:
        """The report's verdict on people's own calls, with its number."""
        said, change = self.people.verdict.words, self.people.change
        return f"People: {said}{_points(change)}."

    @property
    def model_sentence(self) -> str:
        """The words for the versions on the same bank cases."""
        return f"The model: {self.model_words}. {self.model}".strip()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "sentence": self.sentence,
            "why": self.why,
            "people": self.people.verdict.words if self.people else "too few to say",
            "model": self.model_words,
            "left_out": self.left_out,
            "bank": {"cases": self.bank_cases, "replayed": self.replayed},
            "calls": self.calls,
            "adjusted_for": list(self.adjusted_for),
            "cycles": [cycle.as_dict() for cycle in self.cycles],
        }


def cycles(
    calls: Calls,
    spans: list[Span],
    replayed: Replayed,
    versions: Versions,
    given: list[Given],
    *,
    first: int = 1,
    difficulty: pd.DataFrame | None = None,
) -> Cycles:
    """The cycles of some spans, oldest first.

    replayed: the spans' versions on the bank. versions: the comparison of versions, for its words. first: the number of
    the first span, above 1 where earlier ones are left out. difficulty: the yardsticks, as for people's verdict.
    """
    judged, why = calls.judged()
    if why or not spans:
        return Cycles((), why=why or "No version has been trained yet, so no learning cycle has begun.")
    times = pd.to_datetime(calls.column("decided_at"))
    own, _ = rows_of(calls)
    timed = judged & times.notna().to_numpy()
    people, adjusted, side = [Measure.unknown(too_few(0))] * len(spans), (), None
    if timed.any():
        found, adjusted = compared(calls, own, moment=middle(times[timed]), difficulty=difficulty)
        side = people_side(calls, own, found)
        people = _people(found, _period(times.iloc[own], spans), len(spans))
    live = {row.known.version for row in versions.rows if row.known.live_from is not None}
    listed = tuple(
        Cycle(
            first + k, version, since, until, version in live, _on_bank(replayed, version), people[k],
            _team(calls, timed & (_period(times, [span]) == 0)), given[k],
        )
        for k, span in enumerate(spans)
        for version, since, until in [span]
    )  # fmt: skip
    return replace(
        _told(versions), cycles=listed, left_out=first - 1, people=side, bank_cases=replayed.of, replayed=len(replayed),
        calls=len(own), adjusted_for=(*adjusted, "people: the same managers in all cycles") if adjusted else (),
        why="" if side else "The decisions carry no outcomes with times yet, so cycles cannot be told apart.",
    )  # fmt: skip


def _told(versions: Versions) -> Cycles:
    """The words for the model: the live version against the first, else the newest against the first."""
    row = versions.live or (versions.rows[-1] if versions.rows else None)
    against = row.against_first if row else None
    return Cycles(
        (), model=versions.sentence, model_words=against.verdict.words if against else "too few to say"
    )


def _people(found, period: np.ndarray, width: int) -> list[Measure]:
    """The levels under every reading of the case mix: the first's value, and all that any allows."""
    keep = period >= 0
    if not keep.any():
        return [Measure.unknown(too_few(0))] * width
    readings = [
        steps.levels(
            found.right[keep], period[keep], mix=columns[keep], managers=found.manager[keep], cases=found.case[keep],
            periods=width,
        )
        for columns in found.mix
    ]  # fmt: skip
    return [_wider(list(one)) for one in zip(*readings, strict=True)]


def _wider(readings: list[Measure]) -> Measure:
    if not readings[0].known:
        return readings[0]
    return replace(readings[0], low=min(r.low for r in readings), high=max(r.high for r in readings))


def _period(times: pd.Series, spans: list[Span]) -> np.ndarray:
    """In which span each moment lies (n,); −1 where in none."""
    found = np.full(len(times), -1, np.int64)
    for k, (_, since, until) in enumerate(spans):
        inside = times.notna().to_numpy(copy=True)
        if since is not None:
            inside &= (times >= since).to_numpy()
        if until is not None:
            inside &= (times < until).to_numpy()
        found[inside] = k
    return found


def _on_bank(replayed: Replayed, version: str) -> Measure:
    if version not in replayed.versions:
        return Measure.unknown(NOT_ASKED if version else "No version yet.")
    n = len(replayed)
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    hits = float(replayed.hits[replayed.versions.index(version)].sum())
    low, high = wilson(hits, n)
    return Measure.of(hits / n, low, high, n)


def _team(calls: Calls, rows: np.ndarray) -> Measure:
    keep = rows & (calls.final >= 0)
    return share(calls.hits("final")[keep], calls.sample(keep))


def _points(change: Measure) -> str:
    """', +9.1 points [4.2, 14.0] from the earlier half of the own calls to the later one'; nothing where unknown."""
    if not change.known or change.low is None:
        return ""
    between = f"[{100 * change.low:.1f}, {100 * change.high:.1f}]".replace("-", "−")
    points = f"{100 * change.value:+.1f}".replace("-", "−")
    return f", {points} points {between} from the earlier half of their own calls to the later one"
