"""A simulated organization as files: cases, outcomes and a decision log. Nobody in it knows the outcomes.

What is true of it is computed beside it, from the plant alone (`proof.truth`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.proof import world
from rhml.proof.plant import Plant
from rhml.proof.world import REGIONS

DOMAIN = """
title = "Planted"
[actions]
accept = "Accept"
refuse = "Refuse"
[outcome]
[value]
column = "amount"
unit = "€"
cost = { accept = { refuse = 0.5 }, refuse = { accept = 0.2 } }
[features.income]
kind = "number"
[features.debt]
kind = "number"
[features.amount]
kind = "number"
[features.region]
kind = "category"
[features.site]
kind = "category"
use = false
[segments]
columns = ["region"]
protected = ["site"]
"""
BEGIN = datetime(2024, 1, 8)
DAYS = 600
WAIT = 10
"""Days until an outcome is known, on average."""
SITES, SHARES = ("hill", "lake", "town"), (0.2, 0.3, 0.5)
ERRORS = (2.0, 0.8)
"""The model's error of sight: of the first version, and of a better one."""
ASSISTED = 0.1
"""With the recommendation on the card from the start, people follow that much more."""
PARTLY = 0.15
"""How far people who keep their call move their confidence towards the recommendation, on average."""
AMOUNT, SPREAD = 1_000.0, 0.6
COSTS = (0.2, 0.5)
"""What a unit of value costs where the first action was right and the second chosen, and the other way round."""


@dataclass(frozen=True, eq=False)
class Organization:
    """Files of one organization, who made each call, and when on a scale of 0 to 1 (`moment`)."""

    plant: Plant
    cases: pd.DataFrame
    outcomes: pd.DataFrame
    decisions: pd.DataFrame
    moment: np.ndarray
    noise: np.ndarray

    @staticmethod
    def domain() -> DecisionDomain:
        """What planted organizations decide."""
        return parse_domain("planted", DOMAIN)


def organization(plant: Plant, seed: int) -> Organization:
    """One organization, always the same for a plant and a seed."""
    rng = np.random.default_rng([seed, sum(plant.name.encode())])
    n = 2 * (plant.calls + plant.assisted)
    moment = np.sort(rng.random(n))
    later = moment >= 0.5
    first_call = _drawn(rng, later, plant)
    odds, facts = _facts(rng, later, plant)
    right = rng.random(n) < world.sigmoid(odds)
    shown, stated = _model(rng, odds, later, plant)
    noise = world.noise_of(plant.accuracy + rng.normal(0, 0.03, plant.managers))
    manager = rng.integers(0, plant.managers, n)
    own = rng.random(n) < _chance(odds, noise, manager, learned(plant, moment, facts["region"]), plant)
    follows = rng.random(n) < following(plant, moment, ~first_call)
    follows &= ~_contrary(rng, shown, facts["site"], plant)
    calls = _calls(rng, own, shown, stated, follows, first_call)
    return Organization(plant, *_files(rng, facts, right, moment, manager, calls, plant), moment, noise)


def decisions_as_read(made: Organization, *, facts: bool = True) -> pd.DataFrame:
    """The decisions as the log gives them back, for a trial without a log; `facts` of the cases beside them."""
    known = made.cases.drop(columns="received_at") if facts else made.cases[["case_id", "region"]]
    rows = made.decisions.merge(made.outcomes, on="case_id").merge(known, on="case_id")
    versions = "imported " + rows["model_version"] if "model_version" in rows else "imported"
    return rows.assign(
        decision_id=rows["case_id"], model_version=versions, explore=False, imported=True, bank=False,
        value=made.cases["amount"].to_numpy(),
    )  # fmt: skip


def learned(plant: Plant, moment: np.ndarray, region: np.ndarray | None = None) -> np.ndarray:
    """By how many points of accuracy each call's manager has changed since the first half."""
    since = np.clip(2 * moment - 1, 0, 1)
    share = np.minimum(2 * since, 1.0) if plant.gradual else (moment >= 0.5).astype(float)
    touched = (region == plant.segment) if plant.segment and region is not None else 1.0
    return plant.change * share * touched


def following(plant: Plant, moment: np.ndarray, assisted: np.ndarray) -> np.ndarray:
    """How often a recommendation is followed where the own call differs."""
    return plant.follows + plant.deferring * (moment >= 0.5) + ASSISTED * assisted


def spreads(plant: Plant) -> tuple[float, ...]:
    """How far the cases of the two halves lie from the line, which makes them easy."""
    return (1.0, plant.drift) if plant.drift != 1 else (1.0,)


def levels(plant: Plant, noise: np.ndarray, mix: world.Population) -> tuple[float, float]:
    """Over all managers and cases: how often they are right before any change, and an expert would be."""
    base = np.mean([mix.right(world.own_calls(mix.odds, size)).mean() for size in noise])
    return float(base), float(mix.right(world.expert_calls(mix.odds)).mean())


def _drawn(rng: np.random.Generator, later: np.ndarray, plant: Plant) -> np.ndarray:
    """Which cases ask for the own call first: as many as planted in each half, at random."""
    chosen = np.zeros(len(later), bool)
    for half in (~later, later):
        rows = np.flatnonzero(half)
        share = plant.calls / (plant.calls + plant.assisted)
        chosen[rng.choice(rows, round(share * len(rows)), replace=False)] = True
    return chosen


def _facts(rng: np.random.Generator, later: np.ndarray, plant: Plant) -> tuple[np.ndarray, dict]:
    """Log-odds of the first action and the facts that give them; easier cases lie further from the line."""
    n = len(later)
    spread = np.where(later, plant.drift, 1.0)
    income, debt = rng.normal(0, 1, (2, n)) * spread
    region = rng.integers(0, len(REGIONS), n)
    odds = world.SHARPNESS * (world.INCOME * income + world.DEBT * debt + world.SHIFTS[region])
    amount = np.round(AMOUNT * np.exp(SPREAD * rng.normal(size=n)), 2)
    site = rng.choice(np.array(SITES, object), n, p=SHARES)
    return odds, {"income": income, "debt": debt, "amount": amount,
                  "region": np.array(REGIONS, object)[region], "site": site}  # fmt: skip


def _model(rng: np.random.Generator, odds: np.ndarray, later: np.ndarray, plant: Plant):
    """What is recommended and how surely: the facts with an error, smaller in a better version."""
    error = np.where(later & plant.better, ERRORS[1], ERRORS[0])
    seen = odds + rng.normal(0, 1, len(odds)) * error
    p = world.sigmoid(seen * 4.0 / (4.0 + error**2))
    return p >= 0.5, np.where(p >= 0.5, p, 1 - p)


def _chance(odds, noise: np.ndarray, manager: np.ndarray, change: np.ndarray, plant: Plant) -> np.ndarray:
    """The chance that the own call is the first action; lapses and insights move its accuracy as planted."""
    base, best = levels(plant, noise, world.population(spreads(plant)))
    lapse, insight = world.mixing(change, base, best)
    return world.moved(world.own_calls(odds, noise[manager]), world.expert_calls(odds), lapse, insight)


def _contrary(rng: np.random.Generator, shown: np.ndarray, site: np.ndarray, plant: Plant) -> np.ndarray:
    """Where people will not follow a recommendation to accept, in one part of a protected segment alone."""
    return (rng.random(len(shown)) < plant.unequal) & shown & (site == SITES[0])


def _calls(
    rng, own: np.ndarray, shown: np.ndarray, stated: np.ndarray, follows: np.ndarray, first_call: np.ndarray
):
    """Own, shown and final call of each case (bool: the first action) with their confidences."""
    final = np.where(follows, shown, own)
    sure = rng.uniform(0.5, 0.97, len(own))
    weight = np.where(follows, 1.0, rng.uniform(0, 2 * PARTLY, len(own)))
    h, m = np.where(own, sure, 1 - sure), np.where(shown, stated, 1 - stated)
    t = h + weight * (m - h)
    return {
        "mode": np.where(first_call, "first_call", "assisted"),
        "first_action": np.where(first_call, _named(own), None),
        "first_confidence": np.where(first_call, sure.round(6), np.nan),
        "recommended_action": _named(shown),
        "recommended_confidence": stated.round(6),
        "final_action": _named(final),
        "final_confidence": np.where(first_call, np.where(final, t, 1 - t).round(6), np.nan),
    }


def _named(first: np.ndarray) -> np.ndarray:
    return np.where(first, "accept", "refuse")


def _files(
    rng, facts: dict, right: np.ndarray, moment: np.ndarray, manager: np.ndarray, calls: dict, plant: Plant
):
    n = len(right)
    ids = np.array([f"c{i:06}" for i in range(n)], object)
    decided = np.array([BEGIN + timedelta(days=DAYS * float(m)) for m in moment], "datetime64[s]")
    known = decided + (rng.exponential(WAIT, n) * 86_400).astype("timedelta64[s]")
    cases = pd.DataFrame({"case_id": ids, "received_at": decided, **facts})
    outcomes = pd.DataFrame({"case_id": ids, "right_action": _named(right), "known_at": known})
    newer = plant.better & (moment >= 0.5)
    version = {"model_version": np.where(newer, "v2", "v1")} if plant.named else {}
    who = [f"m{m + 1}" for m in manager]
    decisions = pd.DataFrame({"case_id": ids, "manager": who, **calls, "decided_at": decided, **version})
    return cases, outcomes, decisions
