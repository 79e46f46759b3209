"""How wide an interval must be that holds at every moment at once, while cases of one kind keep coming.

The time-uniform central limit theorem (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Annals of Statistics 52:2613):
after n cases the mean lies within s·√(2(nρ²+1)/(n²ρ²) · log(√(nρ²+1)/α)), for all n together, whoever looks however
often. ρ is chosen so that the interval is tightest near `BEST` cases (their equation 26).

>>> round(bar(500, 0.05), 2), round(bar(5_000, 0.05), 2)
(3.04, 3.24)
"""

from __future__ import annotations

import numpy as np
from scipy import stats

BEST = 500


def bar(cases: int, alpha: float) -> float:
    """How many standard errors of a mean of so many cases the interval reaches to either side."""
    square = (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / BEST
    grown = max(cases, 1) * square
    return float(np.sqrt(2 * (grown + 1) / grown * np.log(np.sqrt(grown + 1) / alpha)))


def level(cases: int, alpha: float) -> float:
    """The level of the fixed-sample interval that is as wide."""
    return float(1 - 2 * stats.norm.sf(bar(cases, alpha)))
