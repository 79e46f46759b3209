"""A ratio of two means from the same rows, by Fieller's interval.

The ratio θ = N/D is in the interval where N − θD lies within its own error: (N − θD)² ≤ t²·Var(N − θD) (Fieller
1954), which stays true where the denominator is small, unlike the delta method. Unbounded, it is not given.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from rhml.stats.intervals import few_cases
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample

NEAR_NOTHING = "What it is a share of may be nothing, so no interval can be given."


def ratio(over, under, sample: Sample, *, level: float = 0.95) -> Measure:
    """The mean of `over` divided by the mean of `under`, one number a row each.

    >>> rows = np.tile([1.0, 0.0, 2.0, 1.0], 100)
    >>> ratio(rows, 2 * rows, Sample.rows(400)).value
    0.5
    """
    over, under = np.asarray(over, float), np.asarray(under, float)
    n, cases = len(over), sample.count()
    if n < MINIMUM or cases < 2:
        return Measure.unknown(too_few(min(n, cases)), n)
    top, bottom = float(over.mean()), float(under.mean())
    parts = np.stack([sample.contributions(x - x.mean()) / n for x in (over, under)])
    (a, ab), (_, b) = parts @ parts.T
    if bottom == 0:
        return Measure.unknown(NEAR_NOTHING, n)
    t2 = stats.t.ppf((1 + level) / 2, cases - 1) ** 2
    square, middle, constant = bottom**2 - t2 * b, top * bottom - t2 * ab, top**2 - t2 * a
    if square <= 0:
        return Measure(top / bottom, None, None, n, NEAR_NOTHING)
    half = np.sqrt(max(middle**2 - square * constant, 0.0))
    return Measure.of(top / bottom, (middle - half) / square, (middle + half) / square, n, few_cases(cases))
