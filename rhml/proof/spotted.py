"""A simulated organization with spots: rules under which one of people and model is better, or both are weak.

How often each is right is planted case by case, so what is true under any rule is known exactly, found or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.proof.plant import Plant

BEGIN, DAYS = datetime(2024, 1, 8), 500
NUMBERS = tuple(f"x{i}" for i in range(1, 7))
CATEGORIES = {"c1": ("ash", "elm", "fir", "oak"), "c2": ("low", "mid", "top")}
YES_NO = {"b1": 0.4, "b2": 0.6}
PEOPLE, MODEL = 0.74, 0.77
FOLLOWS = 0.4
"""How often people follow where their own call differs."""
MIDDLE = 0.72
"""Of people's and model's accuracy in a spot, halfway between the two."""
APART = 0.02
"""The most that two planted spots may share of their cases (Jaccard)."""
DOMAIN = '\ntitle = "Spotted"\n[actions]\naccept = "Accept"\nrefuse = "Refuse"\n[outcome]\n' + "".join(
    f'[features.{name}]\nkind = "{kind}"\n'
    for kind, names in (("number", NUMBERS), ("category", CATEGORIES), ("yes_no", YES_NO))
    for name in names
)


@dataclass(frozen=True, eq=False)
class Spot:
    """A planted rule: who is better under it, whom it is about (None: everybody), and the cases it covers."""

    kind: str
    conditions: tuple[dict[str, Any], ...]
    covers: np.ndarray
    manager: str | None = None


@dataclass(frozen=True, eq=False)
class Spotted:
    """The files, the planted spots, and how often person, model and final decision are right on each case."""

    cases: pd.DataFrame
    outcomes: pd.DataFrame
    decisions: pd.DataFrame
    spots: tuple[Spot, ...]
    people: np.ndarray
    model: np.ndarray
    final: np.ndarray
    leaning: float

    @staticmethod
    def domain() -> DecisionDomain:
        """What spotted organizations decide."""
        return parse_domain("spotted", DOMAIN)


def spotted(plant: Plant, seed: int, *, kinds: tuple[str, ...], own: bool = False) -> Spotted:
    """One organization, always the same for a plant and a seed; its spots take turns in being of these kinds.

    own: whether every other spot is one manager's alone.
    """
    rng = np.random.default_rng([seed, sum(plant.name.encode()), 5])
    n = 2 * (plant.calls + plant.assisted)
    facts = _facts(rng, n)
    manager = np.array([f"m{i + 1}" for i in rng.integers(0, plant.managers, n)], object)
    spots = _spots(rng, facts, plant, kinds, manager if own else None)
    people, model = _accuracies(rng, facts, spots, manager, plant)
    both, one = people * model, people * (1 - model) * (1 - FOLLOWS) + (1 - people) * model * FOLLOWS
    return Spotted(
        *_files(rng, facts, manager, people, model, plant), spots, people, model, both + one, plant.leaning
    )


def covers(conditions: list[dict[str, Any]], facts: pd.DataFrame) -> np.ndarray:
    """Which cases meet every condition."""
    kept = np.ones(len(facts), bool)
    for one in conditions:
        column, op, value = facts[one["feature"]], one["op"], one["value"]
        match op:
            case "<=":
                kept &= (column <= value).to_numpy()
            case ">=":
                kept &= (column >= value).to_numpy()
            case "in":
                kept &= column.isin(value).to_numpy()
            case _:
                kept &= (column == value).to_numpy()
    return kept


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """The share of cases that both cover, of those that either does (Jaccard)."""
    either = (first | second).sum()
    return float((first & second).sum() / either) if either else 0.0


def _facts(rng: np.random.Generator, n: int) -> pd.DataFrame:
    columns: dict[str, Any] = {name: rng.normal(size=n).round(3) for name in NUMBERS}
    columns |= {name: rng.choice(np.array(levels, object), n) for name, levels in CATEGORIES.items()}
    columns |= {name: rng.random(n) < share for name, share in YES_NO.items()}
    return pd.DataFrame(columns)


def _spots(rng, facts: pd.DataFrame, plant: Plant, kinds: tuple[str, ...], manager: np.ndarray | None):
    found: list[Spot] = []
    while len(found) < plant.spots:
        conditions = _rule(rng, facts, plant.share)
        inside = covers(conditions, facts)
        if any(overlap(inside, other.covers) > APART for other in found):
            continue
        kind = kinds[(len(found) + int(rng.integers(len(kinds)))) % len(kinds)]
        whose = None if manager is None or len(found) % 2 else str(rng.choice(np.unique(manager)))
        found.append(Spot(kind, tuple(conditions), inside, whose))
    return tuple(found)


def _rule(rng: np.random.Generator, facts: pd.DataFrame, share: float) -> list[dict[str, Any]]:
    """Two or three conditions on different facts that cover about this share of the cases."""
    last, *others = rng.permutation([*NUMBERS, *CATEGORIES, *YES_NO])[: rng.integers(2, 4)]
    if last not in NUMBERS:
        last = str(rng.choice([name for name in NUMBERS if name not in others]))
    conditions = [_condition(rng, facts, str(name), 0.5) for name in others]
    left = covers(conditions, facts).mean()
    return [*conditions, _condition(rng, facts, str(last), min(share / left, 0.9))]


def _condition(rng: np.random.Generator, facts: pd.DataFrame, name: str, share: float) -> dict[str, Any]:
    if name in CATEGORIES:
        return {"feature": name, "op": "=", "value": str(rng.choice(CATEGORIES[name]))}
    if name in YES_NO:
        return {"feature": name, "op": "=", "value": bool(YES_NO[name] < 0.5)}
    op = str(rng.choice(["<=", ">="]))
    cut = float(facts[name].quantile(share if op == "<=" else 1 - share))
    return {"feature": name, "op": op, "value": round(cut, 3)}


def _accuracies(rng, facts: pd.DataFrame, spots, manager: np.ndarray, plant: Plant):
    """How often person and model are right on each case: hard cases are hard for both."""
    hard = 0.06 * np.sin(facts["x6"].to_numpy())
    names, codes = np.unique(manager, return_inverse=True)
    people = PEOPLE + rng.normal(0, 0.02, len(names))[codes] + hard
    model = MODEL + hard
    weak = 1 - np.sqrt((1 - PEOPLE) * (1 - MODEL) + plant.gap)
    for spot in spots:
        inside = spot.covers & ((manager == spot.manager) if spot.manager else True)
        sign = {"people": 1, "model": -1, "both weak": 0}[spot.kind]
        middle = MIDDLE if sign else weak
        people = np.where(inside, middle + sign * plant.gap / 2, people)
        model = np.where(inside, middle - sign * plant.gap / 2, model)
    return people, model


def _files(
    rng, facts: pd.DataFrame, manager: np.ndarray, people: np.ndarray, model: np.ndarray, plant: Plant
):
    n = len(facts)
    right, own, shown = rng.random(n) < 0.5, rng.random(n) < people, rng.random(n)
    shown = shown < model + plant.leaning * np.where(right, 1, -1)
    final = np.where(rng.random(n) < FOLLOWS, shown, own)
    first_call = rng.permutation(np.arange(n) < 2 * plant.calls)
    ids = [f"c{i:06}" for i in range(n)]
    decided = np.array(
        [BEGIN + timedelta(days=DAYS * float(m)) for m in np.sort(rng.random(n))], "datetime64[s]"
    )

    def action(is_right: np.ndarray) -> np.ndarray:
        return np.where(right == is_right, "accept", "refuse")

    decisions = pd.DataFrame({
        "case_id": ids, "manager": manager, "mode": np.where(first_call, "first_call", "assisted"),
        "first_action": np.where(first_call, action(own), None), "recommended_action": action(shown),
        "recommended_confidence": np.clip(0.75 + 0.08 * rng.normal(size=n), 0.5, 0.99).round(3),
        "final_action": action(final), "decided_at": decided,
    })  # fmt: skip
    cases = facts.assign(case_id=ids, received_at=decided)
    outcomes = pd.DataFrame({"case_id": ids, "right_action": action(np.ones(n, bool)), "known_at": decided})
    return cases, outcomes, decisions
