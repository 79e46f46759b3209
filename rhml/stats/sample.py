"""Which case and which manager each row belongs to: what every interval has to know.

The variance is the linearised one of survey statistics (Binder 1983) for *these managers*: a row's
deviation is taken from its own manager's mean (cases resampled within manager), and the deviations of one
case are added before they are squared (several people may judge one case). It is what the bootstrap that
resamples cases within managers tends to, without its noise and without its n/(n−1) shortfall. Managers
with fewer than five rows have no spread of their own to measure: they are collapsed into one stratum
(Cochran 1977, §5A.12), which errs on the wide side and keeps an interval from shrinking to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SMALLEST_STRATUM = 5
WIDEST = 4
"""Codes up to so many times as many as their rows are counted as they are."""


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows of a measure: codes of case and stratum from 0, one a row; `alone` where no two rows share a case."""

    cases: np.ndarray
    strata: np.ndarray
    scale: np.ndarray
    alone: bool

    @classmethod
    def of(cls, cases: object, managers: object = None) -> Sample:
        """A sample from two columns of ids; without managers all rows are one stratum."""
        case, alone = _codes(np.asarray(cases))
        return cls._made(case, alone, managers)

    @classmethod
    def rows(cls, n: int, managers: object = None) -> Sample:
        """A sample in which each row is a case of its own."""
        return cls._made(np.arange(n), True, managers)

    @classmethod
    def _made(cls, case: np.ndarray, alone: bool, managers: object) -> Sample:
        strata = np.zeros(len(case), np.int64) if managers is None else _collapsed(np.asarray(managers))
        return cls(case, strata, _scale(case, strata, alone), alone)

    def __len__(self) -> int:
        return len(self.cases)

    def where(self, keep: np.ndarray) -> Sample:
        """The sample of some rows alone."""
        return Sample.of(self.cases[keep], self.strata[keep])

    def count(self, among: np.ndarray | None = None) -> int:
        """How many different cases there are, or are among some rows."""
        if self.alone:
            return len(self) if among is None else int(np.count_nonzero(among))
        cases = self.cases if among is None else self.cases[among]
        return int((np.bincount(cases) > 0).sum()) if len(cases) else 0

    def contributions(self, deviations: np.ndarray) -> np.ndarray:
        """What each case adds to the sum of the deviations; the squares add up to the sum's variance."""
        if not len(deviations):
            return np.zeros(0)
        rows = np.bincount(self.strata)
        means = np.bincount(self.strata, deviations) / np.maximum(rows, 1)
        own = (deviations - means[self.strata]) * self.scale
        return own if self.alone else np.bincount(self.cases, own)

    def variance(self, deviations: np.ndarray) -> float:
        """Variance of the sum of the deviations."""
        return float((self.contributions(deviations) ** 2).sum())


def _codes(ids: np.ndarray) -> tuple[np.ndarray, bool]:
    """Ids as codes from 0 in the order in which they appear, and whether no two are the same."""
    if _are_codes(ids) and (not len(ids) or int(np.bincount(ids).max()) == 1):
        return np.arange(len(ids)), True
    codes, found = pd.factorize(ids, use_na_sentinel=False)
    return codes.astype(np.int64), len(found) == len(ids)


def _are_codes(ids: np.ndarray) -> bool:
    """Whether ids are codes already, hardly wider than they are many, so that counting them costs nothing."""
    return ids.dtype.kind == "i" and (not len(ids) or (ids.min() >= 0 and ids.max() < WIDEST * len(ids)))


def _collapsed(managers: np.ndarray) -> np.ndarray:
    codes = (
        managers
        if _are_codes(managers)
        else pd.factorize(managers, use_na_sentinel=False)[0].astype(np.int64)
    )
    rows = np.bincount(codes)
    small = rows < SMALLEST_STRATUM
    if 0 < rows[small].sum() < SMALLEST_STRATUM and not small.all():
        small |= rows == rows[~small].min()
    return np.where(small[codes], 0, codes + 1) if len(codes) else codes


def _scale(cases: np.ndarray, strata: np.ndarray, alone: bool) -> np.ndarray:
    """√(c/(c−1)) for the c cases of a row's stratum: makes the variance unbiased for the mean."""
    if not len(cases):
        return np.zeros(0)
    if alone:
        distinct = np.bincount(strata).astype(float)
    else:
        width = int(cases.max()) + 1
        pairs = pd.unique(strata * width + cases)
        distinct = np.bincount(pairs // width, minlength=int(strata.max()) + 1).astype(float)
    return np.sqrt(distinct / np.maximum(distinct - 1, 1))[strata]
