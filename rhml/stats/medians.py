"""Medians, and how far they differ: for times, of which a few are an hour at lunch.

The variance of a median is Price & Bonett's (2001): from the distance between two order statistics and the normal
quantile of the binomial chance that the median lies beyond them. Differences of independent medians then take the
normal interval (Price & Bonett 2002), which holds for skewed times from small counts on.

>>> found = median_of([1.0, 2.0, 3.0, 4.0, 100.0])
>>> found.value, found.n
(3.0, 5)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few


@dataclass(frozen=True)
class Median:
    """The median of `n` values and its sampling variance; NaN where there is none."""

    value: float
    variance: float
    n: int


def median_of(values: Sequence[float] | np.ndarray) -> Median:
    """The median of some values, in time n log n."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    if n < 2:
        return Median(float(ordered[0]) if n else float("nan"), float("nan"), n)
    below, above = ordered[rank_beside(n) - 1], ordered[n - rank_beside(n)]
    return between(float(np.median(ordered)), float(below), float(above), n)


def between(value: float, below: float, above: float, n: int) -> Median:
    """The median of `n` values from the two that stand `rank_beside(n)` from either end."""
    if n < 2:
        return Median(value, float("nan"), n)
    beyond = float(stats.binom.cdf(rank_beside(n) - 1, n, 0.5))
    error = (above - below) / (2 * stats.norm.ppf(1 - beyond))
    return Median(value, float(error**2), n)


def rank_beside(n: int) -> int:
    """Which value from the bottom stands about two standard errors below the median."""
    return max(1, round((n + 1) / 2 - np.sqrt(n)))


def combined(
    parts: Sequence[tuple[float, Median]], *, level: float = 0.95, minimum: int = MINIMUM
) -> Measure:
    """A weighted sum of independent medians: (1, a) is a median, (1, a) and (−1, b) by how much two differ."""
    n, fewest = sum(part.n for _, part in parts), min((part.n for _, part in parts), default=0)
    if fewest < max(minimum, 2):
        return Measure.unknown(too_few(fewest), fewest)
    value = sum(weight * part.value for weight, part in parts)
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(sum(weight**2 * part.variance for weight, part in parts))
    if half == 0:
        return Measure(float(value), None, None, n, "All alike so far; no interval can be given.")
    return Measure.of(float(value), float(value - half), float(value + half), n)
