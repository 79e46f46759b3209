"""How the facts of a case become numbers for the model, and what must be said when they do not fit.

Categories become codes that XGBoost splits natively, so an explanation names the original category.

>>> import pandas as pd
>>> from rhml.core.domain import Feature
>>> cases = pd.DataFrame({"region": ["north", "south", None]})
>>> encoding = Encoding.fit(cases, (Feature(name="region", label="Region", kind="category"),))
>>> encoding.matrix(pd.DataFrame({"region": ["south", "moon"]})).tolist()
[[1.0], [nan]]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import Feature

MOST_LEVELS = 500
"""Levels beyond the most frequent 500 count as missing: a name seen once teaches nothing."""

EPOCH = pd.Timestamp("1970-01-01")
LARGEST = float(np.finfo(np.float32).max)


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


@dataclass(frozen=True)
class Encoding:
    """The columns a model reads, in order, as the training cases showed them."""

    columns: tuple[Column, ...]

    @classmethod
    def fit(cls, cases: pd.DataFrame, features: tuple[Feature, ...]) -> Encoding:
        """Learn levels, ranges and usual values; features that no model reads are left out."""
        return cls(tuple(_column(cases, feature) for feature in features if feature.is_input))

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names in the order of the matrix."""
        return tuple(column.name for column in self.columns)

    @property
    def types(self) -> list[str]:
        """XGBoost's feature types in the same order."""
        return [column.type for column in self.columns]

    @property
    def typical(self) -> dict[str, float | str | bool | None]:
        """The median of each number or date and the most frequent of each category."""
        return {c.name: None if c.middle is None else c.plain(c.middle) for c in self.columns}

    def values(self, cases: pd.DataFrame) -> np.ndarray:
        """Float64 (cases, features): codes, numbers, days since 1970; NaN where missing or unseen."""
        columns = [_numbers(cases, column) for column in self.columns]
        return np.column_stack(columns) if columns else np.zeros((len(cases), 0))

    def matrix(self, cases: pd.DataFrame) -> np.ndarray:
        """The same as float32, which is what the trees read."""
        return single(self.values(cases))

    def notes(self, cases: pd.DataFrame) -> list[tuple[str, ...]]:
        """For each case, sentences on what the model has not seen: levels, gaps, values out of range."""
        said: list[list[str]] = [[] for _ in range(len(cases))]
        for column in self.columns:
            for row, sentence in _remarks(cases, column):
                said[row].append(sentence)
        return [tuple(sentences) for sentences in said]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"columns": [asdict(column) for column in self.columns]}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Encoding:
        """The inverse of `to_dict`; KeyError or TypeError on anything else."""
        return cls(tuple(Column(**{**c, "levels": tuple(c["levels"])}) for c in plain["columns"]))


def single(values: np.ndarray) -> np.ndarray:
    """Values as float32; what is beyond its range stays at its end."""
    return np.clip(values, -LARGEST, LARGEST).astype(np.float32)


def _column(cases: pd.DataFrame, feature: Feature) -> Column:
    column = Column(feature.name, feature.label or feature.name, feature.kind)
    if feature.kind == "category":
        counts = _texts(cases, feature.name).value_counts()
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:MOST_LEVELS]
        column = Column(column.name, column.label, column.kind, tuple(sorted(str(k) for k, _ in ranked)))
        if ranked:
            column = Column(**{**asdict(column), "middle": float(column.levels.index(str(ranked[0][0])))})
    values = _numbers(cases, column)
    known = values[~np.isnan(values)]
    facts: dict[str, Any] = {"complete": bool(len(values)) and len(known) == len(values)}
    if len(known) and feature.kind != "category":
        low, tenth, middle, ninetieth, high = np.quantile(known, [0, 0.1, 0.5, 0.9, 1], method="nearest")
        facts |= {"low": float(low), "high": float(high), "middle": float(middle)}
        facts |= {"spread": float(ninetieth - tenth) or float(high - low)}
        facts |= {"whole": bool(np.all(known == np.floor(known)))}
    return Column(**{**asdict(column), **facts})


def _texts(cases: pd.DataFrame, name: str) -> pd.Series:
    if name not in cases:
        return pd.Series([None] * len(cases), dtype=object)
    return cases[name].astype(object)


def _numbers(cases: pd.DataFrame, column: Column) -> np.ndarray:
    """One column as float64; a column the frame lacks is missing throughout."""
    if column.name not in cases:
        return np.full(len(cases), np.nan)
    if column.kind == "category":
        codes = pd.Index(column.levels, dtype=object).get_indexer(_texts(cases, column.name))
        return np.where(codes < 0, np.nan, codes).astype(np.float64)
    if column.kind == "date":
        days = (pd.to_datetime(cases[column.name]) - EPOCH) / pd.Timedelta(days=1)
        return days.to_numpy(np.float64, na_value=np.nan)
    return pd.to_numeric(cases[column.name], errors="coerce").to_numpy(np.float64, na_value=np.nan)


def _remarks(cases: pd.DataFrame, column: Column) -> Iterable[tuple[int, str]]:
    values = _numbers(cases, column)
    absent = np.isnan(values)
    if column.kind == "category" and column.name in cases:
        written = _texts(cases, column.name)
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
