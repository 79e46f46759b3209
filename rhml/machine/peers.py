"""The cases most like this one, found exactly.

In contribution space two cases are alike when the model treats them alike for the same reasons.

>>> import numpy as np
>>> where, how_far = nearest(np.array([[0.0]]), np.array([[3.0], [1.0], [-1.0]]), 2)
>>> where.tolist(), how_far.tolist()
([[1, 2]], [[1.0, 1.0]])
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

CELLS = 4_000_000
"""Distances held at once: 32 MB, whatever the number of cases."""


def nearest(queries: np.ndarray, pool: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices and Euclidean distances (q, k) of the k nearest of the pool; of equals the earlier first."""
    k = min(k, len(pool))
    indices = np.zeros((len(queries), k), dtype=np.int64)
    distances = np.zeros((len(queries), k))
    if not k:
        return indices, distances
    batch = max(1, min(len(queries), 256))
    for start in range(0, len(queries), batch):
        some = np.asarray(queries[start : start + batch], dtype=np.float64)
        squared, where = _nearest(some, pool, k)
        indices[start : start + batch], distances[start : start + batch] = where, np.sqrt(squared)
    return indices, distances


def _nearest(queries: np.ndarray, pool: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    best = np.full((len(queries), 0), np.inf)
    where = np.zeros((len(queries), 0), dtype=np.int64)
    chunk = max(k, CELLS // len(queries) // max(1, pool.shape[1] // 8))
    for start in range(0, len(pool), chunk):
        part = cdist(queries, np.asarray(pool[start : start + chunk], dtype=np.float64), "sqeuclidean")
        at = _smallest(part, k)
        best = np.hstack([best, np.take_along_axis(part, at, axis=1)])
        where = np.hstack([where, at + start])
        kept = np.argsort(best, axis=1, kind="stable")[:, :k]
        best, where = np.take_along_axis(best, kept, axis=1), np.take_along_axis(where, kept, axis=1)
    return best, where


def _smallest(distances: np.ndarray, k: int) -> np.ndarray:
    """Column indices of the k smallest of each row in ascending index; ties go to the earlier column."""
    if distances.shape[1] <= k:
        return np.broadcast_to(np.arange(distances.shape[1]), distances.shape)
    limit = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]
    # A stable sort of three ranks: nearer than the limit, exactly at it, beyond it.
    rank = np.where(distances < limit, 0, np.where(distances == limit, 1, 2)).astype(np.int8)
    return np.sort(np.argsort(rank, axis=1, kind="stable")[:, :k], axis=1)
