"""Looks at set counts: what is asked about again and again is answered only when enough has been added.

A look is due at 40 cases and whenever there are twice as many; between two looks the last answer stands. What each
look may use up of α is set by its count alone (Lan & DeMets 1983) and has no end; its bar follows from how looks at n and
N ≥ n cases since one beginning hang together, by √(n/N) (Armitage, McPherson & Rowe 1969).

>>> due(100), due(39)
((40, 80), ())
>>> [round(bar, 2) for bar in bars(due(1_000), 0.05)][-1] < 2.7
True
"""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

import numpy as np
from scipy import stats

from rhml.stats.spending import bars_for

FIRST, GROWTH = 40, 2
HALF_USED = 100
"""Cases from which α is used up in earnest."""


def due(cases: int) -> tuple[int, ...]:
    """The counts of the looks that so many cases have allowed."""
    found, size = [], FIRST
    while size <= cases:
        found.append(size)
        size *= GROWTH
    return tuple(found)


def following(cases: int) -> int:
    """The count at which the next look is due."""
    held = due(cases)
    return held[-1] * GROWTH if held else FIRST


def last(arrived: np.ndarray) -> np.ndarray:
    """Which rows the newest look that is due rests on; all of them before the first.

    arrived: when each row could first be judged (n,).
    """
    sizes = due(len(arrived))
    if not sizes:
        return np.ones(len(arrived), bool)
    kept = np.zeros(len(arrived), bool)
    kept[np.argsort(arrived, kind="stable")[: sizes[-1]]] = True
    return kept


def used(cases: float) -> float:
    """The share of α that may be used up by so many cases.

    >>> [round(used(n), 2) for n in (40, 1_000, 100_000)]
    [0.15, 0.7, 0.97]
    """
    return 1 - sqrt(HALF_USED / (HALF_USED + cases))


@lru_cache(maxsize=256)
def bars(sizes: tuple[int, ...], alpha: float) -> tuple[float, ...]:
    """The standard errors that each look must show, so that any passes with a chance of α if nothing is there."""
    uses = np.diff([0.0, *(used(size) for size in sizes)]) * alpha
    # One direction at a time: half of the chance each.
    return bars_for(tuple(size / sizes[-1] for size in sizes), tuple(float(use) / 2 for use in uses))


def as_looked(p: float, sizes: tuple[int, ...], alpha: float = 0.05) -> float:
    """A look's p-value as it counts beside all looks before it: below α just where the look passes its bar.

    NaN stays; 1 before the first look is due.
    """
    if np.isnan(p):
        return p
    return float(min(p * alpha / (2 * stats.norm.sf(bars(sizes, alpha)[-1])), 1.0)) if sizes else 1.0
