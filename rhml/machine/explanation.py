"""Why the model recommends what it recommends: points of probability that add up.

XGBoost's contributions (exact, path-dependent Shapley values) are log scores. The way from the average
case to this one is walked in a straight line through the softmax and every contribution collects its
part of the probability (Aumann & Shapley 1974). With two actions this is exactly the rescaling
(p − p₀)/(f − f₀); with more it cannot divide by zero, which that rescaling can.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.machine.model import Model
from rhml.stats.intervals import wilson

NODES, WIDTHS = np.polynomial.legendre.leggauss(24)
NEAR = (0.05, 0.10, 0.20)
"""Similar cases had a probability within 5 points; within 10 or 20 where those are too few."""

ENOUGH = 30


@dataclass(frozen=True)
class Scored:
    """A recommendation with its reasons for each of n cases.

    `base` + `points`.sum(axis=1) is the probability of the recommended action, exactly. `low` and `high`
    bound how often that action proved right among `similar_n` similar resolved cases (NaN where none).
    """

    actions: tuple[str, ...]
    features: tuple[str, ...]
    probabilities: np.ndarray
    action_index: np.ndarray
    base: np.ndarray
    points: np.ndarray
    similar_n: np.ndarray
    low: np.ndarray
    high: np.ndarray
    typical: dict[str, float | str | bool | None]
    notes: list[tuple[str, ...]]


def explain(model: Model, cases: pd.DataFrame) -> Scored:
    """Score cases and account for every point of each recommendation's probability."""
    matrix = model.encoding.matrix(cases)
    start, contributions = _contributions(model, matrix)
    probabilities = softmax(start + contributions.sum(axis=1), axis=1)
    action = probabilities.argmax(axis=1)
    points = _points(start, contributions, action)
    recommended = probabilities[np.arange(len(action)), action]
    similar, low, high = frequency(model, recommended, action)
    return Scored(
        actions=model.actions,
        features=model.features,
        probabilities=probabilities,
        action_index=action,
        base=recommended - points.sum(axis=1),
        points=points,
        similar_n=similar,
        low=low,
        high=high,
        typical=model.encoding.typical,
        notes=model.encoding.notes(cases),
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


def _contributions(model: Model, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated log scores: of the average case (n, K), and what each feature adds (n, d, K)."""
    actions, width = len(model.actions), len(model.features)
    if not len(matrix):
        return np.zeros((0, actions)), np.zeros((0, width, actions))
    raw = model.booster.predict(model.data(matrix), pred_contribs=True).astype(np.float64)
    raw = raw.reshape(len(matrix), -1, width + 1).transpose(0, 2, 1)
    if actions == 2:
        raw = np.concatenate([raw, np.zeros_like(raw)], axis=2)
    raw *= model.calibration.slope
    return raw[:, -1] + np.asarray(model.calibration.bias), raw[:, :-1]


def _points(start: np.ndarray, contributions: np.ndarray, action: np.ndarray) -> np.ndarray:
    """Each feature's share of p − p₀: Σₖ φₖ ∫ ∂p/∂mₖ along the line from start to end (Gauss–Legendre)."""
    rows = np.arange(len(action))
    move = contributions.sum(axis=1)
    slopes = np.zeros_like(start)
    for node, width in zip((NODES + 1) / 2, WIDTHS / 2, strict=True):
        p = softmax(start + node * move, axis=1)
        step = -p * p[rows, action][:, None]
        step[rows, action] += p[rows, action]
        slopes += width * step
    return np.einsum("ndk,nk->nd", contributions, slopes)
