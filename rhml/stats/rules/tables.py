"""Counts of all rules of one and two conditions at once, from one histogram a pair of features.

A pair of features is counted once, cell by cell; what a pair of conditions covers is a sum of cells (two small
matrix products). When rows are set aside only they are counted again, and taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rhml.stats.rules.space import Axis

SPARSE = 0.7


@dataclass(frozen=True, eq=False)
class Tables:
    """For each pair of axes (`first`, `second`; an axis with itself for ranges) rows and their leads, cell by cell.

    bins: (axes, rows); meets: (axes, conditions, bins) as 0 and 1, padded with conditions that nothing meets.
    """

    space: tuple[Axis, ...]
    bins: np.ndarray
    meets: np.ndarray
    first: np.ndarray
    second: np.ndarray
    counts: np.ndarray
    sums: np.ndarray

    @classmethod
    def of(cls, space: tuple[Axis, ...], lead: np.ndarray) -> Tables:
        """Count all rows."""
        wide, many = (
            max((a.width for a in space), default=1),
            max((len(a.conditions) for a in space), default=1),
        )
        meets = np.zeros((len(space), many, wide))
        for at, axis in enumerate(space):
            meets[at, : len(axis.conditions), : axis.width] = axis.meets
        bins = np.array([axis.bins for axis in space], np.intp).reshape(len(space), -1)
        first, second = np.triu_indices(len(space))
        empty = cls(space, bins, meets, first, second, np.zeros(0), np.zeros(0))
        counts, sums = empty._counted(bins, lead)
        return replace(empty, counts=counts, sums=sums)

    def less(self, gone: np.ndarray, lead: np.ndarray) -> Tables:
        """The tables without some rows, by their places."""
        counts, sums = self._counted(self.bins[:, gone], lead[gone])
        return replace(self, counts=self.counts - counts, sums=self.sums - sums)

    def _counted(self, bins: np.ndarray, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and leads in each cell of each pair; rows without a lead need no adding up."""
        wide = self.meets.shape[2]
        size, shape = wide * wide, (len(self.first), wide, wide)
        leading = np.flatnonzero(lead)
        sparse = len(leading) < SPARSE * len(lead)
        weights, own = (lead[leading], bins[:, leading]) if sparse else (lead, bins)
        counts, sums = (np.empty((len(self.first), size)) for _ in range(2))
        scaled, scaled_own = bins * wide, own * wide
        cell, own_cell = np.empty(bins.shape[1], np.intp), np.empty(own.shape[1], np.intp)
        for at, (i, j) in enumerate(zip(self.first.tolist(), self.second.tolist(), strict=True)):
            np.add(scaled[i], bins[j], out=cell)
            counts[at] = np.bincount(cell, minlength=size)
            if sparse:
                np.add(scaled_own[i], own[j], out=own_cell)
            sums[at] = np.bincount(own_cell if sparse else cell, weights, size)
        return counts.reshape(shape), sums.reshape(shape)

    def ones(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and leads of each condition: (axes, conditions)."""
        own = self.first == self.second
        counts, sums = (np.einsum("pkk->pk", x[own]) for x in (self.counts, self.sums))
        return tuple(np.matmul(self.meets, x[:, :, None])[:, :, 0] for x in (counts, sums))

    def twos(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows and leads of each pair of conditions: (pairs, conditions, conditions); of one axis only ranges."""
        left, right = self.meets[self.first], self.meets[self.second].transpose(0, 2, 1).copy()
        for at in np.flatnonzero(self.first == self.second):
            conditions = self.space[self.first[at]].conditions
            half = len(conditions) // 2 if conditions and conditions[0].op == "<=" else 0
            left[at, half:], right[at, :, :half] = 0.0, 0.0
        return tuple(np.matmul(np.matmul(left, x), right) for x in (self.counts, self.sums))

    def threes(self, pairs: np.ndarray, live: np.ndarray, lead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rows and leads of each pair (axis, condition, axis, condition) with each third: (pairs, axes, conditions)."""
        axes, _, wide = self.meets.shape
        flat = np.ascontiguousarray((self.bins[:, live] + np.arange(axes)[:, None] * wide).T)
        leads, size = lead[live], axes * wide
        counts, sums = (np.zeros((len(pairs), axes, wide)) for _ in range(2))
        held = {(x, y): self.meets[x, y].astype(bool)[self.bins[x, live]]
                for x, y in {pair for a, c, b, d in pairs.tolist() for pair in ((a, c), (b, d))}}  # fmt: skip
        for at, (a, c, b, d) in enumerate(pairs.tolist()):
            inside = np.flatnonzero(held[a, c] & held[b, d])
            counts[at] = np.bincount(flat[inside].ravel(), minlength=size).reshape(axes, wide)
            telling = inside[leads[inside] != 0]
            weights = np.repeat(leads[telling], axes)
            sums[at] = np.bincount(flat[telling].ravel(), weights, size).reshape(axes, wide)
        thirds = self.meets.transpose(0, 2, 1)
        return tuple(np.matmul(x.transpose(1, 0, 2), thirds).transpose(1, 0, 2) for x in (counts, sums))
