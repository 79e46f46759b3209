"""How often people were right in each of several periods, as if all of them had been on the same cases by the same people.

One ordinary regression of right (1) or wrong (0) on the periods and on what the cases are like, within managers; where
cases were judged by several, each case's own difficulty is partially pooled (`stats.within`). A period's level is what
would be right of all these calls, had all been made in it. Its interval adds the error of the period against the rest
(cases clustered) to that of the overall share, and is Wilson's at the count that so large an error stands for.

>>> rng = np.random.default_rng(0)
>>> period = np.repeat([0, 1], 200)
>>> first, second = levels(rng.random(400) < 0.6, period, mix=np.zeros((400, 0)), managers=np.zeros(400), cases=np.arange(400))
>>> first.n, first.low < 0.6 < first.high
(200, True)
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from rhml.stats.change import with_difficulty
from rhml.stats.intervals import share, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample
from rhml.stats.within import Rows, distinct, fit

ONE_PERIOD = "Only one period has enough calls, so it is as counted."


def levels(
    right: np.ndarray,
    period: np.ndarray,
    *,
    mix: np.ndarray,
    managers: np.ndarray,
    cases: np.ndarray,
    periods: int | None = None,
    level: float = 0.95,
) -> list[Measure]:
    """The share right of each period, codes 0 and up, on one case mix; `mix` (n, k) says what each case is like.

    Periods with fewer than `MINIMUM` different cases are left out of the comparison and say that they are too few.
    """
    right, period = np.asarray(right, float), np.asarray(period, np.int64)
    width = periods or (int(period.max()) + 1 if len(period) else 0)
    cases_in = [distinct(np.asarray(cases)[period == k]) for k in range(width)]
    spoken = [k for k in range(width) if cases_in[k] >= MINIMUM]
    found = [Measure.unknown(too_few(n), int((period == k).sum())) for k, n in enumerate(cases_in)]
    keep = np.isin(period, spoken)
    if not keep.any():
        return found
    given = (right[keep], period[keep], np.asarray(mix, float)[keep], managers[keep], cases[keep])
    for k, measure in zip(spoken, _levels(*given, spoken, level), strict=True):
        found[k] = measure
    return found


def _levels(right, period, mix, managers, cases, spoken: list[int], level: float) -> list[Measure]:
    sample = Sample.of(cases, managers)
    if len(spoken) == 1:
        one = share(right > 0, sample, level=level)
        return [Measure(one.value, one.low, one.high, one.n, one.why or ONE_PERIOD)]
    columns = (period[:, None] == np.array(spoken[1:])).astype(float)
    rows = Rows.of(managers, cases)
    fitted = fit(right, columns, mix, rows)
    if rows.judged_again:
        fitted = fit(right, columns, mix, with_difficulty(right, columns, mix, rows, fitted))
    counts = np.array([(period == k).sum() for k in spoken], float)
    # From differences against the first period to distances from the mean of all calls.
    turn = np.hstack([np.zeros((len(spoken), 1)), np.eye(len(spoken))[:, 1:]])[:, 1:]
    turn = turn - (counts / counts.sum()) @ turn
    middle, n = float(right.mean()), len(right)
    errors = np.einsum("ij,jk,ik->i", turn, fitted.covariance, turn) + sample.variance(right - middle) / n**2
    values = middle + turn @ fitted.coefficients
    free = max(min(fitted.free, distinct(rows.case) - 1), 1)
    return [
        _measure(float(v), float(e), int(c), free, level)
        for v, e, c in zip(values, errors, counts, strict=True)
    ]


def _measure(value: float, variance: float, n: int, free: int, level: float) -> Measure:
    """A share with Wilson's interval at the count that its error stands for, never above its calls."""
    value = min(max(value, 0.0), 1.0)
    upper = (1 + level) / 2
    widened = (stats.norm.ppf(upper) / stats.t.ppf(upper, free)) ** 2
    spread = max(value * (1 - value), 1 / (n + 2))
    effective = min(n, spread / variance if variance > 0 else n) * widened
    low, high = wilson(value * effective, effective, level)
    return Measure.of(value, low, high, n)
