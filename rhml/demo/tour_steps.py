"""What a step of a tour is, and by what the log shows that it was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rhml.store.tours import Done

NEWCOMER = "Newcomer"
"""Who a newcomer is in the demo: a lead of their own, so that what they do is told apart from what was lived before."""

Looks = Mapping[str, datetime]


@dataclass(frozen=True)
class Step:
    """One step: what to do, the page where, the words on the way there, and by what the log shows that it was done.

    `view` is the one to open on that page. `time_passes` marks the step at which the outcomes of what the newcomer decided become known.
    """

    title: str
    text: str
    page: str
    link: str
    shown: Callable[[Done, Looks], bool]
    view: str = ""
    time_passes: bool = False


@dataclass(frozen=True)
class Tour:
    """The steps through one domain of a field, and the sentence that invites to them."""

    field: str
    domain: str
    invitation: str
    steps: tuple[Step, ...]


def decided(done: Done, looks: Looks) -> bool:
    """A decision of one's own is on record."""
    return done.decided > 0


def differed(done: Done, looks: Looks) -> bool:
    """A decision against the recommendation, with its reason, is on record."""
    return done.differed > 0


def marked(done: Done, looks: Looks) -> bool:
    """A decision on which words or facts were marked is on record."""
    return done.marked > 0


def stated(done: Done, looks: Looks) -> bool:
    """A decision with a probability of one's own is on record."""
    return done.stated > 0


def practised(done: Done, looks: Looks) -> bool:
    """Three answers of practice are on record."""
    return done.practised >= 3


def saw_outcome(done: Done, looks: Looks) -> bool:
    """An outcome of one's own decision is on record, and was looked at after it arrived."""
    seen = looks.get("my_learning")
    return done.resolved_at is not None and seen is not None and seen >= done.resolved_at


def retrained(done: Done, looks: Looks) -> bool:
    """A version that one asked for is on record."""
    return done.retrained > 0


def read(done: Done, looks: Looks) -> bool:
    """The page with the findings was drawn, after a decision of one's own."""
    return "improvement" in looks and done.decided > 0


def checked(tour: Tour, done: Done, looks: Looks) -> tuple[bool, ...]:
    """Which steps the log shows as done, in their order."""
    return tuple(step.shown(done, looks) for step in tour.steps)
