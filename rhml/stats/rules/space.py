"""All that a condition may say of some cases: each feature in bins, and for each bin which conditions it meets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Feature
from rhml.stats.rules.rule import Condition, numbers

CUTS = 19
"""Thresholds tried on a number: one each twentieth of the cases. Finer ones are found by `refining`."""

LEVELS = 40
"""A category of more levels names its cases rather than sorts them."""


@dataclass(frozen=True, eq=False)
class Axis:
    """One feature: the bin of each row (the last one for missing) and, row by row of `meets`, its conditions."""

    feature: str
    bins: np.ndarray
    conditions: tuple[Condition, ...]
    meets: np.ndarray  # (conditions, bins) as 0 and 1

    @property
    def width(self) -> int:
        """How many bins there are."""
        return self.meets.shape[1]

    def holds(self, at: int) -> np.ndarray:
        """Which rows meet one of the conditions."""
        return self.meets[at, self.bins] > 0


def axes(facts: pd.DataFrame, domain: DecisionDomain, *, cuts: int = CUTS) -> tuple[Axis, ...]:
    """The features a lesson may speak of: what is known before the decision, never a protected one."""
    spoken = [f for f in domain.features if f.name not in domain.segments.protected and f.kind != "date"]
    return axes_of(facts, spoken, cuts=cuts)


def axes_of(
    facts: pd.DataFrame, features: Iterable[Feature], *, cuts: int = CUTS, levels: int | None = None
) -> tuple[Axis, ...]:
    """Some features as axes; those without a column, of text, or that never vary are left out.

    levels: of a category only the most frequent ones become conditions; without it one of too many has none.
    """
    found = []
    for feature in features:
        if feature.name not in facts:
            continue
        if feature.kind in ("number", "date"):
            found.append(_number(feature.name, numbers(facts[feature.name]), cuts))
        elif feature.kind in ("category", "yes_no"):
            found.append(_levels(feature.name, facts[feature.name], feature.kind, levels))
    return tuple(axis for axis in found if axis is not None)


def _number(name: str, values: np.ndarray, cuts: int) -> Axis | None:
    known = np.sort(values[np.isfinite(values)])
    if not len(known):
        return None
    tried = np.quantile(known, np.arange(1, cuts + 1) / (cuts + 1), method="lower")
    tops = np.unique(tried)  # each bin ends at one of these, inclusive
    tops = tops[tops < known[-1]]
    if not len(tops):
        return None
    bins = np.searchsorted(tops, values, side="left")
    bins[~np.isfinite(values)] = len(tops) + 1
    starts = known[np.searchsorted(known, tops, side="right")]
    at = np.arange(len(tops) + 2)
    below = (at[None, :] <= np.arange(len(tops))[:, None]).astype(np.float64)
    above = ((at[None, :] > np.arange(len(tops))[:, None]) & (at[None, :] <= len(tops))).astype(np.float64)
    conditions = [Condition(name, "<=", float(v)) for v in tops]
    conditions += [Condition(name, ">=", float(v)) for v in starts]
    return Axis(name, bins, tuple(conditions), np.vstack([below, above]))


def _levels(name: str, column: pd.Series, kind: str, most: int | None) -> Axis | None:
    if kind == "yes_no":
        values = numbers(column)
        bins = np.where(np.isnan(values), 2, values > 0.5).astype(np.int64)
        named: list[bool | str] = [False, True]
    else:
        codes, levels = _frequent(*pd.factorize(column.astype(object), sort=True), most)
        if not 1 < len(levels) <= LEVELS:
            return None
        bins, named = np.where(codes < 0, len(levels), codes), [str(level) for level in levels]
    meets = np.eye(len(named), len(named) + 1)
    return Axis(name, bins, tuple(Condition(name, "=", value) for value in named), meets)


def _frequent(codes: np.ndarray, levels: pd.Index, most: int | None) -> tuple[np.ndarray, pd.Index]:
    """The most frequent levels alone, the others as if missing: no condition speaks of them."""
    if most is None or len(levels) <= most:
        return codes, levels
    kept = np.sort(np.argsort(-np.bincount(codes[codes >= 0], minlength=len(levels)), kind="stable")[:most])
    places = np.full(len(levels) + 1, -1)
    places[kept] = np.arange(most)
    return places[codes], levels[kept]
