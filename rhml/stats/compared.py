"""Calls to compare over time: who made them, on which case, right or wrong, and what the cases are like.

One value that reports and the study of people's skill share, so that both speak of the same change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.stats.change import changes, wider
from rhml.stats.measure import Measure
from rhml.stats.periods import CALENDAR, FIXED_ORDER, Cut, answering, calendar, one_order, practice
from rhml.stats.within import Rows, fit

WHY_PRACTICE = (
    "The earlier and the later half of the calendar hold mostly different people, so each person's own earlier "
    "calls are compared with their own later ones, whenever those were."
)
WHY_CALENDAR = "The same people decided in both halves, so the earlier half is compared with the later one."


@dataclass(frozen=True, eq=False)
class Compared:
    """Judged calls that have a time, and both ways to part them into earlier and later.

    right: 0/1. manager, case: codes. mix: one or more readings (n, k) of what the cases are like. kinds: codes of
    the kinds of case within which people are compared with themselves. All are one a call.
    """

    right: np.ndarray
    manager: np.ndarray
    case: np.ndarray
    times: pd.Series
    mix: tuple[np.ndarray, ...]
    kinds: np.ndarray
    by_calendar: Cut
    by_practice: Cut
    one_order: bool

    @classmethod
    def of(
        cls,
        right: np.ndarray,
        manager: np.ndarray,
        case: np.ndarray,
        times: pd.Series,
        mix: tuple[np.ndarray, ...],
        kinds: np.ndarray | None = None,
        *,
        at: pd.Timestamp,
    ) -> Compared:
        """Calls parted at a moment, and each manager's own at the middle."""
        cuts = calendar(times, manager, at), practice(times, manager)
        kinds = np.zeros(len(right), np.int64) if kinds is None else kinds
        return cls(right, manager, case, times, mix, kinds, *cuts, one_order(times, manager, case))

    def __len__(self) -> int:
        return len(self.right)

    @property
    def cut(self) -> Cut:
        """The way to part them that can answer."""
        return answering(self.by_calendar, self.by_practice)

    @property
    def why(self) -> str:
        """Why that way, in one sentence."""
        return WHY_CALENDAR if self.cut.name == CALENDAR else WHY_PRACTICE

    def changes(self, cut: Cut, *, levels: tuple[float, ...] = (0.95,)) -> list[Measure]:
        """The standardized change of accuracy under a cut, within people, on like cases; one a level."""
        if self.one_order and cut.placed.any():
            return [Measure.unknown(FIXED_ORDER, int(cut.placed.sum()))] * len(levels)
        return self._changes(cut, cut.placed, self.mix, levels)

    def beside(self, cut: Cut, other: Cut) -> Measure:
        """The change under a cut while the other one is held alike: what the two can tell apart."""
        both = tuple(np.column_stack([columns, other.later]) for columns in self.mix)
        return self._changes(cut, cut.placed & other.placed, both, (0.95,))[0]

    def _changes(
        self, cut: Cut, keep: np.ndarray, mix: tuple[np.ndarray, ...], levels: tuple[float, ...]
    ) -> list[Measure]:
        readings = [
            changes(
                self.right[keep],
                cut.later[keep],
                mix=columns[keep],
                cases=self.case[keep],
                managers=self.manager[keep],
                kinds=self.kinds[keep],
                levels=levels,
            )
            for columns in mix
        ]
        return [wider(list(at_level)) for at_level in zip(*readings, strict=True)]

    def standardized(self, cut: Cut) -> np.ndarray:
        """Right or wrong (n,) as it would be on a case like all others; NaN for calls the cut cannot place.

        What the case mix explains is taken off, and what *others* called on the same case, partially pooled.
        """
        found, keep = np.full(len(self), np.nan), cut.placed
        if not keep.any():
            return found
        right, rows = self.right[keep].astype(float), Rows.of(self.manager[keep], self.case[keep])
        mix = self.mix[0][keep]
        mix = mix - mix.mean(axis=0)
        later = cut.later[keep].astype(float)
        both = np.column_stack([later, mix])
        fitted = fit(right, both, np.zeros((len(right), 0)), rows)
        like = right - mix @ fitted.coefficients[1:]
        found[keep] = like - _by_others(fitted.left, rows) if rows.judged_again else like
        return found


def _by_others(left: np.ndarray, rows: Rows) -> np.ndarray:
    """How much easier than expected others found the same case, pooled towards nothing (n,)."""
    counts, sums = np.bincount(rows.case), np.bincount(rows.case, left)
    pairs = float((counts * (counts - 1)).sum())
    shared = max(float((sums**2).sum() - (left**2).sum()) / pairs, 0.0) if pairs else 0.0
    own = max(float((left**2).mean()) - shared, 1e-9)
    others = (counts - 1)[rows.case]
    return (sums[rows.case] - left) * shared / (own + others * shared)
