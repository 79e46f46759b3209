"""Many estimates at once, each drawn towards what they have in common: empirical Bayes for normal means.

Efron & Morris (1975), with Morris (1983) for the intervals: they cover on average over the units, not each. None is
drawn further than its own error allows (limited translation, Efron & Morris 1972): a unit unlike all others stays so.

>>> value, low, high = shrunk([0.30, 0.02, 0.10, 0.05, 0.12], [0.08] * 5)
>>> value.round(2).tolist()
[0.27, 0.05, 0.1, 0.07, 0.12]
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, stats

FEWEST = 4
"""Units from which the common spread can be estimated, and the doubt about it allowed for."""

FURTHEST = 1 / 3
"""By how many of its own standard errors a unit is drawn at most: those that stand out are the ones that are shown."""


def shrunk(
    values, errors, level: float = 0.95, *, furthest: float = FURTHEST
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each value drawn towards the common mean, and its interval; errors are standard errors.

    B = (k−3)/(k−1) · V/(V+A), value (1−B)·y + B·μ, variance V·(1 − (k−1)/k·B) + 2/(k−3)·B²·(y−μ)²
    (Morris 1983, eq. 1.17, 1.18 and 4.4, with V of each unit). μ and A as in `common`. The interval of a unit that is
    held back from further holds its own interval too; `furthest` in standard errors. ValueError for fewer than four units.
    """
    y, v = np.asarray(values, float), np.asarray(errors, float) ** 2
    k = len(y)
    if k < FEWEST:
        raise ValueError(f"{k} units; {FEWEST} are needed")
    mean, between = common(y, v)
    share = (k - 3) / (k - 1) * v / (v + between)
    centre = (1 - share) * y + share * mean
    variance = v * (1 - (k - 1) / k * share) + 2 / (k - 3) * share**2 * (y - mean) ** 2
    z, most = stats.norm.ppf((1 + level) / 2), furthest * np.sqrt(v)
    low, high = centre - z * np.sqrt(variance), centre + z * np.sqrt(variance)
    alone = np.abs(centre - y) > most
    low, high = (
        np.where(alone, ends(drawn, own), drawn)
        for ends, drawn, own in (
            (np.minimum, low, y - z * np.sqrt(v)),
            (np.maximum, high, y + z * np.sqrt(v)),
        )
    )
    return np.clip(centre, y - most, y + most), low, high


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
