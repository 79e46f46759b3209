"""Many questions asked at once: which answers still count.

>>> benjamini_hochberg([0.01, 0.04, 0.30]).round(3).tolist()
[0.03, 0.06, 0.3]
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from rhml.stats.measure import Measure


def benjamini_hochberg(p_values) -> np.ndarray:
    """Each p-value adjusted so that, called below .05, at most 5 % of the calls are false on average.

    Benjamini & Hochberg (1995), by scipy. NaN stands for a question not asked, and stays NaN.
    """
    p = np.asarray(p_values, float)
    adjusted = np.full(p.shape, np.nan)
    asked = ~np.isnan(p)
    if asked.any():
        adjusted[asked] = stats.false_discovery_control(p[asked])
    return adjusted


def weighted(p_values, weights) -> np.ndarray:
    """Each p-value adjusted as by Benjamini & Hochberg, where some questions are likelier than others beforehand.

    p/w with weights of mean one (Genovese, Roeder & Wasserman 2006); they may not come from the data tested.

    >>> weighted([0.02, 0.02, 0.5], [2.0, 0.5, 0.5]).round(3).tolist()
    [0.03, 0.06, 1.0]
    """
    p, w = np.asarray(p_values, float), np.asarray(weights, float)
    if not len(p):
        return p
    return benjamini_hochberg(np.minimum(p * w.mean() / w, 1.0))


def p_value(found: Measure, level: float = 0.95) -> float:
    """The chance of an interval so far from zero, if the truth were zero (two-sided, normal); NaN if none."""
    if found.low is None or found.high is None:
        return float("nan")
    error = (found.high - found.low) / 2 / stats.norm.ppf((1 + level) / 2)
    return float(2 * stats.norm.sf(abs(found.high + found.low) / 2 / error))
