"""One fit of trees on weighted cases, from a straight line where one is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xgboost as xgb
from scipy import sparse

from rhml.machine.learning.linear_start import Line, fit_line, write_line

MOST_ROUNDS = 400
PATIENCE = 15
"""Rounds without a gain before a fit ends; twice as many find nothing that held-out cases would notice."""


@dataclass(frozen=True)
class Rows:
    """Rows of a matrix to fit on or to watch: with two actions one row of soft label, which has the
    gradient of the two rows; with more, a row an action."""

    at: np.ndarray
    label: np.ndarray
    weight: np.ndarray
    actions: int

    @classmethod
    def of(cls, weights: np.ndarray, every: int = 1) -> Rows:
        """The rows with any weight (n, K), of one case in `every`."""
        actions = weights.shape[1]
        if actions == 2:
            total = weights[::every].sum(axis=1)
            at = every * np.flatnonzero(total > 0)
            total = weights[at].sum(axis=1)
            return cls(at, weights[at, 0] / total, total, actions)
        at, label = np.nonzero(weights[::every] > 1e-3)
        return cls(every * at, label, weights[every * at, label], actions)

    def shares(self) -> np.ndarray:
        """The weights again, (rows, K)."""
        if self.actions == 2:
            return np.column_stack([self.label, 1 - self.label]) * self.weight[:, None]
        return np.eye(self.actions)[self.label] * self.weight[:, None]


def data(
    matrix: np.ndarray,
    types: list[str],
    rows: Rows,
    nthread: int,
    *,
    bins: int,
    reference: xgb.DMatrix | None = None,
) -> xgb.QuantileDMatrix:
    """Rows in XGBoost's own form, each number in so many bins; `reference` lends its bins."""
    return xgb.QuantileDMatrix(
        matrix[rows.at], label=rows.label, weight=rows.weight, ref=reference, nthread=nthread,
        feature_types=types, enable_categorical=True, max_bin=bins,
    )  # fmt: skip


def line_of(matrix: np.ndarray, types: list[str], rows: Rows, signs: np.ndarray) -> Line | None:
    """The straight line through these rows; None where words are among the columns."""
    if sparse.issparse(matrix) or not matrix.shape[1]:
        return None
    return fit_line(matrix[rows.at], types, rows.shares(), signs)


def boost(
    training: xgb.DMatrix,
    parameters: dict[str, object],
    *,
    rounds: int = MOST_ROUNDS,
    watched: xgb.DMatrix | None = None,
    line: Line | None = None,
) -> tuple[xgb.Booster, np.ndarray]:
    """A booster of at most so many rounds, the line's among them, and the loss on `watched` round by round.

    The line's own rounds have no losses of their own: they are infinite, so that no part of it is left out.
    """
    start = None if line is None else write_line(line, training, parameters)
    begun = 0 if start is None else start.num_boosted_rounds()
    if rounds <= begun and start is not None:
        return start, np.array([])
    curve: dict[str, dict[str, list[float]]] = {}
    stop = {} if watched is None else {
        "evals": [(watched, "watched")], "evals_result": curve, "early_stopping_rounds": PATIENCE,
    }  # fmt: skip
    booster = xgb.train(
        {"interaction_constraints": "", **parameters}, training,
        num_boost_round=rounds - begun, xgb_model=start, verbose_eval=False, **stop,
    )  # fmt: skip
    losses = next(iter(curve["watched"].values())) if curve else []
    return booster, np.concatenate([np.full(begun, np.inf), losses])
