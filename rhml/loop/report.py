"""The findings of a domain: gather its decisions, compute, hand over; a page or the command line shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from rhml.core.domain import DecisionDomain
from rhml.loop.alarms import alarms
from rhml.loop.asked import Asked
from rhml.loop.skill import skill
from rhml.reports.report import Report
from rhml.reports.report import report as compute
from rhml.store.engine import Store


class Part(Protocol):
    """A finding of its own beside the verdicts."""

    def as_dict(self) -> object:
        """Plain values for JSON."""


PARTS: dict[str, Callable[[Asked], Part]] = {}
"""The further parts of a report, in the order in which a reader meets them; each computes on its own."""


def report(
    store: Store,
    domain: DecisionDomain,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
    seed: int = 7,
    parts: Iterable[str] | None = None,
) -> Report:
    """Where people, model and team stand, of the decisions in a span of time and one segment.

    parts: names of PARTS to compute as well; all of them unless given.
    """
    asked = Asked(store, domain, since, until, segment, seed)
    found = compute(asked.decisions, domain=domain, seed=seed, difficulty=asked.hard, **asked.filters)
    found = replace(found, skill=skill(store, domain, asked.kept, hard=asked.hard, seed=seed).as_dict())
    # An alarm is about the whole course of the log, whatever part of it is being read.
    found = replace(found, alarms=tuple(one.as_dict() for one in alarms(store, domain, asked.decisions)))
    chosen = PARTS if parts is None else parts
    return replace(found, parts={name: PARTS[name](asked) for name in chosen})


def part(name: str, asked: Asked) -> Part:
    """One of PARTS alone: what a page shows of it needs no more."""
    return PARTS[name](asked)
