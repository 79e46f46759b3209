"""What is left of numbers when the people, the cases and what the cases are like are taken out.

Frisch, Waugh and Lovell: a regression with an intercept a manager, and where cases were judged by several
also one a case, either whole (*fixed*) or partially pooled towards none (*pooled*, the best linear unbiased
weights of a random effect). Errors add up each case's contributions before squaring (Liang & Zeger 1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

MOST_PEOPLE = 2_000
"""With more people than this their intercepts and the cases' are not solved for together."""

JUDGED_AGAIN = 1.2
"""Calls a case from which cases say something about themselves."""

NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Rows:
    """Codes of manager and case of each row, and how much of each case's own mean is taken out (κ, 0 to 1)."""

    who: np.ndarray
    case: np.ndarray
    taken: np.ndarray | None = None

    @classmethod
    def of(cls, managers: object, cases: object) -> Rows:
        """Rows from two columns of ids."""
        who, case = (
            pd.factorize(np.asarray(ids), use_na_sentinel=False)[0].astype(np.int64)
            for ids in (managers, cases)
        )
        return cls(who, case)

    @property
    def judged_again(self) -> bool:
        """Whether enough cases were judged more than once to say how hard each is."""
        people = int(self.who.max()) + 1 if len(self.who) else 0
        again = len(self.case) >= JUDGED_AGAIN * max(distinct(self.case), 1)
        return again and people <= MOST_PEOPLE

    def fixed(self) -> Rows:
        """Every case compared with itself alone."""
        return Rows(self.who, self.case, np.ones(int(self.case.max()) + 1))

    def pooled(self, left: np.ndarray) -> Rows:
        """Each case's own level taken out as far as `left`, what a first fit leaves unexplained, vouches for it."""
        counts = np.bincount(self.case)
        pairs = float((counts * (counts - 1)).sum())
        between = (np.bincount(self.case, left) ** 2).sum() - (left**2).sum()
        shared = max(float(between) / pairs, 0.0) if pairs else 0.0
        own = max(float((left**2).mean()) - shared, 0.01 * shared, NOTHING)
        return Rows(self.who, self.case, counts * shared / (own + counts * shared))

    def weighed(self, columns: np.ndarray) -> np.ndarray:
        """The columns (n, k) without what of each case's mean is to be taken out."""
        if self.taken is None:
            return columns
        counts = np.maximum(np.bincount(self.case), 1)
        share = self.taken / counts
        return columns - _sums(self.case, columns, len(counts), share)[self.case]

    def without_people(self, columns: np.ndarray) -> np.ndarray:
        """The columns (n, k) less what an intercept a manager explains of them."""
        counts = np.maximum(np.bincount(self.who), 1)
        if self.taken is None:
            return columns - _sums(self.who, columns, len(counts), 1 / counts)[self.who]
        seen = np.maximum(np.bincount(self.case), 1)
        met = sparse.coo_array((np.ones(len(self.who)), (self.case, self.who))).tocsr()
        gram = -(met.T @ sparse.dia_array((self.taken / seen, 0), shape=(len(seen),) * 2) @ met).toarray()
        # The small ridge: where all cases are taken out whole, one intercept is not needed.
        gram[np.diag_indices_from(gram)] += counts * (1 + NOTHING)
        sums = _sums(self.who, self.weighed(columns), len(counts))
        return columns - np.linalg.solve(gram, sums)[self.who]


def distinct(codes: np.ndarray) -> int:
    """How many different codes (0 and up) there are; a sort of a million would take longer than the regression."""
    return int((np.bincount(codes) > 0).sum()) if len(codes) else 0


def _sums(codes: np.ndarray, columns: np.ndarray, width: int, times: np.ndarray | float = 1.0) -> np.ndarray:
    """The sum of each column (n, k) by code, times a factor a code: (width, k)."""
    n = len(codes)
    places = sparse.csr_array((np.ones(n), codes, np.arange(n + 1)), shape=(n, width))
    return (places.T @ columns) * np.reshape(times, (-1, 1))


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (k,) with their covariance (k, k), and what it rests on.

    `weight` is how much of the columns is left to estimate them from, `left` what they do not explain (n,),
    `free` and `cases` the degrees of freedom of rows and of cases.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    weight: np.ndarray
    left: np.ndarray
    free: int
    cases: int


def fit(right: np.ndarray, columns: np.ndarray, mix: np.ndarray, rows: Rows) -> Fit:
    """Regress right (n,) on columns (n, k) with managers, cases and the case mix (n, m) taken out."""
    width = columns.shape[1]
    y, d, rank = left_over(right, columns, mix, rows)
    weighed = rows.weighed(d)
    weight = weighed.T @ d
    inverse = np.linalg.pinv(weight, rcond=1e-10, hermitian=True)
    coefficients = inverse @ (weighed.T @ y)
    left = y - d @ coefficients
    residual = rows.weighed(left[:, None])[:, 0]
    parts = _sums(rows.case, d * residual[:, None], int(rows.case.max()) + 1) @ inverse
    people, cases = distinct(rows.who), int((np.abs(parts) > 0).any(axis=1).sum())
    free = len(right) - people - rank - width
    corrected = cases / max(cases - 1, 1) * (len(right) - 1) / max(free, 1)
    return Fit(coefficients, parts.T @ parts * corrected, weight, left, free, cases)


def left_over(
    right: np.ndarray, columns: np.ndarray, mix: np.ndarray, rows: Rows
) -> tuple[np.ndarray, np.ndarray, int]:
    """What is left of right (n,) and of columns (n, k), and how many columns of the case mix say something."""
    width = columns.shape[1] + 1
    stacked = np.column_stack([right, columns, mix]).astype(float, copy=False)
    before = np.einsum("ij,ij->j", stacked, stacked)
    stacked = rows.without_people(stacked)
    gram = rows.weighed(stacked).T @ stacked
    speaks = width + np.flatnonzero(gram.diagonal()[width:] > NOTHING * np.maximum(before[width:], 1.0))
    if not len(speaks):
        return stacked[:, 0], stacked[:, 1:width], 0
    among = gram[np.ix_(speaks, speaks)]
    rank = int(np.linalg.matrix_rank(among, hermitian=True))
    explained = np.zeros((stacked.shape[1], width))
    explained[:width] = np.eye(width)
    explained[speaks] = -np.linalg.pinv(among, rcond=1e-10, hermitian=True) @ gram[speaks, :width]
    kept = stacked @ explained
    return kept[:, 0], kept[:, 1:], rank
