"""Shares and their differences from counts alone: how many rows and hits each manager has.

Where each row is a case of its own, counts a manager tell all that `stats.intervals.share` reads from the rows, so
a million rows are counted once for all measures. Two shares of different cases are held against each other by MOVER
(Zou & Donner 2008, Statistics in Medicine 27:1693; for Wilson's intervals Newcombe 1998, method 10).

>>> found = apart(Measure(0.3, 0.25, 0.36, 250), Measure(0.2, 0.17, 0.24, 600))
>>> round(found.value, 3), round(found.low, 3), round(found.high, 3), found.n
(0.1, 0.036, 0.167, 250)
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from rhml.stats.intervals import effective_count, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import SMALLEST_STRATUM

FEWEST_PEOPLE = 10
"""With fewer people nothing is said about managers in general: such intervals would hold too seldom."""


def counted_share(rows: np.ndarray, hits: np.ndarray, *, level: float = 0.95) -> Measure:
    """The share of hits from rows and hits a manager; the same as `intervals.share` of the rows."""
    n = int(rows.sum())
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    p = float(hits.sum() / n)
    variance = _variance(rows, hits, hits) / n**2
    effective = effective_count(variance, p * (1 - p), n, n, level)
    return Measure.of(p, *wilson(p * effective, effective, level), n)


def counted_mean(rows: np.ndarray, sums: np.ndarray, squares: np.ndarray, *, level: float = 0.95) -> Measure:
    """The mean of amounts from rows, their sums and sums of squares a manager; the same as `intervals.mean`."""
    n = int(rows.sum())
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    error = np.sqrt(_variance(rows, sums, squares)) / n
    half, value = stats.t.ppf((1 + level) / 2, n - 1) * error, float(sums.sum() / n)
    return Measure.of(value, value - half, value + half, n)


def apart(first: Measure, second: Measure) -> Measure:
    """By how much the first exceeds the second, which speaks of other cases; `n` is the smaller count."""
    n = min(first.n, second.n)
    if not (first.known and second.known):
        return Measure.unknown(first.why or second.why, n)
    value = first.value - second.value
    if first.low is None or second.low is None:
        return Measure(value, None, None, n, first.why or second.why)
    below = np.hypot(first.value - first.low, second.high - second.value)
    above = np.hypot(first.high - first.value, second.value - second.low)
    return Measure.of(value, value - below, value + above, n)


def in_general(rows: np.ndarray, hits: np.ndarray, *, level: float = 0.95) -> Measure:
    """The share of hits for managers in general: a ratio of totals over managers, with Student's t over them.

    Binder (1983) with managers drawn rather than fixed; below `FEWEST_PEOPLE` it covers too seldom, so no number is given.
    """
    there = rows > 0
    rows, hits = rows[there].astype(float), hits[there].astype(float)
    n, people = int(rows.sum()), len(rows)
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    if people < FEWEST_PEOPLE:
        who = f"Only {people} {'person' if people == 1 else 'people'}"
        return Measure.unknown(f"{who}: nothing can be said about managers in general.", n)
    p = float(hits.sum() / n)
    error = np.sqrt(((hits - p * rows) ** 2).sum() * people / (people - 1)) / n
    half = stats.t.ppf((1 + level) / 2, people - 1) * error
    return Measure.of(p, max(p - half, 0.0), min(p + half, 1.0), n)


def _variance(rows: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> float:
    """Variance of the sum for these managers; those with few rows are one stratum (as in `stats.sample`)."""
    there = rows > 0
    rows, sums, squares = rows[there].astype(float), sums[there], squares[there]
    small = rows < SMALLEST_STRATUM
    if 0 < rows[small].sum() < SMALLEST_STRATUM and not small.all():
        small |= rows == rows[~small].min()
    if small.any():
        rows, sums, squares = (np.append(x[~small], x[small].sum()) for x in (rows, sums, squares))
    spread = squares - sums**2 / rows
    return float((spread * rows / np.maximum(rows - 1, 1)).sum())
