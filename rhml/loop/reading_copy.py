"""The copy that questions of a large log are read from: when it is due, and how it is brought up to date."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.loop.steps import Progress
from rhml.store import jobs, organization
from rhml.store.engine import Store
from rhml.store.reading import making, source

KIND = "reading copy"
SOONEST = timedelta(minutes=2)
PAUSE = timedelta(minutes=30)
REST = 30
"""Copying takes at most one part in so many of the worker's time."""


def to_ask(store: Store, now: datetime) -> list[str]:
    """The domains whose copy should be made or brought up to date now."""
    return [name for name in organization.domain_names(store) if _due(store, name, now)]


def _due(store: Store, name: str, now: datetime) -> bool:
    held = source.standing(store, organization.domain(store, name))
    if not held.wanted or _under_way_or_in_vain(store, name, now):
        return False
    return held.as_of is None or now - held.as_of >= max(SOONEST, timedelta(seconds=REST * held.took))


def _under_way_or_in_vain(store: Store, name: str, now: datetime) -> bool:
    """Whether one is being made, or could not be made a while ago: no space comes of trying every minute."""
    newest = next(iter(jobs.latest(store, kind=KIND, domain=name, limit=1)), None)
    if newest is None or newest.state == "done":
        return False
    return newest.finished_at is None or now - newest.finished_at < PAUSE


def bring_up_to_date(store: Store, domain: DecisionDomain, *, at: datetime, progress: Progress) -> str:
    """Make the copy of a large log, or bring it up to date; what came of it, in words."""
    if not source.standing(store, domain).wanted:
        return "Answers are of this moment already."
    copy = making.make(store, domain, at=at, progress=progress)
    if copy is None:
        return "Something was erased meanwhile; a new copy is made."
    return f"Answers are as of {copy.stamp.as_of:%Y-%m-%d %H:%M} UTC."
