"""By how much being right became more frequent from one case of each matched pair to the other.

The interval is the score interval for matched pairs (Tango 1998, Statistics in Medicine 17:891), which holds
with few pairs and where nearly all were right or wrong. It leaves out zero only where the exact unconditional
test of no change rejects too (Suissa & Shuster 1991, Biometrics 47:361), here also over pairs that are not all
alike, so that with no change *improved* and *fell* each come out in at most 2.5 % of all cases.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

from rhml.stats.measure import Measure, too_few

FEWEST = 10
"""Pairs below which nothing is said: twice as many cases are the fewest of any measure here."""

STEPS = 60
"""Halvings of an interval's end: far below any digit that is shown."""


def matched_change(before, after, *, level: float = 0.95) -> Measure:
    """The change of the share right; before, after: one 0/1 a pair, in the same order. `n` counts pairs."""
    before, after = np.asarray(before, bool), np.asarray(after, bool)
    n, gained, lost = len(before), int((after & ~before).sum()), int((before & ~after).sum())
    if n < FEWEST:
        return Measure.unknown(too_few(n).replace("case", "pair"), n)
    low, high = interval(gained, lost, n, level=level)
    return Measure.of((gained - lost) / n, low, high, n)


def interval(gained: int, lost: int, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Between which two changes the truth lies, when of n pairs `gained` turned right and `lost` wrong.

    >>> [round(end, 3) for end in interval(7, 1, 20)]
    [0.027, 0.537]
    """
    low, high = _lower(gained, lost, n, level), -_lower(lost, gained, n, level)
    if low > 0 and _one_sided(gained, lost, n) > (1 - level) / 2:
        low = 0.0
    if high < 0 and _one_sided(lost, gained, n) > (1 - level) / 2:
        high = 0.0
    return low, high


def _lower(gained: int, lost: int, n: int, level: float) -> float:
    """The smallest change that the score statistic does not reject, found by halving."""
    z = stats.norm.ppf((1 + level) / 2)
    low, high = -1.0, (gained - lost) / n
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if _score(gained, lost, n, middle) > z else (low, middle)
    return low


def _score(gained: int, lost: int, n: int, change: float) -> float:
    """Tango's statistic: how many standard errors the counts lie above a change (his equations 3 and 4)."""
    b = (2 * n - gained + lost) * change - gained - lost
    c = -lost * change * (1 - change)
    worse = (np.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    variance = n * (2 * worse + change * (1 - change))
    above = gained - lost - n * change
    return above / np.sqrt(variance) if variance > 1e-12 else float(np.sign(above)) * np.inf


def _one_sided(gained: int, lost: int, n: int) -> float:
    """The largest chance, with no change, of counts that speak as clearly for a gain (McNemar's statistic)."""
    differ = np.arange(n + 1)
    clear = (gained - lost) / np.sqrt(max(gained + lost, 1))
    fewest = np.ceil((differ + clear * np.sqrt(np.maximum(differ, 1))) / 2 - 1e-9)
    return float((_differing(n) @ stats.binom.sf(fewest - 1, differ, 0.5)).max())


@lru_cache(maxsize=64)
def _differing(n: int) -> np.ndarray:
    """How many of n pairs may differ by chance: one distribution a row, for each way the pairs may be.

    Any share of all pairs; and, since pairs are not alike, up to one half of some while the rest never differ:
    of two equally hard cases one person, unchanged, gets exactly one right in at most half of all tries.
    """
    every = [(n, share) for share in np.linspace(0.02, 1.0, 50)]
    some = [(of, share) for of in range(1, n) for share in np.linspace(0.05, 0.5, 10)]
    of, share = np.array(every + some).T[:, :, None]
    return stats.binom.pmf(np.arange(n + 1)[None], of, share)
