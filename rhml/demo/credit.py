"""Supplier credit with a known truth, where the decision itself hides outcomes.

A request that was extended shows after some weeks whether it was repaid; a declined one never does, but for
the random share that is extended on trial. Planted: officers hear of large orders and of owners who leave,
which no model can; and they are too kind to construction companies.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import words, world
from rhml.demo.people import Manager, Plant
from rhml.demo.words import Said
from rhml.demo.world import World

NAME = "supplier_credit"
DAYS, LAST_DAYS = 28, 12
TRAININGS = (0, 7)
HISTORY, A_DAY = 240, 1.4

OFFICERS = (
    Manager("Credit 1", 0.40, 1.8, {"new order": 0.9, "owner leaves": 0.5}, 2.5, 0.8, 0.9, 0.2),
    Manager("Credit 2", 0.35, 2.4, {"new order": 0.2, "owner leaves": 0.8}, 3.5, 1.0, 0.7, 0.4),
    Manager("Lead", 0.25, 2.0, {"new order": 0.5, "owner leaves": 0.5}, 2.0, 0.7, 0.9, 0.1),
)
SECTORS = ("Construction", "Food", "Metal", "Logistics", "Services")


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """A year of credit requests that ends at `at`; `size` scales the number of requests."""
    rng, domain = np.random.default_rng([seed, 2]), world.demo_domain(NAME)
    moments = world.rounds(at, days=DAYS, last=LAST_DAYS)
    history = max(160, round(HISTORY * size))
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=history)
    cases = _cases(rng, received)
    planted = _planted(rng, cases).assign(
        manager=world.plant_people(rng, list(OFFICERS), len(cases)),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    odds = (planted["visible"] + planted["private"]).to_numpy()
    planted["right_action"] = world.right_actions(rng, odds, domain)
    settles = dict(zip(planted["case_id"], 30 + 60 * rng.random(len(cases)), strict=True))

    def known_at(case_id: str, action: str, decided: datetime, explore: bool) -> datetime | None:
        shown = action in domain.outcome.observed_after or explore
        return decided + timedelta(days=settles[case_id]) if shown else None

    return World(
        domain=domain,
        managers={officer.name: officer for officer in OFFICERS},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:history]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=known_at,
        say=say,
        ask="They ask for twice the usual line and offer no guarantee. Do we want to go that far?",
    )


def _cases(rng: np.random.Generator, received: list[datetime]) -> pd.DataFrame:
    n = len(received)
    new = rng.random(n) < 0.2
    revenue = np.exp(np.log(1_400_000) + rng.normal(0, 0.9, n))
    amount = revenue * np.exp(rng.normal(np.log(0.02), 0.6, n))
    return pd.DataFrame(
        {
            "case_id": [f"SC-{2001 + i}" for i in range(n)],
            "received_at": received,
            "due_at": [r + timedelta(days=int(d)) for r, d in zip(received, rng.integers(10, 40, n), strict=True)],
            "amount": np.round(amount, -3).clip(1_000),
            "revenue": np.round(revenue, -4).clip(10_000),
            "equity_ratio": np.round(rng.beta(2.0, 4.0, n) * 100, 1),
            "days_late": np.where(new, np.nan, rng.poisson(rng.gamma(1.2, 9.0, n))),
            "years_trading": np.where(new, rng.integers(0, 4, n), 2 + rng.poisson(12, n)),
            "sector": rng.choice(SECTORS, size=n, p=(0.28, 0.16, 0.22, 0.16, 0.18)),
            "secured": np.where(rng.random(n) < 0.3, "yes", "no"),
            "region": rng.choice(["Coast", "Hills", "Plain"], size=n, p=(0.35, 0.25, 0.40)),
        }
    )  # fmt: skip


def _planted(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """What decides whether credit is repaid: `visible` from the facts, `private` beside them."""
    n = len(cases)
    fashion = cases["sector"].eq("Construction").to_numpy()
    visible = (
        1.6
        + 0.07 * (cases["equity_ratio"] - 30)
        - 0.11 * (cases["days_late"].fillna(14) - 10)
        - 3.0 * np.log10(cases["amount"] / cases["revenue"] / 0.02)
        + 2.0 * (cases["secured"] == "yes")
        + 0.05 * (cases["years_trading"] - 10)
        - 1.8 * fashion
    )
    order, leaves = rng.random(n) < 0.12, rng.random(n) < 0.12
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.select([order, leaves], [3.5, -4.5], 0.0),
            "kind": np.select([order, leaves], ["new order", "owner leaves"], ""),
            "fashion": fashion,
            "news": False,
            **world.chances(rng, n),
        }
    )


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of an officer who decides differently."""
    extend, pick = action == "extend", plant.pick
    if informed and extend == (plant.kind == "new order"):
        return Said("New information", words.one_of(words.NEW_ORDER if extend else words.OWNER_LEAVES, pick))
    if extend and plant.fashion:
        return Said("Relationship or strategy", words.one_of(words.TRUSTED_TRADE, pick))
    choices = words.EXTEND if extend else words.DECLINE
    return choices[int(pick * len(choices))]
