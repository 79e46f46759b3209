"""Every measure of every kind of case as counted, from one pass over the decisions.

A measure depends on nothing but the four calls, so decisions are counted once by manager and pattern of calls; all
measures follow from those counts. Where several people judged one case, rows are looked at one by one instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.reports.calls import Calls
from rhml.reports.treated import Four, Kind
from rhml.stats.counted import counted_mean, counted_share
from rhml.stats.intervals import BOOTSTRAP_BELOW, amount, share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample

MOST_CELLS = 20_000_000
Pair = tuple[Measure, Measure]
"""A measure in one kind of case, and in all others."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Pattern of calls (a code a row) and what each pattern is; `alone`: whether each decision has a case of its own."""

    calls: Calls
    four: Four
    pattern: np.ndarray
    patterns: Four
    alone: bool

    @classmethod
    def of(cls, calls: Calls, four: Four) -> Counts:
        """Look at every row once."""
        width = len(calls.domain.action_keys) + 1
        arrays = (four.first, four.shown, four.final, four.right)
        code = np.zeros(len(calls), np.int64)
        for one in arrays:
            code = code * width + (one + 1)
        there = np.flatnonzero(np.bincount(code, minlength=width**4))
        place = np.zeros(width**4, np.int64)
        place[there] = np.arange(len(there))
        parts = [(there // width**k) % width - 1 for k in (3, 2, 1, 0)]
        alone = len(calls) == 0 or int(np.bincount(calls.case).max()) == 1
        return cls(calls, four, place[code], Four(*parts), alone)

    def measures(self, codes: np.ndarray, width: int, kinds: tuple[Kind, ...]) -> list[list[Pair]]:
        """For each measure and each of `width` kinds of case: the share in it, and in the rest."""
        if not self.alone:
            return [[self._of_rows(kind, codes == i) for i in range(width)] for kind in kinds]
        people, p = int(self.calls.manager.max()) + 1, len(self.patterns.final)
        cell = (self.calls.manager * width + codes) * p + self.pattern
        cells, counts = (
            np.unique(cell, return_counts=True) if people * width * p > MOST_CELLS else _counted(cell)
        )
        who, pattern = np.divmod(cells, p)
        found = []
        for kind in kinds:
            among = kind.among(self.patterns)
            hit = among & kind.hit(self.patterns)
            rows, hits = (
                np.bincount(who, counts * keep[pattern], minlength=people * width).reshape(people, width)
                for keep in (among, hit)
            )
            found.append([_pair(rows, hits, i) for i in range(width)])
        return found

    def _of_rows(self, kind: Kind, there: np.ndarray) -> Pair:
        among, hit = kind.among(self.four), kind.hit(self.four)
        return tuple(share(hit[rows], self.calls.sample(rows)) for rows in (among & there, among & ~there))


def _counted(cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    counts = np.bincount(cell)
    cells = np.flatnonzero(counts)
    return cells, counts[cells]


def _pair(rows: np.ndarray, hits: np.ndarray, i: int) -> Pair:
    here = counted_share(rows[:, i], hits[:, i])
    return here, counted_share(rows.sum(axis=1) - rows[:, i], hits.sum(axis=1) - hits[:, i])


def costs(counts: Counts, codes: np.ndarray, width: int, cost: np.ndarray, *, seed: int) -> list[Pair]:
    """The mean cost of a decision in each kind of case, and in the rest; NaN costs are not stated."""
    calls, stated = counts.calls, np.flatnonzero(~np.isnan(cost))
    people, scores = int(calls.manager.max()) + 1, cost[stated]
    cell = calls.manager[stated] * width + codes[stated]
    sums = [
        np.bincount(cell, weights, minlength=people * width).reshape(people, width)
        for weights in (None, scores, scores**2)
    ]
    totals = [one.sum(axis=1) for one in sums]

    def mean(parts: list[np.ndarray], rows: np.ndarray) -> Measure:
        if counts.alone and parts[0].sum() >= BOOTSTRAP_BELOW:
            return counted_mean(*parts)
        at = stated[rows]
        return amount(cost[at], Sample.of(calls.case[at], calls.manager[at]), seed=seed)

    there = codes[stated]
    return [
        (
            mean([one[:, i] for one in sums], there == i),
            mean([total - one[:, i] for total, one in zip(totals, sums, strict=True)], there != i),
        )
        for i in range(width)
    ]
