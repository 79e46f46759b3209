"""Why the model recommends what it recommends: points of probability that add up.

XGBoost's contributions (exact, path-dependent Shapley values) are log scores. The way from the average
case to this one is walked in a straight line through the softmax and every contribution collects its
part of the probability (Aumann & Shapley 1974). With two actions this is exactly the rescaling
(p − p₀)/(f − f₀); with more it cannot divide by zero, which that rescaling can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.machine.corrections.correction import Correction, applied
from rhml.machine.deciding import Rule, chosen
from rhml.machine.model import Model
from rhml.stats.intervals import wilson

NODES, WIDTHS = np.polynomial.legendre.leggauss(24)
NEAR = (0.05, 0.10, 0.20)
"""Similar cases had a probability within 5 points; within 10 or 20 where those are too few."""

ENOUGH = 30

MANY = 1_000
"""From so many cases on, working out a model's leaf tables first is quicker than walking its trees."""


@dataclass(frozen=True)
class Scored:
    """A recommendation with its reasons for each of n cases.

    `base` + `points`.sum(axis=1) is the probability of the recommended action, exactly. `by_action` (n, K, d)
    are the points of every action, the recommended one's among them: over the actions they add up to zero.
    `low` and `high` bound how often that action proved right among `similar_n` similar resolved cases (NaN
    where none). Where corrections stand on top of the model, `base` + `points`.sum(axis=1) + `correction` is the
    probability, and `uncorrected` (n, K) are the model's own.
    """

    actions: tuple[str, ...]
    features: tuple[str, ...]
    probabilities: np.ndarray
    action_index: np.ndarray
    base: np.ndarray
    points: np.ndarray
    by_action: np.ndarray
    similar_n: np.ndarray
    low: np.ndarray
    high: np.ndarray
    typical: dict[str, float | str | bool | None]
    notes: list[tuple[str, ...]]
    correction: np.ndarray
    correction_ids: list[tuple[str, ...]]
    uncorrected: np.ndarray


def explain(
    model: Model, cases: pd.DataFrame, corrections: Sequence[Correction] = (), rule: Rule | None = None
) -> Scored:
    """Score cases and account for every point of each recommendation's probability; `rule` recommends, else the
    likeliest action.
    """
    matrix = model.encoding.matrix(cases)
    start, added = contributions(model, matrix)
    uncorrected = softmax(start + added.sum(axis=1), axis=1)
    on_top = applied(corrections, cases)
    probabilities = on_top.probabilities(uncorrected)
    action = chosen(rule, probabilities, cases)
    # What a correction takes from or gives to the factors is theirs; its shift and the rest are its own line.
    added = added * on_top.slope[:, None, None]
    line = on_top.beside(start)
    by_action = points_of(start, np.concatenate([added, line[:, None, :]], axis=1) if corrections else added)
    rows = np.arange(len(action))
    correction = by_action[rows, action, -1] if corrections else np.zeros(len(action))
    by_action = by_action[:, :, : added.shape[1]]
    points = by_action[rows, action]
    recommended = probabilities[rows, action]
    similar, low, high = frequency(model, recommended, action)
    return Scored(
        actions=model.actions,
        features=model.features,
        probabilities=probabilities,
        action_index=action,
        base=recommended - points.sum(axis=1) - correction,
        points=points,
        by_action=by_action,
        similar_n=similar,
        low=low,
        high=high,
        typical=model.encoding.typical,
        notes=model.encoding.notes(cases),
        correction=correction,
        correction_ids=on_top.ids,
        uncorrected=uncorrected,
    )


def frequency(
    model: Model, probability: np.ndarray, action: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How often an action proved right where the model, not knowing the case, gave it about this chance.

    Returns the number of similar cases and the ends of the 95 % Wilson interval, (n,) each.
    """
    count, right = np.zeros(len(action), dtype=np.int64), np.zeros(len(action), dtype=np.int64)
    for index in np.unique(action):
        mine = action == index
        order = np.argsort(model.reference[:, index], kind="stable")
        given = model.reference[order, index].astype(np.float64)
        proved = np.concatenate([[0], np.cumsum(model.right[order] == index)])
        for width in NEAR:
            todo = mine & (count < ENOUGH)
            left = np.searchsorted(given, probability[todo] - width, "left")
            end = np.searchsorted(given, probability[todo] + width, "right")
            count[todo], right[todo] = end - left, proved[end] - proved[left]
    low, high = wilson(right, count)
    return count, np.where(count > 0, low, np.nan), np.where(count > 0, high, np.nan)


def contributions(model: Model, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated log scores: of the average case (n, K), and what each feature adds (n, d, K).

    Exact and path-dependent whichever way: XGBoost's own for a few cases, leaf tables for many.
    """
    actions, width = len(model.actions), len(model.features)
    if not len(matrix):
        return np.zeros((0, actions)), np.zeros((0, width, actions))
    known = "leaf_tables" in vars(model)  # worked out before, they pay from fewer cases on
    tables = model.leaf_tables if len(matrix) >= (MANY // 4 if known else MANY) else None
    if tables is None:
        raw = _raw(model, matrix)
        start, added = raw[:, -1], raw[:, :-1]
    else:
        start = np.repeat(_raw(model, matrix[:1])[:, -1], len(matrix), axis=0)
        added = tables.contributions(matrix, start.shape[1])
    if actions == 2:
        start = np.hstack([start, np.zeros_like(start)])
        added = np.concatenate([added, np.zeros_like(added)], axis=2)
    slope = model.calibration.slope
    return start * slope + np.asarray(model.calibration.bias), model.encoding.by_feature(added) * slope


def _raw(model: Model, matrix: np.ndarray) -> np.ndarray:
    """XGBoost's contributions to each raw score, the bias last: (n, columns + 1, scores)."""
    raw = model.booster.predict(model.data(matrix), pred_contribs=True).astype(np.float64)
    return raw.reshape(len(matrix), -1, matrix.shape[1] + 1).transpose(0, 2, 1)


def points_of(start: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Each feature's share of each action's p − p₀ (n, K, d): what is `added` (n, d, K), along `slopes_of`."""
    return np.einsum("ndk,nak->nad", added, slopes_of(start, added), optimize=True)


def slopes_of(start: np.ndarray, added: np.ndarray) -> np.ndarray:
    """∫ ∂pₐ/∂mₖ (n, K, K) along the straight line from `start` (n, K) to it plus all that is added.

    The integral is Gauss–Legendre's.
    """
    move = added.sum(axis=1)
    eye = np.eye(start.shape[1])
    slopes = np.zeros((*start.shape, start.shape[1]))
    for node, width in zip((NODES + 1) / 2, WIDTHS / 2, strict=True):
        p = softmax(start + node * move, axis=1)
        slopes += width * p[:, :, None] * (eye - p[:, None, :])
    return slopes
