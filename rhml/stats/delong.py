"""How well scores part two kinds of case: the area under the ROC curve with DeLong's error, and differences of two.

The area is the chance that a case of the first kind scores higher than one of the second, ties counting half. Its
variance comes from each case's own share of it (DeLong, DeLong & Clarke-Pearson 1988), which midranks give in
O(n log n) (Sun & Xu 2014): V₁₀(i) = (R(xᵢ) − R₁(xᵢ)) / n for the m cases of the first kind,
V₀₁(j) = 1 − (R(yⱼ) − R₀(yⱼ)) / m for the n others, variance = s²(V₁₀)/m + s²(V₀₁)/n.

>>> area([0.9, 0.8, 0.7, 0.2] * 5, [1, 0, 1, 0] * 5).value
0.75
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few

ONE_KIND = "All cases proved the same, so nothing can be told apart."
SURE = "Every case of one kind scored above every other; no interval can be given."


@dataclass(frozen=True)
class Area:
    """An area, its interval, and the chance of one so far from another if they were equal."""

    value: float
    error: float
    n: int

    def measure(self, level: float = 0.95) -> Measure:
        """With an interval on the logit scale, which stays between 0 and 1 and holds near 1 (Pepe 2003)."""
        if self.error == 0 or not 0 < self.value < 1:
            return Measure(self.value, None, None, self.n, SURE)
        at, z = np.log(self.value / (1 - self.value)), stats.norm.ppf((1 + level) / 2)
        half = z * self.error / (self.value * (1 - self.value))
        low, high = 1 / (1 + np.exp(-(np.array([at - half, at + half]))))
        return Measure.of(self.value, low, high, self.n)


@dataclass(frozen=True)
class AreaGap:
    """By how much one area exceeds another on the same cases (95 %), and the chance of that between equals."""

    gap: Measure
    p: float | None


def area(scores, positive) -> Area | Measure:
    """The area of one score; a Measure with the reason where there is none."""
    found = _shares(np.asarray(scores, float)[None], positive)
    if isinstance(found, Measure):
        return found
    values, covariance, n = found
    return Area(float(values[0]), float(np.sqrt(covariance[0, 0])), n)


def measured(scores, positive, *, level: float = 0.95) -> Measure:
    """The area of one score with its interval, or the reason why there is none."""
    found = area(scores, positive)
    return found if isinstance(found, Measure) else found.measure(level)


def area_gap(first, second, positive, *, level: float = 0.95) -> AreaGap:
    """The first score's area minus the second's, on the same cases."""
    found = _shares(np.stack([np.asarray(first, float), np.asarray(second, float)]), positive)
    if isinstance(found, Measure):
        return AreaGap(found, None)
    values, covariance, n = found
    gap, variance = (
        float(values[0] - values[1]),
        float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]),
    )
    error = np.sqrt(max(variance, 0.0))
    if error < 1e-12:
        return AreaGap(Measure(gap, None, None, n, "Both score the cases in the same order."), None)
    half = stats.norm.ppf((1 + level) / 2) * error
    return AreaGap(Measure.of(gap, gap - half, gap + half, n), float(2 * stats.norm.sf(abs(gap) / error)))


def _shares(scores: np.ndarray, positive) -> tuple[np.ndarray, np.ndarray, int] | Measure:
    """Areas (k,), their covariance (k, k) and the count, for k scores of the same cases (k, n)."""
    positive = np.asarray(positive, bool)
    n = len(positive)
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    m = int(positive.sum())
    if min(m, n - m) < 2:
        return Measure.unknown(ONE_KIND, n)
    by_first, by_second = np.empty((len(scores), m)), np.empty((len(scores), n - m))
    for k, score in enumerate(scores):
        ranks = stats.rankdata(score)
        by_first[k] = (ranks[positive] - stats.rankdata(score[positive])) / (n - m)
        by_second[k] = 1 - (ranks[~positive] - stats.rankdata(score[~positive])) / m
    covariance = np.atleast_2d(np.cov(by_first)) / m + np.atleast_2d(np.cov(by_second)) / (n - m)
    return by_first.mean(axis=1), covariance, n
