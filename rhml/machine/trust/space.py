"""The space in which cases are near or far: every feature on a scale of its own, comparable with the others.

A number is placed by its rank among the training cases (as a normal score), so a long tail does not drown
the rest, and beyond the ends it goes on in a straight line. Two categories are equal or not, and not-equal
counts about as much as two numbers drawn at random (Gower 1971, in squares). A missing value is a category
of its own; a date counts by its age when the case arrived, as calendars always move on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.spatial.distance import cdist
from scipy.stats import norm

from rhml.core.domain import DecisionDomain, Feature

KNOTS = 64
FARTHEST = 3.0
"""Two cases of rare categories are at most so many times as far apart as two usual numbers."""


@dataclass(frozen=True, eq=False)
class Axis:
    """How one feature is placed: knots of a number with their normal scores, or the levels of a category."""

    feature: Feature
    knots: np.ndarray
    scores: np.ndarray
    levels: tuple[str, ...]
    apart: float
    spread: float

    def place(self, values: np.ndarray) -> np.ndarray:
        """Normal scores of numbers, 0 where missing; outside the knots a straight line."""
        if not len(self.knots):
            return np.zeros(len(values))
        low, high = self.knots[0], self.knots[-1]
        inside = np.interp(np.where(np.isnan(values), low, values), self.knots, self.scores)
        beyond = np.where(values > high, values - high, np.where(values < low, values - low, 0.0))
        return np.where(np.isnan(values), 0.0, inside + beyond / self.spread)


@dataclass(frozen=True, eq=False)
class Placed:
    """Cases in the space: numbers (n, d1), and codes (n, d2) that are equal or not."""

    numbers: np.ndarray
    codes: np.ndarray

    def __len__(self) -> int:
        return len(self.numbers)

    def part(self, rows: slice | np.ndarray) -> Placed:
        """Some of the cases."""
        return Placed(self.numbers[rows], self.codes[rows])


@dataclass(frozen=True, eq=False)
class Space:
    """The axes of a domain, as the training cases showed them; text has no place in it."""

    axes: tuple[Axis, ...]

    @classmethod
    def fit(
        cls, cases: pd.DataFrame, domain: DecisionDomain, *, reads: tuple[str, ...] | None = None
    ) -> Space:
        """Learn ranks and levels from training cases, of all features or of those that a model reads."""
        return cls(tuple(_axis(cases, feature) for feature in placed(domain, reads)))

    def to_dict(self) -> list[dict[str, Any]]:
        """Plain values for JSON."""
        return [
            {"name": a.feature.name, "knots": a.knots.tolist(), "scores": a.scores.tolist(),
             "levels": list(a.levels), "apart": a.apart, "spread": a.spread}
            for a in self.axes
        ]  # fmt: skip

    @classmethod
    def from_dict(cls, plain: list[dict[str, Any]], domain: DecisionDomain) -> Space:
        """The inverse of `to_dict`, in a domain that still declares its features; KeyError if it does not."""
        return cls(
            tuple(
                Axis(domain.feature(a["name"]), np.array(a["knots"]), np.array(a["scores"]),
                     tuple(a["levels"]), a["apart"], a["spread"])
                for a in plain
            )
        )  # fmt: skip

    @property
    def numeric(self) -> list[int]:
        """The places of the axes that hold numbers."""
        return [at for at, axis in enumerate(self.axes) if not axis.levels]

    def place(self, cases: pd.DataFrame) -> Placed:
        """Where cases stand."""
        numbers, codes = [], []
        for axis in self.axes:
            if axis.levels:
                texts = as_text(cases, axis.feature)
                found = pd.Index(axis.levels, dtype=object).get_indexer(texts)
                codes.append(np.where(texts.isna().to_numpy(), -1, np.where(found < 0, -2, found)))
            else:
                values = as_numbers(cases, axis.feature)
                numbers.append(axis.place(values))
                codes.append(np.isnan(values).astype(np.int64))
        return Placed(_stacked(numbers, len(cases), float), _stacked(codes, len(cases), np.int64))

    def squared(self, cases: Placed, others: Placed) -> np.ndarray:
        """Squared distances (n, m)."""
        found = np.zeros((len(cases), len(others)))
        if cases.numbers.shape[1]:
            found = cdist(cases.numbers, others.numbers, "sqeuclidean")
        for at, axis in enumerate(self.axes):
            found += axis.apart * (cases.codes[:, at, None] != others.codes[None, :, at])
        return found

    def parts(self, one: Placed, others: Placed) -> np.ndarray:
        """What each feature adds, on average, to the squared distance of one case from some others (d,)."""
        found = np.array(
            [
                axis.apart * (one.codes[0, at] != others.codes[:, at]).mean()
                for at, axis in enumerate(self.axes)
            ]
        )
        found[self.numeric] += ((one.numbers - others.numbers) ** 2).mean(axis=0)
        return found


def placed(domain: DecisionDomain, reads: tuple[str, ...] | None = None) -> list[Feature]:
    """The features that have a place: no text, nothing that is kept from models, only what is read."""
    return [f for f in domain.features if f.use and f.kind != "text" and (reads is None or f.name in reads)]


def as_text(cases: pd.DataFrame, feature: Feature) -> pd.Series:
    """A category, or yes and no, as text; None where missing."""
    if feature.name not in cases:
        return pd.Series([None] * len(cases), dtype=object)
    values = cases[feature.name].astype(object)
    if feature.kind == "yes_no":
        values = values.map({1.0: "yes", 0.0: "no"}).astype(object)
    return values.where(values.notna(), None).reset_index(drop=True)


def as_numbers(cases: pd.DataFrame, feature: Feature) -> np.ndarray:
    """A number as float64, a date as its age in days when the case arrived; NaN where missing."""
    if feature.name not in cases:
        return np.full(len(cases), np.nan)
    if feature.kind != "date":
        values = pd.to_numeric(cases[feature.name], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        return np.where(np.isfinite(values), values, np.nan)
    since = pd.to_datetime(cases[feature.name])
    until = pd.to_datetime(cases["received_at"]) if "received_at" in cases else pd.NaT
    return ((until - since) / pd.Timedelta(days=1)).to_numpy(np.float64, na_value=np.nan)


def _axis(cases: pd.DataFrame, feature: Feature) -> Axis:
    none = np.zeros(0)
    if feature.kind in ("category", "yes_no"):
        shares = as_text(cases, feature).value_counts(normalize=True)
        levels = tuple(sorted(str(level) for level in shares.index)) or ("",)
        differ = float(np.clip(1 - (shares.to_numpy() ** 2).sum(), 2 / FARTHEST**2, None))
        return Axis(feature, none, none, levels, 2 / differ, 1.0)
    values = as_numbers(cases, feature)
    known = values[~np.isnan(values)]
    if not len(known):
        return Axis(feature, none, none, (), 2.0, 1.0)
    knots, counts = np.unique(known, return_counts=True)
    middles = (np.cumsum(counts) - counts / 2) / len(known)
    if len(knots) > KNOTS:
        at = np.unique(np.linspace(0, len(knots) - 1, KNOTS).round().astype(int))
        knots, middles = knots[at], middles[at]
    tenth, ninetieth = np.quantile(known, [0.1, 0.9])
    spread = float((ninetieth - tenth) / 2.56) or float(known.std()) or 1.0
    return Axis(feature, knots, norm.ppf(middles), (), 2.0, spread)


def _stacked(columns: list[np.ndarray], rows: int, kind: type) -> np.ndarray:
    return np.column_stack(columns).astype(kind) if columns else np.zeros((rows, 0), dtype=kind)
