"""How hard each case is, told by cases and people other than the case itself; for measuring people only.

Two yardsticks, both cross-fitted by case, so that no case's own outcome or call is in its own number: what small trees
learned from outcomes say of the case, and how often people's unaided calls on like cases prove right. The second
is learned from what is left of each call when its manager's level in that half of the time is taken out, so that neither
better people nor learning passes for easier cases. Neither is ever shown with a case.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.core.domain import DecisionDomain, Feature
from rhml.core.policy import FOLDS
from rhml.machine.encoding import Encoding
from rhml.machine.learning.material import folds_of, right_index

MOST = 5_000
"""Cases that the yardsticks learn from; of more, every second, third … one."""

FEWEST = 100
ROUNDS, BINS = 60, 64
PEOPLE, FACT = "people", "fact_"
MOST_FACTS, MOST_LEVELS, FARTHEST = 60, 8, 4.0


def difficulty(
    cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> pd.DataFrame | None:
    """A row a resolved case: case_id, p_<action> of the reference, `people`, and the case's facts as numbers
    (`fact_0` …); None where nothing tells.

    calls: case_id, right (0/1), whose (a code of the manager and half of the time), one row an unaided call.
    """
    features = tuple(f for f in domain.inputs if _timeless(f))
    right = right_index(cases, domain)
    known, right = cases[right >= 0].reset_index(drop=True), right[right >= 0]
    if len(known) < FEWEST or not features or len(np.unique(right)) < 2:
        return None
    encoding = Encoding.fit(known, features)
    matrix, folds = encoding.matrix(known), folds_of(known).copy()
    learned = np.arange(0, len(known), -(-len(known) // MOST))
    given = {"types": encoding.types, "folds": folds, "seed": seed, "nthread": nthread}
    p = _foretold(matrix, right, np.ones(len(known)), learned, actions=len(domain.action_keys), **given)
    found = known[["case_id"]].assign(
        **{f"p_{key}": p[:, k] for k, key in enumerate(domain.action_keys)},
        **{f"{FACT}{k}": column for k, column in enumerate(_facts(matrix, encoding.types)[:MOST_FACTS])},
    )

    of_truth = np.column_stack([matrix, p[np.arange(len(known)), right].astype(np.float32)])
    left, heard = _left_of_calls(calls, known["case_id"])
    at = np.flatnonzero(heard > 0)
    if len(at) < FEWEST:
        return found.assign(**{PEOPLE: 0.0})
    given["types"] = [*encoding.types, "float"]
    at = at[:: -(-len(at) // MOST)]
    return found.assign(**{PEOPLE: _foretold(of_truth, left, heard, at, actions=0, **given)[:, 0]})


def _timeless(feature: Feature) -> bool:
    """Dates would say when a case came; texts would take minutes to read."""
    return feature.kind not in ("date", "text")


def _facts(matrix: np.ndarray, types: list[str]) -> list[np.ndarray]:
    """Plain columns for a regression: numbers in standard units, and their squares; the commonest categories."""
    found = []
    for column, kind in zip(matrix.T, types, strict=True):
        missing = np.isnan(column)
        if kind == "c":
            levels, counts = np.unique(column[~missing], return_counts=True)
            common = levels[np.argsort(-counts, kind="stable")][1:MOST_LEVELS]
            found.extend((column == level).astype(np.float32) for level in common)
        else:
            low, middle, high = (
                np.quantile(column[~missing], (0.16, 0.5, 0.84)) if not missing.all() else (0,) * 3
            )
            wide = (high - low) / 2 or float(np.nanstd(column)) or 1.0
            z = np.where(missing, 0, np.clip((column - middle) / wide, -FARTHEST, FARTHEST))
            found.extend((z, z**2))
        if missing.any():
            found.append(missing.astype(np.float32))
    return found


def _left_of_calls(calls: pd.DataFrame, case_ids: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """How much more often than its managers' usual each case was called right, and by how many."""
    level = calls.groupby("whose")["right"].transform("mean")
    left = (calls["right"] - level).groupby(calls["case_id"]).agg(["mean", "size"]).reindex(case_ids)
    return left["mean"].fillna(0).to_numpy(float), left["size"].fillna(0).to_numpy(float)


def _foretold(
    matrix: np.ndarray, label: np.ndarray, weight: np.ndarray, learned: np.ndarray, *, actions: int,
    types: list[str], folds: np.ndarray, seed: int, nthread: int,
) -> np.ndarray:  # fmt: skip
    """What trees that never saw a case's fold say of it: (n, actions), or (n, 1) of a number for 0 actions."""
    parameters = {**_TREES, **_objective(actions), "nthread": nthread}
    found = np.zeros((len(matrix), max(actions, 1)))
    for fold in range(FOLDS):
        rows, mine = learned[folds[learned] != fold], folds == fold
        if not len(rows) or not mine.any():
            continue
        training = xgb.QuantileDMatrix(
            matrix[rows], label=label[rows], weight=weight[rows], feature_types=types,
            enable_categorical=True, nthread=nthread, max_bin=BINS,
        )  # fmt: skip
        booster = xgb.train(parameters | {"seed": seed + fold}, training, ROUNDS)
        said = booster.inplace_predict(matrix[mine], validate_features=False).reshape(mine.sum(), -1)
        found[mine] = np.hstack([1 - said, said]) if actions == 2 else said
    return found


def _objective(actions: int) -> dict[str, object]:
    if actions == 0:
        return {"objective": "reg:squarederror", "base_score": 0.0}
    if actions == 2:
        return {"objective": "binary:logistic"}
    return {"objective": "multi:softprob", "num_class": actions}


_TREES = {
    "max_depth": 3,
    "learning_rate": 0.12,
    "min_child_weight": 5,
    "reg_lambda": 5,
    "subsample": 0.8,
    "max_bin": BINS,
}
