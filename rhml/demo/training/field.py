"""Builds the field of workplace training: an experienced team's year, and the newcomers' courses in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from rhml.demo.training import claims
from rhml.demo.training.claims import HANDLERS
from rhml.demo.training.trainees import TRAINEES, take_course
from rhml.demo.world import YEAR
from rhml.demo.year import LEAD, Progress, work
from rhml.loop.teams import set_role
from rhml.store.engine import Store

PEOPLE = {
    LEAD: "lead",
    **{one.name: "manager" for one in HANDLERS if one.name != LEAD},
    **{one.name: "manager" if one.joins else "trainee" for one in TRAINEES},
}
"""As it ends: who joined the team has become a manager."""


def build(
    store: Store, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, dict[str, int]]:
    """A year of claims until `at` with the courses in it; counts by domain.

    `size` scales the number of claims, not the courses. Raises what `onboard` raises where the log has this domain.
    """
    begun = at - timedelta(days=YEAR)
    for person, role in PEOPLE.items():
        trains = any(one.name == person for one in TRAINEES)
        set_role(store, person, "trainee" if trains else role, by=LEAD, at=begun)
    world = claims.plan(at=at, seed=seed, size=size)

    def courses(moment: datetime) -> dict[str, int]:
        """Who finished the course joins the team; whose turn it is begins one."""
        number, done = world.rounds.index(moment), {}
        for one in TRAINEES:
            if one.joins and number == claims.joined(one):
                set_role(store, one.name, "manager", by=LEAD, at=moment)
            if number == one.begins:
                took = take_course(
                    store, world.domain, one, world.plants, at=moment + timedelta(hours=2), seed=seed
                )
                done = {name: done.get(name, 0) + count for name, count in took.items()}
        return done

    counts = work(store, replace(world, besides=courses), progress=progress)
    return {claims.NAME: counts}
