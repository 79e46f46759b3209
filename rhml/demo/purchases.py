"""Purchase requests with a known truth: what decides whether approving proves right.

Planted, for the reports to find:
* *rescue*: spare parts look like stockpiling, but at times a line stands still. Some buyers hear of it; the
  model cannot. Their overrides there are right.
* *fashion*: small software licences look harmless; mostly the licence exists already. The model learns that
  from outcomes, buyers fall for it, less as the year teaches them.
* *drift*: from the third fortnight on a framework contract settles the price, and one quote is enough. Buyers
  know at once; the model learns it from what they decide and from the next review.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import words, world
from rhml.demo.people import Manager, Plant
from rhml.demo.words import Said
from rhml.demo.world import World

NAME = "purchase_requests"
DAYS, LAST_DAYS = 14, 9
"""Requests are imported every fortnight; those of the last days wait."""

REVIEWS = (5, 11, 18, 24)
"""Fortnights after which a quarter is closed and every request of it reviewed."""

TRAININGS = (0, 6, 12, 19, 25)
"""A model at the start, and a fortnight after each review; decisions since the review teach beside outcomes."""

DRIFT = 2
HISTORY, A_DAY = 260, 3.2

BUYERS = (
    Manager("Buyer 1", 0.25, 2.6, {"line down": 0.95, "done before": 0.2}, 8.5, 0.90, 0.85, 0.30),
    Manager("Buyer 2", 0.25, 3.0, {"line down": 0.80, "done before": 0.2}, 9.0, 1.10, 0.75, 0.45),
    Manager("Buyer 3", 0.20, 2.4, {"line down": 0.15, "done before": 0.9}, 8.0, 0.95, 0.85, 0.35),
    Manager("Buyer 4", 0.20, 4.2, {"line down": 0.15, "done before": 0.2}, 9.5, 1.50, 0.55, 0.60),
    Manager("Lead", 0.10, 2.2, {"line down": 0.60, "done before": 0.6}, 6.5, 0.80, 0.95, 0.10),
)

PURPOSES = {
    "Spare parts": ("Bearings for the press", "Pump seals", "Drive belt", "Sensor for the conveyor", "Hydraulic hose"),
    "Machines": ("Second drilling station", "Forklift, used", "Packing table", "Compressor"),
    "Software": ("Drawing tool, licence", "Project planner, five seats", "Translation tool", "Reporting add-on"),
    "Consulting": ("Energy survey", "Process study", "Market survey", "Safety audit"),
    "Freight": ("Pallets to the coast", "Express to a customer", "Container, one way", "Return of empties"),
    "Office supplies": ("Desk chairs", "Paper and toner", "Whiteboards", "Kitchen equipment"),
}  # fmt: skip
DEPARTMENTS = ("Production", "Maintenance", "IT", "Sales", "Research")
ASKS = {
    "Spare parts": (0.40, 0.50, 0.02, 0.02, 0.06),
    "Software": (0.10, 0.05, 0.35, 0.30, 0.20),
}
EVENLY = (0.30, 0.15, 0.10, 0.25, 0.20)
TYPICAL_AMOUNT = {"Spare parts": 1_800, "Machines": 16_000, "Software": 2_600, "Consulting": 9_000,
                  "Freight": 2_200, "Office supplies": 1_100}  # fmt: skip


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """A year of purchase requests that ends at `at`; `size` scales the number of requests."""
    rng, domain = np.random.default_rng([seed, 1]), world.demo_domain(NAME)
    moments = world.rounds(at, days=DAYS, last=LAST_DAYS)
    history = max(120, round(HISTORY * size))
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=history)
    cases = _cases(rng, received)
    drifted = np.array([when >= moments[DRIFT] for when in received])
    planted = _planted(rng, cases, drifted).assign(
        manager=world.plant_people(rng, list(BUYERS), len(cases)),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    planted["right_action"] = world.right_actions(
        rng, (planted["visible"] + planted["private"]).to_numpy(), domain
    )
    reviews = tuple(moments[place] for place in REVIEWS)
    return World(
        domain=domain,
        managers={buyer.name: buyer for buyer in BUYERS},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:history]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=lambda case_id, action, decided, explore: _next_review(decided, reviews),
        say=say,
        ask="The requester wants an answer today, but it is twice what we paid last time. Your call?",
    )


def _next_review(decided: datetime, reviews: tuple[datetime, ...]) -> datetime | None:
    return next((review for review in reviews if decided < review), None)


def _cases(rng: np.random.Generator, received: list[datetime]) -> pd.DataFrame:
    n = len(received)
    category = rng.choice(list(PURPOSES), size=n, p=(0.26, 0.10, 0.20, 0.12, 0.16, 0.16))
    department = [DEPARTMENTS[i] for i in _drawn(rng, [ASKS.get(c, EVENLY) for c in category])]
    amount = np.exp(np.log([TYPICAL_AMOUNT[c] for c in category]) + rng.normal(0, 0.9, n))
    new = rng.random(n) < 0.15
    approved = ~new & (rng.random(n) < 0.7)
    contract = approved & (category != "Software") & (rng.random(n) < 0.85)
    urgent = rng.random(n) < np.where(category == "Spare parts", 0.45, 0.2)
    answer = [timedelta(days=int(d)) for d in np.where(urgent, 7, rng.integers(12, 22, n))]
    needed = [
        timedelta(days=int(d)) for d in np.where(urgent, rng.integers(6, 12, n), rng.integers(15, 60, n))
    ]
    return pd.DataFrame(
        {
            "case_id": [f"PR-{10001 + i}" for i in range(n)],
            "received_at": received,
            "due_at": [r + d for r, d in zip(received, answer, strict=True)],
            "amount": np.round(amount, -1).clip(50),
            "category": category,
            "department": department,
            "quotes": rng.choice([1, 2, 3, 4], size=n, p=(0.42, 0.28, 0.22, 0.08)),
            "budget_left": np.round(rng.beta(1.6, 2.2, n) * 100),
            "approved_supplier": np.where(approved, "yes", "no"),
            "framework_contract": np.where(contract, "yes", "no"),
            "supplier_years": np.where(new, 0, 1 + rng.poisson(6, n)),
            "late_deliveries": np.where(new, np.nan, rng.poisson(1.1, n)),
            "quality_claims": np.where(new, np.nan, rng.poisson(0.5, n)),
            "urgent": np.where(urgent, "yes", "no"),
            "needed_by": [(r + d).date().isoformat() for r, d in zip(received, needed, strict=True)],
            "purpose": [PURPOSES[c][int(u * len(PURPOSES[c]))] for c, u in zip(category, rng.random(n), strict=True)],
            "site": rng.choice(["North", "South", "West"], size=n, p=(0.4, 0.35, 0.25)),
        }
    )  # fmt: skip


def _drawn(rng: np.random.Generator, shares: list[tuple[float, ...]]) -> np.ndarray:
    """One index a row, drawn by the row's own shares."""
    return (
        (rng.random(len(shares))[:, None] > np.cumsum(shares, axis=1)).sum(axis=1).clip(max=len(EVENLY) - 1)
    )


def _planted(rng: np.random.Generator, cases: pd.DataFrame, drifted: np.ndarray) -> pd.DataFrame:
    """What decides whether approving proves right: `visible` from the facts, `private` beside them."""
    n = len(cases)
    settled = drifted & (cases["framework_contract"] == "yes").to_numpy()
    quotes = np.where(settled, 4, cases["quotes"])
    spare = cases["category"].eq("Spare parts").to_numpy()
    fashion = cases["category"].eq("Software").to_numpy() & cases["amount"].lt(5_000).to_numpy()
    visible = (
        3.4 * (quotes - 2.2)
        + 0.10 * (cases["budget_left"] - 42)
        + 1.6 * (cases["approved_supplier"] == "yes")
        - 1.6 * cases["late_deliveries"].fillna(1.2)
        - 1.6 * cases["quality_claims"].fillna(0.7)
        - 1.6 * np.log10(cases["amount"] / 3_000)
        + 1.0
        - 3.0 * spare
        - 7.5 * fashion
    )
    down = spare & (rng.random(n) < 0.38)
    before = cases["category"].eq("Consulting").to_numpy() & (rng.random(n) < 0.3)
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.select([down, before], [10.0, -9.0], 0.0),
            "kind": np.select([down, before], ["line down", "done before"], ""),
            "fashion": fashion,
            "news": settled & cases["quotes"].lt(3).to_numpy(),
            **world.chances(rng, n),
        }
    )


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of a buyer who decides differently."""
    approve, pick = action == "approve", plant.pick
    if informed and approve == (plant.kind == "line down"):
        sentences = words.LINE_DOWN if approve else words.DONE_BEFORE
        return Said("New information", words.one_of(sentences, pick))
    if approve and plant.news:
        marks = (("quotes", "irrelevant here"),) if pick < 0.4 else ()
        return Said("Model misjudges this kind", words.one_of(words.ONE_QUOTE_WILL_DO, pick), marks)
    if approve and plant.fashion:
        return Said("Relationship or strategy", words.one_of(words.CHEAP_TOOL, pick))
    choices = (words.APPROVE if approve else words.SEND_BACK)[_striking(facts)]
    return choices[int(pick * len(choices))]


def _striking(facts: dict) -> str:
    """The factor a buyer would talk about."""
    if facts["late_deliveries"] >= 2:
        return "late_deliveries"
    if facts["quotes"] == 1:
        return "quotes"
    return "budget_left" if facts["budget_left"] < 25 else "other"
