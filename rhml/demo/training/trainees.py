"""Simulated newcomers who take the course through its own verbs: what each believes at first, and how fast each learns.

Everything they call is their own view of a claim. Practice teaches: every claim whose end they are told takes a share
of their noise and of their trust in photos away. The tests tell nothing, so they teach nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.demo import people
from rhml.demo.people import Manager, Plant
from rhml.loop import course
from rhml.loop.course_record import PRACTICE, Course
from rhml.store import drills
from rhml.store.engine import Store

A_CASE = timedelta(seconds=35)


@dataclass(frozen=True)
class Trainee:
    """A newcomer: what they are like at first, the share of that which one practised claim takes away, and when they begin.

    joins: whether they decide real claims afterwards. size: claims in each test. stops_at: the place at which the course is
    left open; None where it is finished.
    """

    person: Manager
    pace: float
    begins: int
    joins: bool = False
    size: int = 40
    stops_at: int | None = None

    @property
    def name(self) -> str:
        """Under which they work."""
        return self.person.name

    def after(self, practised: int) -> Manager:
        """What they are like after so many claims practised on."""
        left = (1 - self.pace) ** practised
        return replace(self.person, noise=self.person.noise * left, fashion=self.person.fashion * left)


def _new(number: int) -> Manager:
    return Manager(
        f"Trainee {number}", 0.14, 7.0, {"series fault": 0.1, "does not fit": 0.1}, 13.0, 1.0, 0.8, 0.0
    )


TRAINEES = (
    Trainee(_new(1), 0.12, 1, joins=True),
    Trainee(_new(2), 0.09, 2, joins=True),
    Trainee(_new(3), 0.14, 3, joins=True),
    Trainee(_new(4), 0.08, 4, joins=True),
    Trainee(_new(5), 0.0, 6),
    Trainee(_new(6), 0.08, 15, size=5, stops_at=3),
    Trainee(_new(7), 0.08, -1),
)
"""The fifth does not learn; the sixth has a short course open; the seventh has not begun."""


def take_course(
    store: Store,
    domain: DecisionDomain,
    trainee: Trainee,
    plants: Mapping[str, Plant],
    *,
    at: datetime,
    seed: int,
) -> dict[str, int]:
    """Take the course from its first claim to its certificate, or as far as this trainee goes."""
    rng, done, practised = np.random.default_rng([seed, trainee.begins]), 0, 0
    held = course.begin(store, domain, trainee.name, size=trainee.size, at=at)
    while (held := course.resume(store, domain, held, at=at)).now is not None:
        place = held.now
        if place == trainee.stops_at:
            return {"courses_open": 1, "practice_answers": done}
        at += A_CASE
        plant = replace(plants[held.places[place].case_id], luck=float(rng.normal()))
        _call(store, domain, held, trainee.after(practised), plant, at=at)
        if held.places[place].phase == PRACTICE:
            course.go_on(store, domain, held)
            practised += 1
        held, done = Course(drills.held(store, domain.name, held.drill.drill_id)), done + 1
    return {"courses": 1, "practice_answers": done}


def _call(
    store: Store, domain: DecisionDomain, held: Course, person: Manager, plant: Plant, *, at: datetime
) -> None:
    view = people.own_view(person, plant, progress=0.0).log_odds
    course.answer(
        store, domain, held.drill.drill_id, held.now, domain.action_keys[0 if view > 0 else 1], person=person.name, at=at,
        confidence=people.confidence(view, first_action=view > 0), seconds=round(20 + 30 * plant.pick, 1),
    )  # fmt: skip
