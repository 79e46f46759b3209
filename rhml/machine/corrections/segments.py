"""Segments that a person can read: at most two conditions on a case's facts, and the cases that meet them.

>>> import pandas as pd
>>> young = Segment((Condition("years", "number", high=2.0),))
>>> young.holds(pd.DataFrame({"years": [1.0, 3.0, None]})).tolist()
[True, False, False]
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, Feature

EPOCH = pd.Timestamp("1970-01-01")
YES_NO = ("no", "yes")


@dataclass(frozen=True)
class Condition:
    """One fact in a range [low, high), among some levels, or missing; a missing value is in no range."""

    feature: str
    kind: str
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    missing: bool = False

    def holds(self, cases: pd.DataFrame) -> np.ndarray:
        """For each case whether it meets the condition."""
        return self.within(Facts.read(cases, self.feature, self.kind))

    def within(self, facts: Facts) -> np.ndarray:
        """The same on a feature that is read already."""
        if self.missing:
            return facts.absent
        if self.levels:
            return np.isin(facts.values, [i for i, name in enumerate(facts.levels) if name in self.levels])
        held = ~facts.absent
        if self.low is not None:
            held &= facts.values >= self.low
        if self.high is not None:
            held &= facts.values < self.high
        return held

    def words(self, feature: Feature) -> str:
        """'Tenure under 2 years', 'Amount at least 40,000 €', 'Sector is crafts or retail'."""
        name = feature.label or feature.name
        if self.missing:
            return f"{name} is missing"
        if self.levels:
            return f"{name} is {_listed(self.levels)}"
        low, high = (None if end is None else self._shown(end, feature.unit) for end in (self.low, self.high))
        if low is None or high is None:
            return f"{name} under {high}" if low is None else f"{name} at least {low}"
        return f"{name} from {low} to under {high}"

    def _shown(self, end: float, unit: str) -> str:
        if self.kind == "date":
            return (EPOCH + pd.Timedelta(days=end)).date().isoformat()
        return f"{end:,.10g} {unit}".strip()


def _listed(levels: tuple[str, ...], most: int = 6) -> str:
    named = [*levels[:most], f"{len(levels) - most} more"] if len(levels) > most else list(levels)
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


@dataclass(frozen=True)
class Segment:
    """Cases that meet every one of one or two conditions."""

    conditions: tuple[Condition, ...]

    def holds(self, cases: pd.DataFrame) -> np.ndarray:
        """For each case whether it belongs to the segment."""
        return np.logical_and.reduce([condition.holds(cases) for condition in self.conditions])

    def within(self, facts: Mapping[str, Facts]) -> np.ndarray:
        """The same on features that are read already."""
        return np.logical_and.reduce([c.within(facts[c.feature]) for c in self.conditions])

    def words(self, domain: DecisionDomain) -> tuple[str, ...]:
        """Each condition in words, in the domain's labels and units."""
        known = {feature.name: feature for feature in domain.features}
        return tuple(
            c.words(known.get(c.feature, Feature(name=c.feature, label=c.feature))) for c in self.conditions
        )

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain values for JSON."""
        return [asdict(condition) for condition in self.conditions]

    @classmethod
    def from_dict(cls, plain: list[dict[str, Any]]) -> Segment:
        """The inverse of `to_dict`."""
        return cls(tuple(Condition(**{**c, "levels": tuple(c["levels"])}) for c in plain))


@dataclass(frozen=True, eq=False)
class Facts:
    """One feature of n cases: numbers (dates as days since 1970), or codes of levels; `absent` where missing."""

    values: np.ndarray
    absent: np.ndarray
    levels: tuple[str, ...] = ()

    def rows(self, chosen: np.ndarray) -> Facts:
        """The feature of some of the cases."""
        return Facts(self.values[chosen], self.absent[chosen], self.levels)

    @classmethod
    def read(cls, cases: pd.DataFrame, name: str, kind: str) -> Facts:
        """Take a feature out of a frame; a column the frame lacks is missing throughout."""
        if name not in cases:
            return cls(np.full(len(cases), np.nan), np.ones(len(cases), bool))
        column = cases[name]
        if kind == "category":
            codes, levels = pd.factorize(column.astype(object), sort=False)
            return cls(codes, codes < 0, tuple(str(level) for level in levels))
        if kind == "date":
            days = (pd.to_datetime(column) - EPOCH) / pd.Timedelta(days=1)
            values = days.to_numpy(np.float64, na_value=np.nan)
        else:
            values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        absent = np.isnan(values)
        if kind == "yes_no":
            return cls(np.where(absent, -1, values > 0.5).astype(np.int64), absent, YES_NO)
        return cls(values, absent)


def read_facts(cases: pd.DataFrame, domain: DecisionDomain) -> dict[str, Facts]:
    """Every feature that a segment may speak of: what the model reads, except texts."""
    return {f.name: Facts.read(cases, f.name, f.kind) for f in domain.inputs if f.kind != "text"}
