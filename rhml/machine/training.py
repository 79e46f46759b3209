"""How a model is fitted: shallow trees on weighted cases, sized and calibrated out-of-fold.

`weights` (n, K) say how much each case counts for each action: an outcome is (1, 0), a posterior label
(.8, .2), a case that teaches nothing (0, 0). Training is deterministic for a seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.core.domain import DecisionDomain
from rhml.core.policy import FOLDS
from rhml.errors import TrainingRefused
from rhml.machine.calibration import Calibration
from rhml.machine.encoding import Encoding
from rhml.machine.model import Model, margins_of

MOST_ROUNDS = 400
PATIENCE = 40
FEW_OUTCOMES = 30
"""With fewer resolved cases than this, posterior labels too decide the size and the calibration."""

MOST_REFERENCE = 20_000
MONOTONE = {"increasing": 1, "decreasing": -1, "any": 0}


@dataclass(frozen=True)
class Material:
    """What a model is fitted on. `by_fold` (F, n, K) replaces `weights` while fold F is held out."""

    encoding: Encoding
    matrix: np.ndarray
    weights: np.ndarray
    truth: np.ndarray
    folds: np.ndarray
    reference: np.ndarray
    by_fold: np.ndarray | None = None

    def without(self, fold: int) -> np.ndarray:
        """The weights to fit with while a fold is held out: its own cases count nothing."""
        weights = self.weights if self.by_fold is None else self.by_fold[fold]
        return np.where((self.folds == fold)[:, None], 0.0, weights)


@dataclass(frozen=True)
class CrossFit:
    """Models that never saw a fold, scored on every case: margins (F, n, K), and what they settled."""

    margins: np.ndarray
    rounds: int
    calibration: Calibration

    def probabilities(self) -> np.ndarray:
        """Calibrated probabilities (F, n, K) by each fold's model."""
        return self.calibration.probabilities(self.margins)

    def own(self, folds: np.ndarray) -> np.ndarray:
        """For each case the probabilities (n, K) of the model that never saw it."""
        return self.calibration.probabilities(self.margins[folds, np.arange(len(folds))])


def train(
    cases: pd.DataFrame, weights: np.ndarray, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> Model:
    """Fit, size and calibrate a model on weighted cases; TrainingRefused if one action has all weight."""
    material = prepare(cases, weights, domain=domain)
    cross = cross_fit(material, domain=domain, seed=seed, nthread=nthread)
    return finish(material, cross, domain=domain, seed=seed, nthread=nthread)


def out_of_fold(
    cases: pd.DataFrame, weights: np.ndarray, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> np.ndarray:
    """Calibrated probabilities (n, K) of each case by a model that never saw its fold."""
    material = prepare(cases, weights, domain=domain)
    return cross_fit(material, domain=domain, seed=seed, nthread=nthread).own(material.folds)


def right_index(cases: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """The index of the action that proved right, −1 while it is unknown."""
    if "right_action" not in cases:
        return np.full(len(cases), -1)
    return pd.Index(domain.action_keys, dtype=object).get_indexer(cases["right_action"].astype(object))


def prepare(
    cases: pd.DataFrame, weights: np.ndarray, *, domain: DecisionDomain, by_fold: np.ndarray | None = None
) -> Material:
    """Encode the cases; resolved ones with any weight are what size and calibration are judged on."""
    weights = np.asarray(weights, dtype=np.float64)
    if (weights.sum(axis=0) > 1e-6).sum() < 2:
        raise TrainingRefused(
            "Every case to learn from points to the same action, so a model could only ever repeat it. "
            "Bring cases in which another action proved right."
        )
    right = right_index(cases, domain)
    resolved = (right >= 0) & (weights.sum(axis=1) > 0)
    truth = weights * resolved[:, None] if resolved.sum() >= FEW_OUTCOMES else weights
    encoding = Encoding.fit(cases[weights.sum(axis=1) > 0], domain.inputs)
    if domain.selective and "explore" in cases:
        # Elsewhere an outcome is only seen after some decisions, so "how often right" would be theirs.
        resolved = resolved & cases["explore"].fillna(False).to_numpy(dtype=bool)
    return Material(
        encoding,
        encoding.matrix(cases),
        weights,
        truth,
        folds_of(cases, weights.sum(axis=1) > 0),
        np.where(resolved, right, -1),
        by_fold,
    )


def folds_of(cases: pd.DataFrame, counts: np.ndarray | None = None) -> np.ndarray:
    """The fold 0 … 4 of each case; dealt out in order where none were drawn, or one holds all that counts."""
    drawn = cases["fold"].to_numpy(dtype=np.int64) % FOLDS if "fold" in cases else np.zeros(len(cases), int)
    used = drawn if counts is None else drawn[counts]
    if len(np.unique(used)) > 1:
        return drawn
    return (np.arange(len(cases)) if counts is None else np.cumsum(counts)) % FOLDS


def cross_fit(material: Material, *, domain: DecisionDomain, seed: int, nthread: int = 1) -> CrossFit:
    """Fit one model per held-out fold, and choose the number of trees that served unseen cases best."""
    boosters, curves, shares = [], [], []
    for fold in range(FOLDS):
        held_out = np.where((material.folds == fold)[:, None], material.truth, 0.0)
        booster, curve = _boost(
            material, material.without(fold), held_out, domain=domain, seed=seed, nthread=nthread
        )
        boosters.append(booster)
        if held_out.sum():
            curves.append(curve)
            shares.append(held_out.sum())
    longest = max(len(curve) for curve in curves)
    padded = [np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in curves]
    rounds = int(np.argmin(np.average(padded, axis=0, weights=shares))) + 1
    actions = len(domain.action_keys)
    margins = np.stack([margins_of(b, material.matrix, actions, rounds=rounds) for b in boosters])
    own = margins[material.folds, np.arange(len(material.folds))]
    known = material.truth.sum(axis=1) > 0
    return CrossFit(margins, rounds, Calibration.fit(own[known], material.truth[known]))


def finish(
    material: Material, cross: CrossFit, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> Model:
    """The final model on all cases, with the size and calibration that cross-fitting settled."""
    booster, _ = _boost(
        material, material.weights, None, domain=domain, seed=seed, nthread=nthread, rounds=cross.rounds
    )
    at = np.flatnonzero(material.reference >= 0)
    at = at[:: max(1, len(at) // MOST_REFERENCE)]
    return Model(
        actions=domain.action_keys,
        encoding=material.encoding,
        calibration=cross.calibration,
        raw=bytes(booster.save_raw("ubj")),
        reference=cross.own(material.folds)[at].astype(np.float32),
        right=material.reference[at].astype(np.int16),
    )


def _boost(
    material: Material,
    weights: np.ndarray,
    held_out: np.ndarray | None,
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
    rounds: int = MOST_ROUNDS,
) -> tuple[xgb.Booster, np.ndarray]:
    training = _data(material, weights, nthread)
    curve: dict[str, dict[str, list[float]]] = {}
    watched = {}
    if held_out is not None and held_out.sum():
        watched = {
            "evals": [(_data(material, held_out, nthread, reference=training), "held_out")],
            "evals_result": curve,
            "early_stopping_rounds": PATIENCE,
            "verbose_eval": False,
        }
    parameters = _parameters(material, weights, domain=domain, seed=seed, nthread=nthread)
    booster = xgb.train(parameters, training, num_boost_round=rounds, **watched)
    losses = next(iter(curve["held_out"].values())) if curve else []
    return booster, np.asarray(losses)


def _data(
    material: Material, weights: np.ndarray, nthread: int, reference: xgb.DMatrix | None = None
) -> xgb.QuantileDMatrix:
    """Weighted rows: with two actions one row of soft label, which has the gradient of the two rows."""
    total = weights.sum(axis=1)
    if weights.shape[1] == 2:
        rows = np.flatnonzero(total > 0)
        label, weight = weights[rows, 0] / total[rows], total[rows]
    else:
        rows, label = np.nonzero(weights > 1e-3)
        weight = weights[rows, label]
    return xgb.QuantileDMatrix(
        material.matrix[rows], label=label, weight=weight, ref=reference, nthread=nthread,
        feature_types=material.encoding.types, enable_categorical=True,
    )  # fmt: skip


def _parameters(
    material: Material, weights: np.ndarray, *, domain: DecisionDomain, seed: int, nthread: int
) -> dict[str, object]:
    rows = int((material.weights.sum(axis=1) > 0).sum())
    effects = {feature.name: feature.effect for feature in domain.inputs}
    parameters: dict[str, object] = {
        "tree_method": "hist",
        "max_depth": 2 if rows < 500 else 3 if rows < 5_000 else 5,
        "learning_rate": 0.05 if rows < 5_000 else 0.1 if rows < 50_000 else 0.2,
        "min_child_weight": 3,
        "reg_lambda": 3,
        "subsample": 0.8,
        "colsample_bytree": 0.8,
        "max_cat_to_onehot": 5,
        "seed": seed,
        "nthread": nthread,
    }
    if len(domain.action_keys) > 2:
        return parameters | {
            "objective": "multi:softprob", "num_class": len(domain.action_keys), "eval_metric": "mlogloss",
        }  # fmt: skip
    share = float(np.clip(weights[:, 0].sum() / weights.sum(), 0.02, 0.98))
    constraints = ",".join(str(MONOTONE[effects[name]]) for name in material.encoding.names)
    return parameters | {
        "objective": "binary:logistic", "eval_metric": "logloss", "base_score": share,
        "monotone_constraints": f"({constraints})",
    }  # fmt: skip
