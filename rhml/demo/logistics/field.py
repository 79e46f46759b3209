"""Builds the field of production and logistics: its people, and a year of shipments."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.demo.logistics import shipments
from rhml.demo.logistics.shifts import DISPATCHERS
from rhml.demo.world import YEAR
from rhml.demo.year import LEAD, Progress, silent, work
from rhml.loop.teams import set_role
from rhml.loop.watch import watch
from rhml.store.engine import Store

PEOPLE = {LEAD: "lead", **{one.name: "manager" for one in DISPATCHERS if one.name != LEAD}}


def build(
    store: Store, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, dict[str, int]]:
    """A year of shipments until `at`, and a look at whether the world has moved; counts by domain.

    `size` scales the number of shipments. Raises what `onboard` raises where the log has this domain already.
    """
    for person, role in PEOPLE.items():
        set_role(store, person, role, by=LEAD, at=at - timedelta(days=YEAR))
    world = shipments.plan(at=at, seed=seed, size=size)
    counts = work(store, world, progress=progress)
    watch(store, world.domain, by=LEAD, at=at, progress=silent)
    return {shipments.NAME: counts}
