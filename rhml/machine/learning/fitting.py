"""How a model is fitted: shallow trees on weighted cases, sized and calibrated out-of-fold.

`weights` (n, K) say how much each case counts for each action: an outcome is (1, 0), a posterior label
(.8, .2), a case that teaches nothing (0, 0). Training is deterministic for a seed. With few cases the trees
start from a straight line where that foretells unseen cases better; with many, the models that only size,
calibrate and check learn from a sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.core.domain import DecisionDomain
from rhml.core.policy import FOLDS
from rhml.machine.calibration import Calibration
from rhml.machine.learning.boosting import Rows, boost, data, line_of
from rhml.machine.learning.material import Material, prepare
from rhml.machine.learning.settings import bins_for, parameters_of
from rhml.machine.model import Model, margins_of
from rhml.machine.texts.cross_reading import without as as_read_without

LINE_ROWS = 10_000
"""With more rows than this the trees find a straight line by themselves."""

FOLD_OUTCOMES = 10_000
"""With twice as many outcomes or more the folds' models learn from every second, third … case."""

WATCHED = 20
"""Then every 20th outcome sizes and calibrates the final model itself."""

MOST_WATCHED = 10_000
MOST_REFERENCE = 20_000


@dataclass(frozen=True, eq=False)
class CrossFit:
    """One model a fold that never saw it, and what they settled: size, calibration, whether a line helps.

    `margins` (n, K) are each case's raw scores by the model of its own fold.
    """

    boosters: tuple[xgb.Booster, ...]
    margins: np.ndarray
    rounds: int
    calibration: Calibration
    line: bool

    @property
    def own(self) -> np.ndarray:
        """For each case the probabilities (n, K) of the model that never saw it."""
        return self.calibration.probabilities(self.margins)

    def everywhere(self, material: Material) -> np.ndarray:
        """Probabilities (F, n, K) by each fold's model, also of cases that it saw."""
        actions = self.margins.shape[1]
        return np.stack(
            [
                self.calibration.probabilities(
                    margins_of(booster, as_read_without(material, fold).matrix, actions, rounds=self.rounds)
                )
                for fold, booster in enumerate(self.boosters)
            ]
        )


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
    return cross_fit(material, domain=domain, seed=seed, nthread=nthread).own


def cross_fit(
    material: Material, *, domain: DecisionDomain, seed: int, nthread: int = 1, line: bool | None = None
) -> CrossFit:
    """Fit one model per held-out fold, and choose the number of trees that served unseen cases best.

    `line` says whether to start from a straight line; None tries both where the cases are few.
    """
    given = {"domain": domain, "seed": seed, "nthread": nthread}
    if line is None and material.rows <= LINE_ROWS:
        tried = [_fold_models(material, start, **given) for start in (False, True)]
        line = bool(tried[1][2] < tried[0][2])
        boosters, rounds, _ = tried[line]
    else:
        boosters, rounds, _ = _fold_models(material, bool(line), **given)
    margins = np.zeros(material.weights.shape)
    for fold, booster in enumerate(boosters):
        mine = np.flatnonzero(material.folds == fold)
        if len(mine):
            seen = as_read_without(material, fold).matrix[mine]
            margins[mine] = margins_of(booster, seen, margins.shape[1], rounds=rounds)
    known = material.truth.sum(axis=1) > 0
    calibration = Calibration.fit(margins[known], material.truth[known])
    return CrossFit(tuple(boosters), margins, rounds, calibration, bool(line))


def _fold_models(
    material: Material, line: bool, *, domain: DecisionDomain, seed: int, nthread: int
) -> tuple[list[xgb.Booster], int, float]:
    """The folds' models, the number of trees that served their held-out cases best, and the loss with it."""
    every = _every(material)
    boosters, curves, shares = [], [], []
    for fold in range(FOLDS):
        held_out = np.where((material.folds == fold)[:, None], material.truth, 0.0)
        booster, curve = _fit(
            as_read_without(material, fold), material.without(fold), held_out if held_out.sum() else None,
            domain=domain, seed=seed + fold, nthread=nthread, line=line, every=every,
        )  # fmt: skip
        boosters.append(booster)
        if held_out.sum():
            curves.append(curve)
            shares.append(held_out.sum())
    longest = max(len(curve) for curve in curves)
    padded = [np.pad(curve, (0, longest - len(curve)), mode="edge") for curve in curves]
    losses = np.average(padded, axis=0, weights=shares)
    return boosters, int(np.argmin(losses)) + 1, float(losses.min())


def finish(
    material: Material, cross: CrossFit, *, domain: DecisionDomain, seed: int, nthread: int = 1
) -> Model:
    """The final model on all cases, with the size and calibration that cross-fitting settled.

    With many cases it settles them itself, on a twentieth of the outcomes that it does not learn from.
    """
    given = {"domain": domain, "seed": seed, "nthread": nthread, "line": cross.line}
    known = np.flatnonzero(material.truth.sum(axis=1) > 0)
    if _every(material) == 1:
        booster, _ = _fit(material, material.weights, None, rounds=cross.rounds, **given)
        return _model(material, cross, booster, cross.calibration, domain)
    apart = known[:: max(WATCHED, len(known) // MOST_WATCHED)]
    weights, held_out = material.weights.copy(), np.zeros_like(material.truth)
    weights[apart], held_out[apart] = 0.0, material.truth[apart]
    booster, curve = _fit(material, weights, held_out, **given)
    booster = booster[: int(np.argmin(curve)) + 1]
    margins = margins_of(booster, material.matrix[apart], weights.shape[1])
    return _model(material, cross, booster, Calibration.fit(margins, material.truth[apart]), domain)


def fold_models(material: Material, cross: CrossFit, *, domain: DecisionDomain) -> tuple[Model, ...]:
    """The models of the five folds, each of another seed and without another fifth of the cases."""
    return tuple(
        _model(
            material,
            cross,
            booster[: min(cross.rounds, booster.num_boosted_rounds())],
            cross.calibration,
            domain,
        )
        for booster in cross.boosters
    )


def _model(
    material: Material,
    cross: CrossFit,
    booster: xgb.Booster,
    calibration: Calibration,
    domain: DecisionDomain,
) -> Model:
    at = np.flatnonzero(material.reference >= 0)
    at = at[:: max(1, len(at) // MOST_REFERENCE)]
    return Model(
        actions=domain.action_keys,
        encoding=material.encoding,
        calibration=calibration,
        raw=bytes(booster.save_raw("ubj")),
        reference=cross.own[at].astype(np.float32),
        right=material.reference[at].astype(np.int16),
    )


def _fit(
    material: Material,
    weights: np.ndarray,
    held_out: np.ndarray | None,
    *,
    domain: DecisionDomain,
    seed: int,
    nthread: int,
    line: bool,
    every: int = 1,
    **size: int,
) -> tuple[xgb.Booster, np.ndarray]:
    """One fit, on every so many-th case, and its losses on held-out ones; `size` may fix the rounds."""
    types, rows = material.encoding.types, Rows.of(weights, every)
    parameters = parameters_of(material, weights, domain=domain, seed=seed, nthread=nthread)
    parameters["max_bin"] = bins = bins_for(len(rows.at))
    training = data(material.matrix, types, rows, nthread, bins=bins)
    watched = None
    if held_out is not None:
        some = Rows.of(held_out, 1 + int((held_out.sum(axis=1) > 0).sum()) // MOST_WATCHED)
        watched = data(material.matrix, types, some, nthread, bins=bins, reference=training)
    start = line_of(material.matrix, types, rows, material.signs(domain)) if line else None
    return boost(training, parameters, watched=watched, line=start, **size)


def _every(material: Material) -> int:
    """One case in how many the folds' models learn from; the same with and without posterior labels."""
    return max(1, int((material.truth.sum(axis=1) > 0).sum()) // FOLD_OUTCOMES)
