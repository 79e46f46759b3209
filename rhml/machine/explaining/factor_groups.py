"""Which factors tell the model the same, so that a card shows them as one line.

Two factors are grouped where each foretells most of what the other alone says about the model's score:
`shap.utils.hclust` on a sample of the training cases (complete linkage, so every two of a group are alike).
Points of such factors are shared between them almost by chance, their sum is not.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.machine.model import Model

SAMPLE = 1_000
BINS = 12

ALIKE = 0.4
"""The share of what one factor says that the other may leave untold; 0.4 is a correlation of about .8."""

LARGEST = 5
"""A line names at most so many factors; the most alike are put together first."""

SUSPECTS = 16
"""Factors given to the clustering, which trains a small model for every two of them."""

SILENT = 1e-3
"""The share of the score's variance below which a factor alone says nothing worth grouping."""


def factor_groups(model: Model, cases: pd.DataFrame, *, seed: int = 0) -> tuple[tuple[str, ...], ...]:
    """Groups of two or more features that say the same, in the model's order; deterministic for a seed."""
    some = cases.iloc[:: max(1, -(-len(cases) // SAMPLE))]
    if len(some) < 5 * BINS:
        return ()
    score = _score(model, some)
    values = _ordered(model, some, score)
    suspects = _suspects(values, score)
    if len(suspects) < 2:
        return ()
    names = np.asarray(model.features, dtype=object)[suspects]
    return tuple(
        tuple(names[sorted(group)]) for group in _clusters(values[:, suspects], score, seed)
    )  # fmt: skip


def _score(model: Model, cases: pd.DataFrame) -> np.ndarray:
    """The model's raw score; of several, the direction in which they differ most. Unit variance."""
    margins = model.margins(model.encoding.matrix(cases))
    centred = margins - margins.mean(axis=0)
    score = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    return score / (score.std() or 1.0)


def _ordered(model: Model, cases: pd.DataFrame, score: np.ndarray) -> np.ndarray:
    """Values as numbers whose order means something: levels by their mean score; a text says nothing here.

    A missing value stands in the middle: factors that are merely missing together do not say the same.
    """
    values = np.zeros((len(cases), len(model.features)))
    given = model.encoding.values(cases)
    for at, column in enumerate(model.encoding.columns):
        if column.kind == "text":
            continue
        values[:, at] = given[:, at]
        if column.levels:
            known = ~np.isnan(given[:, at])
            codes = given[known, at].astype(np.int64)
            counts = np.bincount(codes, minlength=len(column.levels))
            means = np.bincount(codes, score[known], len(column.levels)) / np.maximum(counts, 1)
            values[known, at] = np.argsort(np.argsort(means, kind="stable"), kind="stable")[codes]
        absent = np.isnan(values[:, at])
        values[absent, at] = 0.0 if absent.all() else np.median(values[~absent, at])
    return values


def _suspects(values: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Places of features that foretell, and are foretold by, another's part in the score.

    What a bin of one feature says of the score, and how much of that a bin of the other explains: the
    measure of the clustering, cheap, and generous.
    """
    bins = [_bins(column) for column in values.T]
    told = np.column_stack([_means(which, score) for which in bins])
    loud = told.var(axis=0) > SILENT
    shared = np.zeros((len(bins), len(bins)))
    for i in np.flatnonzero(loud):
        for j in np.flatnonzero(loud):
            if i != j:
                shared[i, j] = _means(bins[j], told[:, i]).var() / told[:, i].var()
    both = np.minimum(shared, shared.T)
    places = np.argsort(-both.max(axis=1), kind="stable")[:SUSPECTS]
    return np.sort(places[both.max(axis=1)[places] > 1 - ALIKE - 0.15])


def _bins(column: np.ndarray) -> np.ndarray:
    """Which of a dozen equally full parts each value lies in."""
    return np.searchsorted(np.unique(np.quantile(column, np.arange(1, BINS) / BINS)), column, side="right")


def _means(which: np.ndarray, score: np.ndarray) -> np.ndarray:
    return (np.bincount(which, score) / np.maximum(np.bincount(which), 1))[which]


def _clusters(values: np.ndarray, score: np.ndarray, seed: int) -> list[list[int]]:
    """Join the most alike first, up to the cut-off and the largest size; the joined ones, by place."""
    from shap.utils import hclust  # seconds to import, and needed where a model is trained alone

    with xgb.config_context(nthread=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a factor without signal is warned of, and left alone all the same
        joined = hclust(values, score, linkage="complete", metric="xgboost_distances_r2", random_state=seed)
    groups: dict[int, list[int]] = {at: [at] for at in range(values.shape[1])}
    for step, (one, other, distance, _) in enumerate(joined):
        ours, theirs = groups.get(int(one)), groups.get(int(other))
        if distance <= ALIKE and ours and theirs and len(ours) + len(theirs) <= LARGEST:
            groups[values.shape[1] + step] = groups.pop(int(one)) + groups.pop(int(other))
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)
