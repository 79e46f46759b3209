"""How many recommendations change, from what to what, in which segments, and along the probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 50
MOST_VALUES = 12
"""Values of a segment that are named; the rest are counted together."""


@dataclass(frozen=True)
class Pair:
    """How many recommendations change from one action to another."""

    now: str
    then: str
    count: int


@dataclass(frozen=True)
class Share:
    """How many cases are recommended an action, now and then."""

    action: str
    now: int
    then: int


@dataclass(frozen=True)
class SegmentShare:
    """How many cases of a segment's value wait, and how many of their recommendations change; None: all other values."""

    value: str | None
    waiting: int
    changed: int


@dataclass(frozen=True)
class Histogram:
    """Waiting cases along the probability of one action: edges, and counts by recommended action now and then."""

    of: str
    edges: tuple[float, ...]
    now: dict[str, tuple[int, ...]]
    then: dict[str, tuple[int, ...]]


def pairs_of(keys: tuple[str, ...], now: np.ndarray, then: np.ndarray) -> tuple[Pair, ...]:
    """Changes from action to action, most first."""
    size = len(keys)
    moved = (now != then) & (now >= 0)
    code = now[moved] * size + then[moved]
    counts = np.bincount(code, minlength=size * size)
    found = [Pair(keys[c // size], keys[c % size], int(counts[c])) for c in np.flatnonzero(counts)]
    return tuple(sorted(found, key=lambda p: (-p.count, p.now, p.then)))


def segment_shares(
    codes: np.ndarray, names: tuple[str | None, ...], changed: np.ndarray
) -> tuple[SegmentShare, ...]:
    """The values of a segment with most changes; those without one are left out, the rest counted together."""
    known = codes >= 0
    waiting = np.bincount(codes[known], minlength=len(names))
    moved = np.bincount(codes[known & changed], minlength=len(names))
    order = [i for i in np.lexsort((-waiting, -moved)) if waiting[i]]
    top, rest = order[:MOST_VALUES], order[MOST_VALUES:]
    found = [SegmentShare(names[i], int(waiting[i]), int(moved[i])) for i in top]
    if rest:
        found.append(SegmentShare(None, int(waiting[rest].sum()), int(moved[rest].sum())))
    return tuple(found)


def histogram(probability: np.ndarray, now: np.ndarray, then: np.ndarray, keys: tuple[str, ...]) -> Histogram:
    """Counts over 50 equal bins of the first action's probability."""
    place = placed(probability)
    return Histogram(keys[0], edges(), _counted(place, now, keys), _counted(place, then, keys))


def edges() -> tuple[float, ...]:
    """Of the bins."""
    return tuple(i / BINS for i in range(BINS + 1))


def placed(probability: np.ndarray) -> np.ndarray:
    """The bin (n,) in which each probability lies."""
    return np.minimum((probability * BINS).astype(np.int64), BINS - 1)


def _counted(place: np.ndarray, action: np.ndarray, keys: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    table = np.bincount(np.maximum(action, 0) * BINS + place, minlength=len(keys) * BINS)
    return {key: tuple(int(n) for n in table[i * BINS : (i + 1) * BINS]) for i, key in enumerate(keys)}


def together(one: Histogram, other: Histogram) -> Histogram:
    """Both in one picture."""
    now, then = (
        {key: tuple(a + b for a, b in zip(first[key], second[key], strict=True)) for key in first}
        for first, second in ((one.now, other.now), (one.then, other.then))
    )
    return Histogram(one.of, one.edges, now, then)
