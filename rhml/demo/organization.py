"""Builds the demo organization: people, three domains, a year of work; one domain complete after another."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rhml.demo import credit, desk, mortgages, purchases
from rhml.demo.second_person import SECOND_LEAD
from rhml.demo.world import YEAR, World
from rhml.demo.year import ANALYST, LEAD, Progress, work
from rhml.loop.teams import set_role
from rhml.store.engine import Store

PEOPLE = {
    LEAD: "lead",
    SECOND_LEAD: "lead",
    ANALYST: "analyst",
    **{buyer.name: "manager" for buyer in purchases.BUYERS if buyer.name != LEAD},
    **{officer.name: "manager" for officer in credit.OFFICERS if officer.name != LEAD},
    "Underwriter 1": "manager",
}
FIRST = purchases.NAME
"""The domain that a newcomer sees first."""

SHARES = {purchases.NAME: (0.0, 0.65), credit.NAME: (0.65, 0.92), mortgages.NAME: (0.92, 1.0)}
"""Which part of the whole work each domain is, for the progress bar."""


def build(
    store: Store, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, Any]:
    """Build the demo in an empty log, as if the organization had worked for a year until `at`.

    Decisions and outcomes are the same for a seed, a time and a log's secret (ids are not). `size` scales
    the number of cases. Raises `LogInUse` where the log holds a domain already.
    """
    desk.refuse_unless_empty(store)
    for person, role in PEOPLE.items():
        set_role(store, person, role, by=LEAD, at=at - timedelta(days=YEAR))

    built = {}
    for planned in (purchases, credit):
        world: World = planned.plan(at=at, seed=seed, size=size)
        built[planned.NAME] = work(store, world, progress=_part(progress, planned.NAME))
    built[mortgages.NAME] = mortgages.build(
        store, at=at, progress=_part(progress, mortgages.NAME), seed=seed, size=size
    )
    decisions = sum(domain["decisions"] for domain in built.values())
    progress(1.0, f"Ready: {decisions:,} decisions of a year")
    return {"domains": built, "people": PEOPLE, "message": f"Built {len(built)} domains."}


def _part(progress: Progress, name: str) -> Progress:
    """Progress within one domain as progress of the whole."""
    low, high = SHARES[name]
    return lambda share, words: progress(low + share * (high - low), words)
