"""What the cases of a row are like, as numbers, so that two periods are compared on like cases.

The strata are the recommended action times five bands of its confidence, and the segments. A confidence
means what the version that gave it means, so where several versions were live only differences *within* a
version count as differences of cases; the frozen probabilities of one reference model, if given, need no
such care and take their place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.reports.bands import segment_names
from rhml.reports.calls import Calls

BANDS = 5


@dataclass(frozen=True, eq=False)
class CaseMix:
    """Numbers that say what each row's case is like, and what they are, in words."""

    columns: np.ndarray
    words: tuple[str, ...]


def case_mix(calls: Calls, model_scores: pd.DataFrame | None = None) -> CaseMix:
    """The case mix of all rows.

    model_scores: case_id and p_<action> of one frozen model that did not learn from these cases.
    """
    parts, words = [], []
    if model_scores is not None:
        parts.append(_reference(calls, model_scores))
        words.append("the reference model's recommendation and its confidence in five bands")
    elif (calls.recommended >= 0).any():
        version = pd.factorize(calls.rows["model_version"], use_na_sentinel=False)[0]
        confidence = calls.rows["recommended_confidence"].to_numpy(float)
        parts.append(_within(version, _strata(calls.recommended, confidence)))
        several = " within each model version" if version.max() else ""
        words.append(f"the recommended action and its confidence in five bands{several}")
    for column in calls.domain.segment_columns:
        parts.append(_dummies(pd.factorize(segment_names(calls.rows, column, calls.domain))[0]))
        words.append(calls.domain.feature(column).label or column)
    filled = [part for part in parts if part.shape[1]]
    return CaseMix(np.hstack(filled) if filled else np.zeros((len(calls), 0)), tuple(words))


def _reference(calls: Calls, scores: pd.DataFrame) -> np.ndarray:
    scores = scores.drop_duplicates("case_id").set_index("case_id")
    columns = [f"p_{key}" for key in calls.domain.action_keys]
    p = scores[columns].reindex(calls.rows["case_id"]).to_numpy(float)
    known = ~np.isnan(p).any(axis=1)
    filled = np.where(known[:, None], p, 0)
    action = np.where(known, filled.argmax(axis=1), -1)
    return _strata(action, np.where(known, filled.max(axis=1), np.nan))


def _strata(action: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """A column for each action × band, and the confidence itself for what differs within a band."""
    known = ~np.isnan(confidence)
    band = np.zeros(len(action), np.int64)
    for one in np.unique(action[known]):
        rows = known & (action == one)
        edges = np.quantile(confidence[rows], np.arange(1, BANDS) / BANDS)
        band[rows] = 1 + np.searchsorted(edges, confidence[rows])
    strata = pd.factorize(action * (BANDS + 1) + band)[0]
    return np.column_stack([_dummies(strata), np.where(known, confidence, 0.0)])


def _dummies(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float) if len(codes) else np.zeros((0, 0))


def _within(version: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The columns without the differences between versions."""
    counts = np.bincount(version)
    means = np.stack([np.bincount(version, column) / counts for column in columns.T], axis=1)
    return columns - means[version]
