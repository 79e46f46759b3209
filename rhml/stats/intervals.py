"""Shares, means, correlations and amounts, each with an interval that holds for these managers.

Shares take Wilson's interval at the effective count n / design effect (Korn & Graubard 1998; Franco et al.
2019), the design effect never below 1, so that no interval shrinks to nothing, and allow for few cases under
many rows (Student's t). Means take Student's t.
Sums of money are skewed: below 1,000 cases their interval is the studentised bootstrap (Efron 1979; Hall
1988) of what each case contributes. All are computed in time linear in the rows.

>>> low, high = wilson(8, 10)
>>> round(low, 3), round(high, 3)
(0.49, 0.943)
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample
from rhml.stats.summed import Sums

BOOTSTRAP_BELOW = 1_000
DRAWS = 1_000
BEYOND = 1e3
ALIKE = 1e-9
"""A spread below this share of all squares is what subtracting leaves of equal numbers."""
ONE_CASE = "All of one case, which says nothing about others."


def wilson(right, n, level: float = 0.95):
    """Between which two shares the truth lies, when `right` of `n` were right (Wilson 1927).

    Takes numbers or arrays, fractional counts too; n = 0 gives (0, 1). Same as scipy's binomtest.
    """
    right, n = np.asarray(right, float), np.asarray(n, float)
    z2 = _normal((1 + level) / 2) ** 2
    share = np.divide(right, n, out=np.full(np.broadcast(right, n).shape, 0.5), where=n > 0)
    centre = (share * n + z2 / 2) / (n + z2)
    half = np.sqrt(z2 * (share * (1 - share) * n + z2 / 4)) / (n + z2)
    low = np.where(share <= 0, 0.0, np.clip(centre - half, 0, 1))
    high = np.where(share >= 1, 1.0, np.clip(centre + half, 0, 1))
    return (float(low), float(high)) if low.ndim == 0 else (low, high)


def share(hits, sample: Sample, *, among=None, level: float = 0.95, minimum: int = MINIMUM) -> Measure:
    """The share of rows that are hits, among all rows or among some of them."""
    hits = np.asarray(hits, bool)
    among = np.ones(len(hits), bool) if among is None else np.asarray(among, bool)
    n, cases = int(among.sum()), sample.count(among)
    if n < max(minimum, 1):
        return Measure.unknown(too_few(n), n)
    right = float((hits & among).sum())
    variance = 0.0 if cases < 2 else sample.variance(np.where(among, hits - right / n, 0.0))
    return share_of(Sums(n, cases, right, variance), level=level, minimum=minimum)


def share_of(found: Sums, *, level: float = 0.95, minimum: int = MINIMUM) -> Measure:
    """The share of rows that are hits, from their sums alone."""
    n, cases = found.n, found.cases
    if n < max(minimum, 1):
        return Measure.unknown(too_few(n), n)
    p = found.total / n
    if cases < 2:
        return Measure(p, 0.0, 1.0, n, ONE_CASE)
    effective = effective_count(found.variance / n**2, p * (1 - p), n, cases, level)
    low, high = wilson(p * effective, effective, level)
    return Measure.of(p, low, high, n, few_cases(cases))


def effective_count(variance: float, spread: float, n: int, cases: int, level: float = 0.95) -> float:
    """How many independent rows the n rows are worth; `spread` is one row's variance.

    Where no row differs from another nothing can be estimated, and each case counts once. Few cases under
    many rows know their own variance badly: the count shrinks by the squared ratio of Student's t (Korn &
    Graubard 1998).
    """
    upper = (1 + level) / 2
    known = (_student(upper, n - 1) / _student(upper, cases - 1)) ** 2 if cases < n else 1.0
    if spread <= 0 or variance <= 0:
        return float(cases * known)
    return float(n / max(1.0, variance * n / spread) * known)


@lru_cache(maxsize=64)
def _normal(below: float) -> float:
    return float(stats.norm.ppf(below))


@lru_cache(maxsize=4096)
def _student(below: float, free: int) -> float:
    """A table of hundreds of parts asks for the same few quantiles; scipy takes a third of a millisecond each."""
    return float(stats.t.ppf(below, free))


def few_cases(cases: int) -> str:
    """What must be said beside a number of many rows on few cases; nothing where there are enough.

    >>> few_cases(6)
    'Only 6 different cases, so the interval is wide.'
    """
    return f"Only {cases} different cases, so the interval is wide." if cases < MINIMUM else ""


def mean(scores, sample: Sample, *, level: float = 0.95, minimum: int = MINIMUM) -> Measure:
    """The mean of scores that may be any numbers, by Student's t over cases."""
    scores = np.asarray(scores, float)
    n, cases = len(scores), sample.count()
    if n < max(minimum, 2):
        return Measure.unknown(too_few(n), n)
    total = float(scores.sum())
    variance = 0.0 if cases < 2 else sample.variance(scores - total / n)
    return mean_of(Sums(n, cases, total, variance), level=level, minimum=minimum)


def mean_of(found: Sums, *, level: float = 0.95, minimum: int = MINIMUM) -> Measure:
    """The mean of scores, from their sums alone."""
    n, cases = found.n, found.cases
    if n < max(minimum, 2):
        return Measure.unknown(too_few(n), n)
    value = found.total / n
    if cases < 2:
        return Measure(float(value), None, None, n, ONE_CASE)
    error = np.sqrt(found.variance) / n
    if error == 0:
        return Measure(float(value), None, None, n, "All cases are alike so far; no interval can be given.")
    half = _student((1 + level) / 2, cases - 1) * error
    return Measure.of(value, value - half, value + half, n, few_cases(cases))


def fraction(scores, sample: Sample, *, level: float = 0.95) -> Measure:
    """The mean of scores between 0 and 1; its interval stays between them."""
    scores = np.asarray(scores, float)
    found = mean(scores, sample, level=level)
    cases = sample.count()
    if not found.known:
        return found
    if cases < 2:
        return Measure(found.value, 0.0, 1.0, found.n, ONE_CASE)
    if found.low is None:
        effective = effective_count(0.0, 0.0, found.n, cases, level)
        low, high = wilson(found.value * effective, effective, level)
        return Measure.of(found.value, low, high, found.n, few_cases(cases))
    return Measure.of(found.value, max(found.low, 0.0), min(found.high, 1.0), found.n, found.why)


def correlation(first, second, sample: Sample, *, level: float = 0.95) -> Measure:
    """How far two things go together, −1 to 1 (Pearson; φ for right and wrong), by Fisher's z."""
    first, second = np.asarray(first, float), np.asarray(second, float)
    n, cases = len(first), sample.count()
    if n < MINIMUM:
        return Measure.unknown(too_few(n), n)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return Measure.unknown("One of the two never varied, so they cannot go together.", n)
    u, v = ((x - x.mean()) / x.std() for x in (first, second))
    r = float(np.clip((u * v).mean(), -1, 1))
    if 1 - r * r < 1e-9:
        return Measure(r, None, None, n, "The two never differed; no interval can be given.")
    if cases < 2:
        return Measure(r, -1.0, 1.0, n, ONE_CASE)
    error = np.sqrt(sample.variance(u * v - r * (u * u + v * v) / 2)) / n / (1 - r * r)
    error = max(error, 1 / np.sqrt(n))
    upper = (1 + level) / 2
    half = error * (stats.norm.ppf(upper) if cases == n else stats.t.ppf(upper, cases - 1))
    return Measure.of(r, np.tanh(np.arctanh(r) - half), np.tanh(np.arctanh(r) + half), n, few_cases(cases))


def amount(scores, sample: Sample, *, seed: int, level: float = 0.95) -> Measure:
    """The mean of amounts, such as costs, which a few large cases may dominate."""
    scores = np.asarray(scores, float)
    found, cases = mean(scores, sample, level=level), sample.count()
    if found.low is None or not skewed(Sums(len(scores), cases, 0.0, 0.0)):
        return found
    parts = sample.contributions(scores - scores.mean()) / len(scores)
    few, many = _studentised(parts, level, seed)
    error = np.sqrt((parts**2).sum())
    return Measure.of(found.value, found.value - many * error, found.value - few * error, found.n)


def skewed(found: Sums) -> bool:
    """Whether amounts on so many cases need more than their sums: enough to resample, too few for Student's t."""
    return MINIMUM <= found.cases < BOOTSTRAP_BELOW


def _studentised(parts: np.ndarray, level: float, seed: int) -> tuple[float, float]:
    """The two quantiles of (estimate − truth) / error over resampled cases; the parts add up to nothing.

    A case is drawn a Poisson number of times, so that each resample is one of ordinary resampling whose size varies by
    its root (Hanley & MacGibbon 2006), and all of them are one product of matrices.
    """
    times = _frequencies(seed)[:, : len(parts)]
    size, total, squares = (times @ np.stack([np.ones(len(parts)), parts, parts**2], axis=1)).T
    spread = (size * squares - total**2) / np.maximum(size - 1, 1)
    # A draw in which every case is alike has no error to divide by; its t is beyond all others.
    apart = (size > 1) & (spread > ALIKE * (parts**2).sum())
    t = np.divide(total, np.sqrt(np.where(apart, spread, 1)), out=np.sign(total) * BEYOND, where=apart)
    low, high = np.interp(((1 - level) / 2, (1 + level) / 2), np.linspace(0, 1, DRAWS), np.sort(t))
    return float(low), float(high)


@lru_cache(maxsize=2)
def _frequencies(seed: int) -> np.ndarray:
    """How often each resample draws each case; a table of hundreds of parts draws once."""
    return np.random.default_rng(seed).poisson(1.0, (DRAWS, BOOTSTRAP_BELOW)).astype(float)
