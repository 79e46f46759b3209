"""Sums of many parts at once: what each part's rows come to, and how far that sum may be off.

Where each row is a case of its own, the rows, sum and sum of squares of each manager tell all that `stats.sample`
reads from the rows themselves, so that millions of rows are added up where they lie: with n rows and Q squares in a
stratum, the variance of its sum is (Q − S²/n)·n/(n−1).

>>> import numpy as np
>>> part, manager = np.array([0, 0, 1]), np.array([10, 10, 20])
>>> [one.total for one in parted(part, manager, np.array([4.0, 5.0, 6.0]), np.array([4.0, 5.0, 6.0]))]
[9.0, 6.0]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.stats.sample import SMALLEST_STRATUM

ROUNDING = 1e-12
"""A spread below this share of the squares is what subtracting leaves of equal numbers."""


@dataclass(frozen=True)
class Sums:
    """`n` rows on `cases` different cases that add up to `total`, and the variance of that sum."""

    n: int
    cases: int
    total: float
    variance: float


def over_cases(n: int, hits: int, cases: int, aa: float, ao: float, oo: float) -> Sums:
    """The hits among n rows, from sums over cases of a², ao and o², a case having a rows and o hits among them.

    The same as `stats.sample` has it for rows of one stratum: deviations are added up within a case before they are
    squared.

    >>> over_cases(4, 2, 2, 8, 4, 4).variance > over_cases(4, 2, 4, 4, 2, 2).variance
    True
    """
    p = hits / n if n else 0.0
    spread = max(oo - 2 * p * ao + p * p * aa, 0.0)
    return Sums(int(n), int(cases), float(hits), float(spread * cases / max(cases - 1, 1)))


def parted(part: np.ndarray, rows: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> list[Sums]:
    """The sums of each part (codes from 0), from one entry a part and manager, each row being a case of its own.

    rows, sums, squares: how many, what they add up to, and what their squares do; entries without rows count as
    nothing.
    """
    width = int(part.max()) + 1 if len(part) else 0
    there = rows > 0
    part, rows, sums, squares = part[there], rows[there].astype(float), sums[there], squares[there]
    few = _together(part, rows, width)
    own = np.bincount(part[~few], _variance(rows[~few], sums[~few], squares[~few]), width)
    shared = _variance(*(np.bincount(part[few], x[few], width) for x in (rows, sums, squares)))
    n, total = np.bincount(part, rows, width), np.bincount(part, sums, width)
    return [
        Sums(int(count), int(count), float(added), float(variance))
        for count, added, variance in zip(n, total, own + shared, strict=True)
    ]


def _together(part: np.ndarray, rows: np.ndarray, width: int) -> np.ndarray:
    """Entries that share one stratum: managers with few rows, and the next larger where those alone are too few."""
    small = rows < SMALLEST_STRATUM
    held = np.bincount(part[small], rows[small], width)
    least = np.full(width, np.inf)
    np.minimum.at(least, part[~small], rows[~small])
    lone = (held > 0) & (held < SMALLEST_STRATUM)
    return small | (lone[part] & (rows == least[part]))


def _variance(rows: np.ndarray, sums: np.ndarray, squares: np.ndarray) -> np.ndarray:
    spread = squares - np.divide(sums**2, rows, out=np.zeros(len(rows)), where=rows > 0)
    spread = np.where(spread <= ROUNDING * squares, 0.0, spread)
    return spread * rows / np.maximum(rows - 1, 1)
