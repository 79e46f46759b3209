"""Builds the field of cybersecurity: its people, a year of message triage in eight learning cycles, and phishing sites."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.demo.cybersecurity import phishing, triage
from rhml.demo.world import YEAR
from rhml.demo.year import ANALYST, LEAD, Progress, work
from rhml.loop.teams import set_role
from rhml.store.engine import Store

PEOPLE = {
    LEAD: "lead",
    ANALYST: "analyst",
    **{one.name: "manager" for one in triage.ANALYSTS if one.name != LEAD},
    **{one.name: "manager" for one in phishing.ANALYSTS if one.name != LEAD},
}
TRIAGE = 0.75
"""The share of the whole work that triage is, for the progress bar."""


def build(
    store: Store, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, dict[str, int]]:
    """A year of triage until `at`, then the sites; counts by domain. `size` scales the number of cases."""
    for person, role in PEOPLE.items():
        set_role(store, person, role, by=LEAD, at=at - timedelta(days=YEAR))
    world = triage.plan(at=at, seed=seed, size=size)
    messages = work(store, world, progress=lambda share, words: progress(TRIAGE * share, words))
    sites = phishing.build(
        store, at=at, seed=seed, size=size,
        progress=lambda share, words: progress(TRIAGE + (1 - TRIAGE) * share, words),
    )  # fmt: skip
    return {triage.NAME: messages, phishing.NAME: sites}
