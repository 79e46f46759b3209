"""How being right goes with practice: points as measured, and a power law beside them where it says more.

Newell & Rosenbloom (1981): error = a + b·n^−c after n own unaided calls. The points are differences within people on
like cases, so that neither better people nor easier cases make a curve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure
from rhml.stats.within import Rows, fit

MOST_POINTS, LEAST_POINTS, LEAST_PEOPLE = 10, 4, 2
SPEEDS = np.geomspace(0.1, 3.0, 40)
BEYOND_CHANCE = 0.05
DRAWS = 300


@dataclass(frozen=True)
class Point:
    """Calls between two numbers of own calls before them: the middle of those, and the share right on like cases."""

    after: float
    right: Measure

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"after": self.after, **self.right.as_dict()}


@dataclass(frozen=True)
class Curve:
    """The points, and the fitted line with its band at the same places; `words` says what may be said of it.

    law: level (share right in the end), drop (b) and speed (c); None where no curve is better than a constant.
    """

    points: tuple[Point, ...]
    law: dict[str, float] | None
    line: tuple[tuple[float, float, float], ...]
    p: float | None
    words: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"points": [point.as_dict() for point in self.points], "law": self.law,
                "line": [list(at) for at in self.line], "p": self.p, "words": self.words}  # fmt: skip


def curve(
    like: np.ndarray,
    times: pd.Series,
    manager: np.ndarray,
    case: np.ndarray,
    *,
    seed: int,
    people: int = LEAST_PEOPLE,
) -> Curve:
    """The course of being right with own calls made; like: NaN for calls that cannot be placed.

    people: of how many a point must be at least; 1 for one person's own course.
    """
    keep = ~np.isnan(like)
    if not keep.any():
        return Curve((), None, (), None, "No unaided call can be placed in anybody's own course.")
    like, manager, case = like[keep], manager[keep], case[keep]
    done = times[keep].groupby(manager).rank(method="first").to_numpy() - 1
    bins, middles = _bins(done, manager, people)
    if len(middles) < LEAST_POINTS:
        return Curve((), None, (), None, "Too few own calls so far for a course of practice.")
    values, covariance = _points(like, bins, Rows.of(manager, case), len(middles))
    counts = np.bincount(bins)
    half = stats.norm.ppf(0.975) * np.sqrt(np.diag(covariance))
    points = tuple(
        Point(float(at), Measure.of(v, max(v - h, 0), min(v + h, 1), n))
        for at, v, h, n in zip(middles, values, half, counts, strict=True)
    )
    return _described(points, middles, values, covariance, seed)


def _bins(done: np.ndarray, manager: np.ndarray, least: int) -> tuple[np.ndarray, np.ndarray]:
    """A bin a call by its number among the person's own, wider and wider, none with few calls or one person alone."""
    edges = np.unique(np.geomspace(1, done.max() + 2, MOST_POINTS + 1).round())
    bins = np.searchsorted(edges, done + 1, side="right") - 1
    counts = np.bincount(bins)
    while len(counts) > 1:
        people = pd.Series(manager).groupby(bins).nunique().reindex(range(len(counts)), fill_value=0)
        thin = np.flatnonzero((counts < MINIMUM) | (people.to_numpy() < least))
        if not len(thin):
            break
        at = thin[0]
        bins = np.where(bins >= max(at, 1), bins - 1, bins)
        counts = np.bincount(bins)
    middles = np.bincount(bins, np.log1p(done)) / np.maximum(counts, 1)
    return bins, np.expm1(middles)


def _points(like: np.ndarray, bins: np.ndarray, rows: Rows, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The level of each bin within people, and how the levels err together."""
    columns = (bins[:, None] == np.arange(1, width)).astype(float)
    found = fit(like, columns, np.zeros((len(like), 0)), rows)
    steps, shares = np.r_[0.0, found.coefficients], np.bincount(bins) / len(bins)
    full = np.zeros((width, width))
    full[1:, 1:] = found.covariance
    centre = np.eye(width) - shares[None, :]
    mean = like.mean()
    return mean + centre @ steps, centre @ full @ centre.T + like.var() / len(like)


def _described(points, middles, values, covariance, seed: int) -> Curve:
    weights = np.linalg.pinv(covariance, hermitian=True)
    mean = weights.sum(axis=0) @ values / weights.sum()
    flat = float((values - mean) @ weights @ (values - mean))
    [misfit], [speed], [(level, drop)] = _laws(middles, values[None, :], weights)
    p = float(stats.chi2.sf(max(flat - misfit, 0.0), 2))
    if p >= BEYOND_CHANCE or drop >= 0:
        said = "No curve fits better than a straight level: the points say no more than that."
        if p < BEYOND_CHANCE:
            said = (
                "People were right less often with more practice; a law of practice does not describe that."
            )
        return Curve(points, None, (), p, said)
    law = {"level": float(level), "drop": float(-drop), "speed": float(speed)}
    return Curve(points, law, _band(middles, values, covariance, weights, seed), p, _sentence(law, middles))


def _laws(middles: np.ndarray, values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """For each row of values (m, points): the least misfit (m,), its speed (m,), level and drop (m, 2)."""
    misfits, coefficients = [], []
    for speed in SPEEDS:
        columns = np.column_stack([np.ones(len(middles)), (1 + middles) ** -speed])
        solve = np.linalg.pinv(columns.T @ weights @ columns, hermitian=True) @ columns.T @ weights
        found = values @ solve.T
        left = values - found @ columns.T
        misfits.append(((left @ weights) * left).sum(axis=1))
        coefficients.append(found)
    best, every = np.argmin(misfits, axis=0), np.arange(len(values))
    return np.array(misfits)[best, every], SPEEDS[best], np.array(coefficients)[best, every]


def _band(middles, values, covariance, weights, seed: int) -> tuple[tuple[float, float, float], ...]:
    """The line and its 95 % band at the points, from the points drawn again with their errors."""
    drawn = np.random.default_rng(seed).multivariate_normal(values, covariance, DRAWS, method="eigh")
    _, speeds, coefficients = _laws(middles, np.vstack([values, drawn]), weights)
    lines = coefficients[:, :1] + coefficients[:, 1:] * (1 + middles) ** -speeds[:, None]
    low, high = np.quantile(lines[1:], (0.025, 0.975), axis=0)
    return tuple(zip(lines[0].tolist(), low.tolist(), high.tolist(), strict=True))


def _sentence(law: dict[str, float], middles: np.ndarray) -> str:
    start, end = (law["level"] - law["drop"] * (1 + at) ** -law["speed"] for at in (0.0, middles[-1]))
    return (
        f"With practice people go from about {start:.0%} right on their first calls to {end:.0%} after "
        f"{middles[-1]:,.0f} of their own (power law of practice)."
    )
