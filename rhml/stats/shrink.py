"""Many estimates at once, each drawn towards what they have in common: empirical Bayes for normal means.

Efron & Morris (1975), with Morris (1983) for the intervals: they cover on average over the units, not each.

>>> value, low, high = shrunk([0.30, 0.02, 0.10, 0.05, 0.12], [0.08] * 5)
>>> value.round(2).tolist()
[0.25, 0.05, 0.1, 0.07, 0.12]
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

FEWEST = 4
"""Units from which the common spread can be estimated, and the doubt about it allowed for."""


def shrunk(values, errors, level: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each value drawn towards the common mean, and its interval; errors are standard errors.

    B = (k−3)/(k−1) · V/(V+A), value (1−B)·y + B·μ, variance V·(1 − (k−1)/k·B) + 2/(k−3)·B²·(y−μ)²
    (Morris 1983, eq. 1.17, 1.18 and 4.4, with V of each unit). μ and A as in `common`.
    ValueError for fewer than four units.
    """
    y, v = np.asarray(values, float), np.asarray(errors, float) ** 2
    k = len(y)
    if k < FEWEST:
        raise ValueError(f"{k} units; {FEWEST} are needed")
    mean, between = common(y, v)
    share = (k - 3) / (k - 1) * v / (v + between)
    centre = (1 - share) * y + share * mean
    variance = v * (1 - (k - 1) / k * share) + 2 / (k - 3) * share**2 * (y - mean) ** 2
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(variance)
    return centre, centre - half, centre + half


def common(values: np.ndarray, variances: np.ndarray) -> tuple[float, float]:
    """The mean of the units and the variance between them, by Paule & Mandel (1982): Σ (y−μ)²/(V+A) = k−1.

    >>> common(np.array([0.0, 2.0, 4.0]), np.array([0.5, 0.5, 0.5]))
    (2.0, 3.5)
    """

    def weighted(between: float) -> tuple[float, float]:
        weights = 1 / (variances + between)
        mean = float((weights * values).sum() / weights.sum())
        return mean, float((weights * (values - mean) ** 2).sum())

    wanted = len(values) - 1
    if weighted(0.0)[1] <= wanted:
        return weighted(0.0)[0], 0.0
    widest = float(np.ptp(values) ** 2 + variances.max())
    between = optimize.brentq(lambda a: weighted(a)[1] - wanted, 0.0, widest, xtol=1e-12)
    return weighted(between)[0], round(float(between), 12)
