"""The cases most like this one, found exactly.

In contribution space two cases are alike when the model treats them alike for the same reasons. Distances
are first taken in single precision, for blocks of cases at once; whatever could be among the nearest, rounding
included, is then measured in double.

>>> import numpy as np
>>> where, how_far = nearest(np.array([[0.0]]), np.array([[3.0], [1.0], [-1.0]]), 2)
>>> where.tolist(), how_far.tolist()
([[1, 2]], [[1.0, 1.0]])
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.machine.explaining.explanation import Scored

BLOCK = 8_192
"""Cases of the pool measured at once."""

QUERIES = 256

ROUNDING = 2.5e-7
"""What single precision may be off by a column, as a share of the squared lengths: twice the worst."""


@dataclass(frozen=True, eq=False)
class Pool:
    """Cases to look among, (n, m + 1) float32: where each lies, and minus half its squared length."""

    laid_out: np.ndarray

    @classmethod
    def of(cls, places: np.ndarray) -> Pool:
        """Lay (n, m) places out once, for any number of searches."""
        laid_out = np.empty((len(places), places.shape[1] + 1), dtype=np.float32)
        laid_out[:, :-1] = places
        laid_out[:, -1] = np.einsum("nm,nm->n", laid_out[:, :-1], laid_out[:, :-1]) / -2
        return cls(laid_out)

    def __len__(self) -> int:
        return len(self.laid_out)


def view(scored: Scored) -> np.ndarray:
    """How the model sees each case (n, m), float32: the points of every action but the last, side by side.

    A case on the other side of a decision's line keeps its place: two that differ little stay near.
    """
    seen = scored.by_action[:, :-1]
    return seen.reshape(len(seen), -1).astype(np.float32)


def nearest(queries: np.ndarray, pool: Pool | np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices and Euclidean distances (q, k) of the k nearest of the pool; of equals the earlier first.

    The pool is read in single precision.
    """
    pool = pool if isinstance(pool, Pool) else Pool.of(pool)
    k = min(k, len(pool))
    indices, distances = np.zeros((len(queries), k), dtype=np.int64), np.zeros((len(queries), k))
    for start in range(0, len(queries) if k else 0, QUERIES):
        some = np.asarray(queries[start : start + QUERIES], dtype=np.float64)
        where, squared = _nearest(some, pool.laid_out, k)
        indices[start : start + QUERIES], distances[start : start + QUERIES] = where, np.sqrt(squared)
    return indices, distances


def _nearest(queries: np.ndarray, pool: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """For a few queries, block by block: who may be nearer than the k-th so far, then exactly."""
    ours = np.hstack([queries, np.ones((len(queries), 1))]).astype(np.float32)
    length = (queries**2).sum(axis=1)
    best, where = np.full((len(queries), k), np.inf), np.full((len(queries), k), len(pool))
    for start in range(0, len(pool), BLOCK):
        block = pool[start : start + BLOCK]
        # q·p − |p|²/2 = (|q|² − |q − p|²)/2: the nearest have the largest.
        closeness = ours @ block.T
        slack = ROUNDING * block.shape[1] * (length - 2 * block[:, -1].min())
        floor = (length - best[:, -1] - slack) / 2 if start else _floor(closeness, k) - slack
        for row in np.flatnonzero(closeness.max(axis=1) >= floor):
            at = np.flatnonzero(closeness[row] >= floor[row])
            exact = ((block[at, :-1].astype(np.float64) - queries[row]) ** 2).sum(axis=1)
            squared = np.concatenate([best[row], exact])
            kept = np.argsort(squared, kind="stable")[:k]
            best[row], where[row] = squared[kept], np.concatenate([where[row], at + start])[kept]
    return where, best


def _floor(closeness: np.ndarray, k: int) -> np.ndarray:
    """The k-th largest of each row; minus infinity where there are fewer."""
    if closeness.shape[1] < k:
        return np.full(len(closeness), -np.inf)
    return np.partition(closeness, -k, axis=1)[:, -k].astype(np.float64)
