"""What the cases of a row are like, as numbers, so that two periods are compared on like cases.

The strata are the recommended action times five bands of its confidence, and the segments. A confidence
means what the version that gave it means, so where several versions were live only differences *within* a
version are known to be differences of cases. What happened between versions is then read in two ways: the
cases stayed the same from version to version, or the drift seen within versions went on across them
(linear in time); a change must hold under both. The frozen probabilities of one reference model, if
given, need no such care and take their place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import Feature
from rhml.reports.calls import Calls
from rhml.stats.bands import OTHER, segment_names

WHEN = frozenset(("phase", "block", "session", "round", "wave", "sitting"))
BANDS = 5
LEVELS = 12


@dataclass(frozen=True, eq=False)
class CaseMix:
    """Numbers that say what each row's case is like, in one or two readings, and what they are, in words."""

    readings: tuple[np.ndarray, ...]
    words: tuple[str, ...]


def case_mix(calls: Calls, model_scores: pd.DataFrame | None = None) -> CaseMix:
    """The case mix of all rows.

    model_scores: case_id and p_<action> of one frozen model that did not learn from these cases.
    """
    advised = calls.recommended >= 0
    shown, words = [np.zeros((len(calls), 0))], []
    if model_scores is not None:
        shown = [_reference(calls, model_scores)]
        words.append("the reference model's recommendation and its confidence in five bands")
    elif advised.any():
        version = pd.factorize(calls.rows["model_version"], use_na_sentinel=False)[0]
        shown_at = strata(calls.recommended, calls.rows["recommended_confidence"].to_numpy(float))
        shown = (
            [shown_at]
            if version.max() == 0
            else _between(version, shown_at, pd.to_datetime(calls.rows["decided_at"]), advised)
        )
        several = ", within each model version" if version.max() else ""
        words.append(f"the recommended action and its confidence in five bands{several}")
    named, labels = segments(calls)
    return CaseMix(tuple(np.hstack([one, *named]) for one in shown), (*words, *labels))


def segments(calls: Calls) -> tuple[list[np.ndarray], list[str]]:
    """A column for each of the commonest segments, and the labels of what they split by."""
    found, words = [], []
    for column in calls.domain.segment_columns:
        feature = calls.domain.feature(column)
        if not says_when(feature):
            found.append(dummies(_common(segment_names(calls.rows, column, calls.domain))))
            words.append(feature.label or column)
    return found, words


def says_when(feature: Feature) -> bool:
    """Whether a feature tells the place in an order rather than what a case is like, by its name.

    Taking such a column out would take out the very change that is looked for.
    """
    return not WHEN.isdisjoint(re.split(r"[^a-z]+", f"{feature.name} {feature.label}".lower()))


def _reference(calls: Calls, scores: pd.DataFrame) -> np.ndarray:
    scores = scores.drop_duplicates("case_id").set_index("case_id")
    columns = [f"p_{key}" for key in calls.domain.action_keys]
    p = scores[columns].reindex(calls.rows["case_id"]).to_numpy(float)
    known = ~np.isnan(p).any(axis=1)
    filled = np.where(known[:, None], p, 0)
    action = np.where(known, filled.argmax(axis=1), -1)
    return strata(action, np.where(known, filled.max(axis=1), np.nan))


def strata(action: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """A column for each action × band, and the confidence itself for what differs within a band."""
    known = ~np.isnan(confidence)
    band = np.zeros(len(action), np.int64)
    for one in np.unique(action[known]):
        rows = known & (action == one)
        edges = np.quantile(confidence[rows], np.arange(1, BANDS) / BANDS)
        band[rows] = 1 + np.searchsorted(edges, confidence[rows])
    strata = pd.factorize(action * (BANDS + 1) + band)[0]
    return np.column_stack([dummies(strata), np.where(known, confidence, 0.0)])


def _common(names: pd.Series) -> np.ndarray:
    """Codes of the commonest levels; the rest are one, as they are too rare to shift a period."""
    counts = names.value_counts()
    return pd.factorize(names.where(names.isin(counts.index[: LEVELS - 1]), OTHER))[0]


def dummies(codes: np.ndarray) -> np.ndarray:
    return (codes[:, None] == np.arange(1, codes.max() + 1)).astype(float) if len(codes) else np.zeros((0, 0))


def _between(
    version: np.ndarray, columns: np.ndarray, times: pd.Series, advised: np.ndarray
) -> list[np.ndarray]:
    """The columns without the differences between versions; and with those that a steady drift makes."""
    days = (times - times.min()).dt.total_seconds().fillna(0).to_numpy() / 86_400
    middle = _means(version, days[:, None])
    within, passed = columns - _means(version, columns), (days[:, None] - middle) * advised[:, None]
    spread = float((passed**2).sum())
    if spread == 0:
        return [within]
    drift = (passed * within).sum(axis=0) / spread
    return [within, within + (middle - days.mean()) * drift]


def _means(version: np.ndarray, columns: np.ndarray) -> np.ndarray:
    counts = np.bincount(version)
    means = np.stack([np.bincount(version, column) / counts for column in columns.T], axis=1)
    return means[version]
