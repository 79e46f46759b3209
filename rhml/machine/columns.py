"""One feature as the training cases showed it, and its values as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import Feature

MOST_LEVELS = 500
"""Levels beyond the most frequent 500 count as missing: a name seen once teaches nothing."""

EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class Column:
    """What the training cases said about one feature: its range, its usual value, its levels."""

    name: str
    label: str
    kind: str
    levels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    middle: float | None = None
    spread: float = 0.0
    whole: bool = False
    complete: bool = False

    @property
    def type(self) -> str:
        """XGBoost's name for it: 'c' for codes of categories, 'q' for quantities."""
        return "c" if self.levels else "q"

    def plain(self, number: float) -> float | str | bool | None:
        """The value as a person wrote it: a level, yes or no, an ISO date or a number; None if missing."""
        if np.isnan(number):
            return None
        if self.levels:
            return self.levels[int(number)]
        if self.kind == "date":
            return (EPOCH + pd.Timedelta(days=float(number))).date().isoformat()
        return bool(number) if self.kind == "yes_no" else float(number)


def column_of(cases: pd.DataFrame, feature: Feature) -> Column:
    """What the training cases say about a feature."""
    column = Column(feature.name, feature.label or feature.name, feature.kind)
    if feature.kind == "text":
        return replace(
            column, complete=bool(len(cases)) and bool(texts_of(cases, feature.name).notna().all())
        )
    if feature.kind == "category":
        counts = texts_of(cases, feature.name).value_counts()
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:MOST_LEVELS]
        column = Column(column.name, column.label, column.kind, tuple(sorted(str(k) for k, _ in ranked)))
        if ranked:
            column = Column(**{**asdict(column), "middle": float(column.levels.index(str(ranked[0][0])))})
    values = numbers_of(cases, column)
    known = values[~np.isnan(values)]
    facts: dict[str, Any] = {"complete": bool(len(values)) and len(known) == len(values)}
    if len(known) and feature.kind != "category":
        low, tenth, middle, ninetieth, high = np.quantile(known, [0, 0.1, 0.5, 0.9, 1], method="nearest")
        facts |= {"low": float(low), "high": float(high), "middle": float(middle)}
        facts |= {"spread": float(ninetieth - tenth) or float(high - low)}
        facts |= {"whole": bool(np.all(known == np.floor(known)))}
    return Column(**{**asdict(column), **facts})


def texts_of(cases: pd.DataFrame, name: str) -> pd.Series:
    """The texts or words of a feature as objects; missing throughout where the frame lacks the column."""
    if name not in cases:
        return pd.Series([None] * len(cases), dtype=object)
    return cases[name].astype(object)


def numbers_of(cases: pd.DataFrame, column: Column) -> np.ndarray:
    """One column as float64; a column the frame lacks is missing throughout."""
    if column.name not in cases or column.kind == "text":
        return np.full(len(cases), np.nan)
    if column.kind == "category":
        codes = pd.Index(column.levels, dtype=object).get_indexer(texts_of(cases, column.name))
        return np.where(codes < 0, np.nan, codes).astype(np.float64)
    if column.kind == "date":
        days = (pd.to_datetime(cases[column.name]) - EPOCH) / pd.Timedelta(days=1)
        return days.to_numpy(np.float64, na_value=np.nan)
    return pd.to_numeric(cases[column.name], errors="coerce").to_numpy(np.float64, na_value=np.nan)


def remarks_on(cases: pd.DataFrame, column: Column) -> Iterable[tuple[int, str]]:
    """Rows with a sentence on what the model has not seen of this feature; texts are read elsewhere."""
    if column.kind == "text":
        return
    values = numbers_of(cases, column)
    absent = np.isnan(values)
    if column.kind == "category" and column.name in cases:
        written = texts_of(cases, column.name)
        for row in np.flatnonzero(absent & written.notna().to_numpy()):
            yield (
                int(row),
                (
                    f"{column.label}: “{written.iloc[row]}” is not among the values the model learned from; "
                    "it counts as missing."
                ),
            )
        absent = written.isna().to_numpy()
    if column.complete:
        for row in np.flatnonzero(absent):
            yield int(row), f"{column.label} is missing here, and was always known in the training cases."
    if column.low is None or column.high is None or column.kind == "yes_no":
        return
    for row in np.flatnonzero(values < column.low):
        yield int(row), _beyond(column, values[row], "below", "lowest", column.low)
    for row in np.flatnonzero(values > column.high):
        yield int(row), _beyond(column, values[row], "above", "highest", column.high)


def _beyond(column: Column, value: float, side: str, extreme: str, limit: float) -> str:
    said, end = (
        f"{v:,.10g}" if column.kind == "number" else str(column.plain(float(v))) for v in (value, limit)
    )
    return f"{column.label}: {said} is {side} anything the model learned from ({extreme} {end})."
