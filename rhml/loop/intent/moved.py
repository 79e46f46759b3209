"""The recommendations that an intent moves, told again from what the log holds of each: same probabilities, other action.

Nothing is computed by the trees: with two actions every point of the one is a point less of the other, and with more the
log holds the points of every action. What it does not hold is worked out from the case.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.card import turned
from rhml.loop.intent.intending import Intended
from rhml.machine.deciding import Rule
from rhml.machine.explaining.explanation import frequency
from rhml.machine.model import Model

Models = Callable[[str], Model]


def moved(
    domain: DecisionDomain, held: pd.DataFrame, then: np.ndarray, of: Intended, inside: np.ndarray, models: Models
) -> pd.DataFrame:  # fmt: skip
    """The rows `held` with another action `then` (n,), in the columns that the log keeps.

    What would change it is worked out with the whole card, later: a move must not wait for that.
    """
    parts = [
        _moved(domain, rows, then[rows.index], of.rule, inside[rows.index], models(str(version)))
        for version, rows in held.groupby("model_version", sort=True)
    ]
    found = pd.concat(parts).sort_index().drop(columns="recommendation_id")
    return found.assign(changes=None, intent_id=of.intent_id)


def _moved(
    domain: DecisionDomain, rows: pd.DataFrame, then: np.ndarray, rule: Rule | None, inside: np.ndarray, model: Model
) -> pd.DataFrame:  # fmt: skip
    at, keys = np.arange(len(rows)), np.array(model.actions, dtype=object)
    given = np.stack(rows["probabilities"].to_numpy()).astype(np.float64)
    probability, likeliest = given[at, then], given.argmax(axis=1)
    similar, low, high = frequency(model, probability, then)
    two = len(keys) == 2
    points = _turned_points(rows) if two else _points_of(rows, then)
    own = likeliest != then
    return rows.assign(
        action=keys[then],
        probability=probability,
        similar_n=similar,
        low=low,
        high=high,
        likeliest_action=np.where(own, keys[likeliest], None),
        likeliest_probability=np.where(own, given[at, likeliest], np.nan),
        **_added_up(rows, probability, points, two),
        **(_other_side(rows) if two else _unknown(len(rows))),
        **(_uncorrected(rows, rule, inside, keys) if two else {}),
    )


def _turned_points(rows: pd.DataFrame) -> list[np.ndarray]:
    return [-np.asarray(points, dtype=np.float64) for points in rows["points"]]


def _points_of(rows: pd.DataFrame, then: np.ndarray) -> list[np.ndarray]:
    """The points of the action moved to, out of those of every action."""
    return [
        np.asarray(every, dtype=np.float64).reshape(-1, len(points))[to]
        for every, points, to in zip(rows["by_action"], rows["points"], then, strict=True)
    ]


def _added_up(
    rows: pd.DataFrame, probability: np.ndarray, points: list[np.ndarray], two: bool
) -> dict[str, Any]:
    """Base, points and the corrections' line, which add up to the probability exactly."""
    line = rows["correction"].to_numpy(np.float64, na_value=np.nan)
    turned_line = -line if two else line
    total = np.array([each.sum() for each in points])
    return {
        "points": points,
        "base": probability - total - np.nan_to_num(turned_line),
        "correction": turned_line,
    }


def _other_side(rows: pd.DataFrame) -> dict[str, Any]:
    """Words and the team's call, told for the other of two actions."""
    team = rows["team_probability"].to_numpy(np.float64, na_value=np.nan)
    base = rows["team_base"].to_numpy(np.float64, na_value=np.nan)
    return {
        "words": [turned(words, -1) if isinstance(words, str) else None for words in rows["words"]],
        "team_probability": 1 - team,
        "team_base": 1 - base,
        "team_points": [
            -np.asarray(p, dtype=np.float64) if isinstance(p, np.ndarray | list) else None
            for p in rows["team_points"]
        ],
    }


def _unknown(count: int) -> dict[str, Any]:
    """Among more than two actions these wait for the whole card."""
    none = [None] * count
    return {
        "words": none, "team_version": none, "team_probability": np.nan, "team_base": np.nan, "team_points": none,
    }  # fmt: skip


def _uncorrected(
    rows: pd.DataFrame, rule: Rule | None, inside: np.ndarray, keys: np.ndarray
) -> dict[str, Any]:
    """What the model alone would recommend, by the same rule, where corrections stand on top of it."""
    said = rows["uncorrected_action"].to_numpy(object)
    stated = rows["uncorrected_probability"].to_numpy(np.float64, na_value=np.nan)
    first = np.where(said == keys[0], stated, 1 - stated)
    given = np.column_stack([first, 1 - first])
    known = ~np.isnan(first)
    to = np.zeros(len(rows), dtype=np.int64)
    if known.any():
        to[known] = given[known].argmax(axis=1) if rule is None else rule.choose(given[known], inside[known])
    return {
        "uncorrected_action": np.where(known, keys[to], None),
        "uncorrected_probability": given[np.arange(len(rows)), to],
    }
