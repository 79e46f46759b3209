"""Warranty claims with a known truth: what decides whether settling proves right, and what newcomers get wrong.

Planted, for the reports to find:
* *photos*: liquid damage with photos looks convincing; mostly it is not covered. Newcomers settle it; experienced
  handlers do not. Practice takes it away: the course's second test shows it, and live work afterwards.
* *one who does not learn*: a trainee with the same course and no gain.
* *series faults*: handlers hear of some from workshops. The model cannot; their overrides for it are right.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import words as spoken
from rhml.demo import world
from rhml.demo.people import Manager, Plant
from rhml.demo.training import words
from rhml.demo.training.trainees import TRAINEES, Trainee
from rhml.demo.words import Said
from rhml.demo.world import World

NAME = "claims_training"
DAYS, LAST_DAYS = 21, 16
TRAININGS = (0, 9)
HISTORY, A_DAY = 420, 1.3
PRACTISED = 20
"""Claims of a whole course's practice: what who joined has learned."""

HANDLERS = (
    Manager("Claims handler 1", 0.4, 1.6, {"series fault": 0.9, "does not fit": 0.6}, 0.5, 0.8, 0.90, 0.1),
    Manager("Claims handler 2", 0.35, 2.0, {"series fault": 0.6, "does not fit": 0.8}, 1.0, 0.9, 0.85, 0.1),
    Manager("Lead", 0.25, 1.6, {"series fault": 0.7, "does not fit": 0.7}, 0.5, 0.8, 0.95, 0.1),
)
PRODUCTS = ("Washing machine", "Laptop", "Phone", "E-bike", "Coffee machine")
TYPICAL = {"Washing machine": 420, "Laptop": 780, "Phone": 360, "E-bike": 1_300, "Coffee machine": 240}


def joined(trainee: Trainee) -> int:
    """The round from which a trainee decides real claims: the one after the course."""
    return trainee.begins + 1


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """A year of claims that ends at `at`; `size` scales their number, not the older log's that newcomers practise on."""
    rng, domain = np.random.default_rng([seed, 13]), world.demo_domain(NAME)
    moments = world.rounds(at, days=DAYS, last=LAST_DAYS)
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=HISTORY)
    cases = _cases(rng, received)
    planted = _planted(rng, cases).assign(
        manager=_on_it(rng, imported, moments),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    planted["right_action"] = world.right_actions(
        rng, (planted["visible"] + planted["private"]).to_numpy(), domain
    )
    audited = dict(zip(planted["case_id"], 20 + 25 * rng.random(len(cases)), strict=True))
    people = [*HANDLERS, *(one.after(PRACTISED) for one in TRAINEES if one.joins)]
    return World(
        domain=domain,
        managers={person.name: person for person in people},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:HISTORY]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=lambda case_id, action, decided, explore: decided + timedelta(days=audited[case_id]),
        say=say,
        ask="The customer wants an answer today, and the workshop has not called back. Settle?",
    )


def _on_it(rng: np.random.Generator, imported: list[datetime], moments: tuple[datetime, ...]) -> list[str]:
    """Who takes each claim: the handlers, and who has finished the course by then."""
    chance, taken = rng.random(len(imported)), []
    for moment, drawn in zip(imported, chance, strict=True):
        there = [*HANDLERS, *(t.person for t in TRAINEES if t.joins and moments[joined(t)] <= moment)]
        ends = np.cumsum([person.share for person in there])
        taken.append(there[int(np.searchsorted(ends, drawn * ends[-1], side="right"))].name)
    return taken


def _cases(rng: np.random.Generator, received: list[datetime]) -> pd.DataFrame:
    n = len(received)
    product = rng.choice(PRODUCTS, size=n, p=(0.22, 0.22, 0.26, 0.12, 0.18))
    damage = rng.choice(["Electrical fault", "Liquid", "Fall", "Wear"], size=n, p=(0.32, 0.34, 0.16, 0.18))
    amount = np.array([TYPICAL[name] for name in product]) * np.exp(rng.normal(0, 0.45, n))
    return pd.DataFrame(
        {
            "case_id": [f"CL-{70001 + i}" for i in range(n)],
            "received_at": received,
            "due_at": [r + timedelta(days=int(d)) for r, d in zip(received, rng.integers(10, 24, n), strict=True)],
            "amount": np.round(amount, -1).clip(40),
            "product": product,
            "damage": damage,
            "age_months": rng.integers(1, 25, n),
            "days_to_report": rng.poisson(rng.gamma(1.3, 5.0, n)),
            "earlier_claims": rng.poisson(0.7, n),
            "receipt": np.where(rng.random(n) < 0.75, "yes", "no"),
            "photos": rng.poisson(np.where(damage == "Liquid", 3.0, 1.6)),
            "repair_quote": np.where(rng.random(n) < 0.35, "yes", "no"),
            "language": rng.choice(["Local", "Other"], size=n, p=(0.7, 0.3)),
        }
    )  # fmt: skip


def _planted(rng: np.random.Generator, cases: pd.DataFrame) -> pd.DataFrame:
    """What decides whether settling proves right: `visible` from the facts, `private` beside them."""
    n, damage = len(cases), cases["damage"]
    photos = (damage.eq("Liquid") & cases["photos"].ge(2)).to_numpy()
    visible = 1.3 * (
        2.4
        - 0.16 * (cases["age_months"] - 12)
        - 0.14 * (cases["days_to_report"] - 6)
        - 1.2 * (cases["earlier_claims"] - 0.7)
        + 1.6 * (cases["receipt"] == "yes")
        + 1.4 * (cases["repair_quote"] == "yes")
        + damage.map({"Electrical fault": 1.2, "Liquid": -1.0, "Fall": -1.4, "Wear": -0.6})
        - 4.0 * photos
    )
    series = damage.eq("Electrical fault").to_numpy() & (rng.random(n) < 0.15)
    odd = rng.random(n) < 0.08
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.select([series, odd], [6.0, -6.0], 0.0),
            "kind": np.select([series, odd], ["series fault", "does not fit"], ""),
            "fashion": photos,
            "news": False,
            **world.chances(rng, n),
        }
    )


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of a claims handler who decides differently."""
    settle, pick = action == "settle", plant.pick
    if informed and settle == (plant.kind == "series fault"):
        if settle:
            return Said("I know this fault", spoken.one_of(words.SERIES_FAULT, pick))
        return Said("Something in the file does not fit", spoken.one_of(words.DOES_NOT_FIT, pick))
    if settle and plant.fashion:
        return Said("Goodwill", spoken.one_of(words.PHOTOS_CONVINCE, pick))
    choices = words.SETTLE if settle else words.EXAMINE
    return choices[int(pick * len(choices))]
