"""A simulated organization as files: cases, outcomes and a decision log, with the truth beside them.

A case's facts give the chance of its right action; a manager sees the facts with noise and hears, now and then, a
private fact. Skill is the size of that noise, so each call's chance to be right is known exactly for every case
and manager, whatever was drawn. The model sees the facts with an error of its own. Nobody here knows the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.proof.plant import Plant

DOMAIN = """
title = "Planted"
[actions]
accept = "Accept"
refuse = "Refuse"
[outcome]
[features.income]
kind = "number"
[features.debt]
kind = "number"
[features.region]
kind = "category"
[segments]
columns = ["region"]
"""
BEGIN = datetime(2024, 1, 8)
DAYS = 600
REGIONS = ("north", "south", "east", "west")
SHARPNESS = 2.2
"""How much the facts say about what proves right."""


@dataclass(frozen=True, eq=False)
class Organization:
    """Files of one organization, and what is true of it: the change of unaided accuracy on the fixed mix."""

    plant: Plant
    cases: pd.DataFrame
    outcomes: pd.DataFrame
    decisions: pd.DataFrame
    truth: dict[str, float]

    @staticmethod
    def domain() -> DecisionDomain:
        """What all planted organizations decide."""
        return parse_domain("planted", DOMAIN)


def organization(plant: Plant, seed: int) -> Organization:
    """One organization, always the same for a plant and a seed."""
    rng = np.random.default_rng([seed, sum(plant.name.encode())])
    n = 2 * (plant.calls + plant.assisted)
    moment = np.sort(rng.random(n))
    moment += np.where(moment < 0.5, 0.0, 1e-9)
    later = moment >= 0.5
    first_call = _drawn(rng, later, plant)
    odds, facts = _facts(rng, later, plant)
    right = rng.random(n) < _sigmoid(odds)
    shown, stated = _model(rng, odds, later, plant)
    skills = plant.accuracy + rng.normal(0, 0.03, plant.managers)
    manager = rng.integers(0, plant.managers, n)
    learned = _learned(plant, moment, facts["region"])
    noise = _noise(skills, plant)
    chance = [_chance(odds, noise, manager, at) for at in (learned, _learned(plant, np.zeros(n), facts["region"]), _learned(plant, np.ones(n), facts["region"]))]  # fmt: skip
    own = rng.random(n) < chance[0]
    final = _final(rng, own, shown, moment, first_call, plant)
    hit = [np.where(right, c, 1 - c) for c in chance[1:]]
    return Organization(
        plant, *_files(rng, facts, right, moment, manager, first_call, own, shown, stated, final), _truth(hit, first_call, facts)
    )  # fmt: skip


def decisions_as_read(made: Organization, *, facts: bool = True) -> pd.DataFrame:
    """The decisions as the log gives them back, for a trial without a log; `facts` of the cases beside them."""
    known = made.cases.drop(columns="received_at") if facts else made.cases[["case_id", "region"]]
    rows = made.decisions.merge(made.outcomes, on="case_id").merge(known, on="case_id")
    return rows.assign(
        decision_id=rows["case_id"], model_version="imported", first_confidence=np.nan, explore=False, imported=True,
        bank=False,
    )  # fmt: skip


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
    odds = SHARPNESS * (0.9 * income - 0.8 * debt + np.array([0.3, -0.3, 0.1, -0.1])[region])
    return odds, {"income": income, "debt": debt, "region": np.array(REGIONS, object)[region]}


def _model(rng: np.random.Generator, odds: np.ndarray, later: np.ndarray, plant: Plant):
    """What is recommended and how surely: the facts with an error, smaller in a better version."""
    error = np.where(later & plant.better, 0.8, 2.0)
    seen = odds + rng.normal(0, 1, len(odds)) * error
    p = _sigmoid(seen * 4.0 / (4.0 + error**2))
    return p >= 0.5, np.where(p >= 0.5, p, 1 - p)


def _learned(plant: Plant, moment: np.ndarray, region: np.ndarray) -> np.ndarray:
    """By how many points of accuracy each call's manager has changed since the first half."""
    since = np.clip(2 * moment - 1, 0, 1)
    share = np.minimum(2 * since, 1.0) if plant.gradual else (moment >= 0.5).astype(float)
    touched = (region == plant.segment) if plant.segment else np.ones(len(moment), bool)
    return plant.change * share * touched


def _noise(skills: np.ndarray, plant: Plant) -> np.ndarray:
    """The noise at which each manager has the planted accuracy on the first half's mix."""
    rng = np.random.default_rng(1)
    odds = SHARPNESS * np.hypot(0.9, 0.8) * rng.normal(size=4_000)
    sizes = np.linspace(0.2, 14, 80)
    accuracies = [_accuracy(odds, size) for size in sizes]
    return np.interp(-skills, -np.array(accuracies), sizes)


def _accuracy(odds: np.ndarray, noise: float) -> float:
    called = _normal(odds / noise)
    return float((called * _sigmoid(odds) + (1 - called) * _sigmoid(-odds)).mean())


def _chance(odds: np.ndarray, noise: np.ndarray, manager: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """The chance that the own call is the first action; lapses and insights move its accuracy as planted.

    A fall is a share of calls made by guess, a gain a share made like an expert's: both scale with the case, and
    nobody gets better than an expert.
    """
    plain, expert = _normal(odds / noise[manager]), (odds > 0).astype(float)
    base = (plain * _sigmoid(odds) + (1 - plain) * _sigmoid(-odds)).mean()
    best = (expert * _sigmoid(odds) + (1 - expert) * _sigmoid(-odds)).mean()
    lapse, insight = np.clip(-learned / (base - 0.5), 0, 1), np.clip(learned / (best - base), 0, 1)
    return plain * (1 - lapse - insight) + 0.5 * lapse + expert * insight


def _final(rng, own: np.ndarray, shown: np.ndarray, moment: np.ndarray, first_call: np.ndarray, plant: Plant):
    """The final decision: the model's where the manager follows, else the own call.

    With the recommendation on the card from the start, people follow a little more.
    """
    follows = plant.follows + plant.deferring * (moment >= 0.5) + 0.1 * ~first_call
    return np.where(rng.random(len(own)) < follows, shown, own)


def _truth(hit: list[np.ndarray], first_call: np.ndarray, facts: dict) -> dict[str, float]:
    """The change on the fixed mix of all unaided calls, overall and in each region."""
    gain = hit[1] - hit[0]
    regions = {name: float(gain[first_call & (facts["region"] == name)].mean()) for name in REGIONS}
    return {"all": float(gain[first_call].mean()), **regions}


def _files(rng, facts, right, moment, manager, first_call, own, shown, stated, final):
    n = len(right)
    ids = np.array([f"c{i:06}" for i in range(n)], object)
    decided = np.array([BEGIN + timedelta(days=DAYS * float(m)) for m in moment], "datetime64[s]")
    known = decided + (rng.exponential(10, n) * 86_400).astype("timedelta64[s]")
    action = lambda first: np.where(first, "accept", "refuse")  # noqa: E731 - two words for one bit
    cases = pd.DataFrame({"case_id": ids, "received_at": decided, **facts})
    outcomes = pd.DataFrame({"case_id": ids, "right_action": action(right), "known_at": known})
    decisions = pd.DataFrame(
        {
            "case_id": ids,
            "manager": [f"m{m + 1}" for m in manager],
            "mode": np.where(first_call, "first_call", "assisted"),
            "first_action": np.where(first_call, action(own), None),
            "recommended_action": action(shown),
            "recommended_confidence": stated.round(4),
            "final_action": action(final),
            "decided_at": decided,
        }
    )
    return cases, outcomes, decisions


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _normal(x: np.ndarray) -> np.ndarray:
    """The normal distribution function, by Abramowitz & Stegun 26.2.17 (error below 1e-7)."""
    t = 1 / (1 + 0.2316419 * np.abs(x))
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = tail * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    return np.where(x >= 0, 1 - tail, tail)
