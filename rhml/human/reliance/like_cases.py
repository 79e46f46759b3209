"""What the cases of a row are like, in several readings: a change of people must show under every one of them.

No reading is right everywhere. Without the model's view, harder cases look like lost skill; with it, a better
version does, because its confidence and its hits rise while the cases stay what they were. The facts of the case
itself depend on no version, and not every domain holds the ones that matter. So a fall is only called one if it
stays in all the readings that there are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from rhml.core.domain import DecisionDomain
from rhml.human.reliance.calls import FITTED, Rows

BANDS = 5
LEVELS = 8
MOST_COLUMNS = 40


def readings(rows: Rows, domain: DecisionDomain) -> dict[str, np.ndarray]:
    """Numbers that say what each row's case is like, by the name of the reading; (rows, k) each."""
    plain, facts = segments(rows, domain), _facts(rows.frame, domain)
    found = {"the facts of the case": np.hstack([plain, facts, _clarity(rows, np.hstack([plain, facts]))])}
    if (rows.shown >= 0).any():
        # Within one version its hits tell more of a case's difficulty; of several, their quality.
        version = pd.factorize(rows.frame["model_version"], use_na_sentinel=False)[0]
        hit = ((rows.shown == rows.right) & (rows.shown >= 0)).astype(float)
        found["the model's view"] = np.column_stack([confidence_bands(rows), plain, _within(hit, version)])
    return found


def _clarity(rows: Rows, facts: np.ndarray) -> np.ndarray:
    """How clearly the facts speak for one action, and for which, by a regression on the outcomes of the baseline.

    Fitted once on the first outcomes, so that a later look does not change an earlier one.
    """
    first = np.flatnonzero(rows.judged)[:FITTED]
    right = rows.right[first]
    if not facts.shape[1] or len(first) < 10 * facts.shape[1] or len(np.unique(right)) < 2:
        return np.zeros((len(rows), 0))
    fitted = LogisticRegression(C=1.0, max_iter=200).fit(facts[first], right)
    chances = fitted.predict_proba(facts)
    clear, named = chances.max(axis=1), chances.argmax(axis=1)
    band = np.searchsorted(np.quantile(clear[first], np.arange(1, BANDS) / BANDS), clear)
    return np.column_stack([dummies(pd.factorize(named * BANDS + band)[0]), clear])


def confidence_bands(rows: Rows) -> np.ndarray:
    """A column for each recommended action × band of its confidence, and the confidence itself."""
    stated = rows.frame["recommended_confidence"].to_numpy(float)
    known = ~np.isnan(stated)
    band = np.zeros(len(rows), np.int64)
    for action in np.unique(rows.shown[known]):
        there = known & (rows.shown == action)
        edges = np.quantile(stated[there][:FITTED], np.arange(1, BANDS) / BANDS)
        band[there] = 1 + np.searchsorted(edges, stated[there])
    codes = pd.factorize(rows.shown * (BANDS + 1) + band)[0]
    return np.column_stack([dummies(codes), np.where(known, stated, 0.0)])


def segments(rows: Rows, domain: DecisionDomain) -> np.ndarray:
    """A column for each common level of the domain's segments; numbers in five bands."""
    parts = [np.zeros((len(rows), 0))]
    for name in domain.segment_columns:
        if name in rows.frame:
            parts.append(dummies(_levels(rows.frame[name])))
    return np.hstack(parts)


def _facts(frame: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """Numbers in standard deviations, levels of categories; only what the frame holds."""
    parts = []
    for feature in domain.features:
        if feature.name not in frame or feature.name in domain.segment_columns:
            continue
        if feature.kind in ("number", "yes_no"):
            values = frame[feature.name].to_numpy(float)
            first = values[:FITTED][np.isfinite(values[:FITTED])]
            if len(first) and np.ptp(first) > 0:
                scaled = np.clip(np.nan_to_num((values - first.mean()) / first.std()), -4, 4)
                parts.append(scaled[:, None])
        elif feature.kind == "category":
            parts.append(dummies(_levels(frame[feature.name])))
    found = np.hstack(parts) if parts else np.zeros((len(frame), 0))
    return found[:, :MOST_COLUMNS]


def _levels(column: pd.Series) -> np.ndarray:
    """Codes of the commonest levels, the rest as one; a number falls into five bands of the first rows."""
    if pd.api.types.is_float_dtype(column) and column.iloc[:FITTED].nunique() > LEVELS:
        edges = np.nanquantile(column.iloc[:FITTED], np.arange(1, BANDS) / BANDS)
        return np.where(column.isna(), 0, 1 + np.searchsorted(edges, column))
    counts = column.iloc[:FITTED].value_counts()
    return pd.factorize(column.where(column.isin(counts.index[: LEVELS - 1]), None), use_na_sentinel=False)[0]


def dummies(codes: np.ndarray) -> np.ndarray:
    """One column of 0 and 1 for each code but the first."""
    width = int(codes.max()) + 1 if len(codes) else 1
    return (codes[:, None] == np.arange(1, width)).astype(float)


def _within(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """The values less the mean of their group."""
    counts = np.maximum(np.bincount(groups), 1) if len(groups) else np.ones(1)
    return values - (np.bincount(groups, values) / counts)[groups] if len(groups) else values
