"""A straight line to start the trees from: what few cases can tell best.

Trees need many cases to draw a straight line. So a ridge logistic regression is fitted first (numbers by
their rank, as normal scores: no outlier rules, and no unit matters), and each of its terms is written as one
tree that reads one feature. The model stays trees alone: contributions add up, bytes are stable, and the
trees that follow correct the line where it is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from scipy.optimize import minimize
from scipy.special import ndtri, softmax

RIDGE = 1.0
"""The pull of a coefficient to zero, in cases at one standard deviation."""

STEEPEST = 3.0
"""The largest coefficient: what decides a case alone is for a tree, beside which nothing else need count."""

MOST_LEVELS = 50
"""A category with more levels is left to the trees."""

WRITING = {
    "learning_rate": 1.0, "max_depth": 5, "reg_lambda": 0.0, "min_child_weight": 1, "subsample": 1.0,
    "colsample_bytree": 1.0, "max_cat_to_onehot": 1, "monotone_constraints": "()",
}  # fmt: skip
"""How a term is written as a tree: 32 steps, each at the mean of its cases."""


@dataclass(frozen=True)
class Line:
    """Log chances that each feature adds to each case's actions: (d, n, C), and the constant (C,)."""

    terms: np.ndarray
    constant: np.ndarray


def fit_line(matrix: np.ndarray, types: list[str], weights: np.ndarray, signs: np.ndarray) -> Line:
    """Ridge logistic regression on weighted rows (n, K); `signs` (d,) bind a coefficient to ≥ 0, ≤ 0 or (0) free.

    With two actions the only score is the first action's.
    """
    designs = [_design(matrix[:, j], types[j]) for j in range(matrix.shape[1])]
    x = np.hstack([np.ones((len(matrix), 1)), *designs])
    scores = 1 if weights.shape[1] == 2 else weights.shape[1]
    widths = [design.shape[1] for design in designs]
    sign = np.repeat(np.repeat(signs, widths), scores)
    bounds = [(None, None)] * scores
    bounds += [(0 if s > 0 else -STEEPEST, 0 if s < 0 else STEEPEST) for s in sign]
    ridge = np.full((x.shape[1], 1), RIDGE)
    ridge[0] = 1e-3

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(-1, scores)
        # Not `x @ w`: sums of many threads differ in their last digits, and wait for each other on a busy machine.
        score = np.einsum("nd,dk->nk", x, w)
        score = np.hstack([score, np.zeros_like(score)]) if scores == 1 else score
        p = softmax(score, axis=1)
        errors = (p * weights.sum(axis=1, keepdims=True) - weights)[:, :scores]
        value = -(weights * np.log(np.clip(p, 1e-12, 1))).sum() + (ridge * w**2).sum() / 2
        return float(value), (np.einsum("nd,nk->dk", x, errors) + ridge * w).ravel()

    found = minimize(loss, np.zeros(x.shape[1] * scores), jac=True, method="L-BFGS-B", bounds=bounds)
    # Rounded, so that the last digits of a sum in another order change no byte of the model.
    w = found.x.reshape(-1, scores).round(4)
    ends = np.cumsum([1, *widths])
    terms = [np.einsum("nd,dk->nk", d, w[a:b]) for d, a, b in zip(designs, ends[:-1], ends[1:], strict=True)]
    return Line(np.stack(terms) if terms else np.zeros((0, len(matrix), scores)), w[0])


def write_line(line: Line, data: xgb.DMatrix, parameters: dict[str, object]) -> xgb.Booster:
    """A booster whose trees are the terms of the line, one feature a tree, to be trained further."""
    features = len(line.terms)
    alone = str([[j] for j in range(features)])
    booster = xgb.Booster({**parameters, **WRITING, "interaction_constraints": alone}, [data])
    base = float(parameters.get("base_score", 0.5))
    rest = line.constant - (np.log(base / (1 - base)) if line.terms.shape[2] == 1 else 0.0)
    for j in range(features):
        term = line.terms[j] + (rest if j == 0 else 0.0)
        booster.boost(data, iteration=j, grad=-term, hess=np.ones_like(term))
    booster.set_param({"interaction_constraints": "", **parameters})
    return booster


def _design(values: np.ndarray, kind: str) -> np.ndarray:
    """Normal scores of ranks (n, 1), or one column a level; a missing value is 0 throughout."""
    known = ~np.isnan(values)
    if kind == "c":
        levels = int(np.nanmax(values)) + 1 if known.any() else 0
        if levels > MOST_LEVELS:
            return np.zeros((len(values), 0))
        return (values[:, None] == np.arange(levels)).astype(float)
    design = np.zeros((len(values), 1))
    if known.any():
        held = np.sort(values[known])
        left, right = (np.searchsorted(held, values[known], side) for side in ("left", "right"))
        design[known, 0] = ndtri((left + right) / (2 * len(held)))
    return design
