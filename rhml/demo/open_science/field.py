"""Builds the field of open science: findings, experts who foretell them, and a model that learns from results."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.demo.open_science import findings
from rhml.demo.open_science.reviewers import REVIEWERS
from rhml.demo.second_person import SECOND_LEAD
from rhml.demo.year import ANALYST, LEAD, Progress, work
from rhml.loop.teams import set_role
from rhml.store.engine import Store

PEOPLE = {
    LEAD: "lead",
    SECOND_LEAD: "lead",
    ANALYST: "analyst",
    **{reviewer.name: "manager" for reviewer in REVIEWERS if reviewer.name != LEAD},
}


def build(
    store: Store, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, dict[str, int]]:
    """Nearly three years of findings until `at`; counts by domain. `size` scales the number of findings."""
    world = findings.plan(at=at, seed=seed, size=size)
    for person, role in PEOPLE.items():
        set_role(store, person, role, by=LEAD, at=world.start - timedelta(days=1))
    return {findings.NAME: work(store, world, progress=progress)}
