"""Which rules stand out: every condition and pair of them by histograms, then the best pairs with a third.

A rule's score is twice the log likelihood it gains (one mean lead inside, another outside), less what as many
tries of its length gain by chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, log

import numpy as np

from rhml.human.lessons.rule import Rule
from rhml.human.lessons.space import Axis

SMALLEST, WIDEST = 0.05, 0.5
"""Shares of the cases between which a lesson lies: rarer ones teach little, wider ones are no segment."""

FEWEST = 25
TRIES = 8.0
"""Conditions of one feature that count as tries of their own; neighbouring thresholds say nearly the same."""

AHEAD = 0.05
"""A lead smaller than this is none, however far it is from the usual one."""

KEPT = 250
"""Pairs that are tried with a third condition."""

Atom = tuple[int, int]


@dataclass(frozen=True)
class Candidate:
    """A rule as conditions of axes, how it scores, and its direction: 1 where the model leads, −1 where people do."""

    atoms: tuple[Atom, ...]
    score: float
    sign: int

    def holds(self, space: tuple[Axis, ...]) -> np.ndarray:
        """Which rows it covers."""
        return np.logical_and.reduce([space[axis].holds(at) for axis, at in self.atoms])

    def rule(self, space: tuple[Axis, ...]) -> Rule:
        """The rule in words' form."""
        return Rule(tuple(space[axis].conditions[at] for axis, at in self.atoms))


@dataclass(frozen=True, eq=False)
class Ground:
    """What a search stands on: the rows that still count, and the lead beyond usual of each (its mean taken off).

    `usual` is that mean as a lead of the model over people: where the rest is a lesson, what is left of it only
    looks like one of the opposite direction.
    """

    space: tuple[Axis, ...]
    bins: tuple[np.ndarray, ...]
    lean: np.ndarray
    spread: float
    usual: float = 0.0

    @classmethod
    def of(cls, space: tuple[Axis, ...], live: np.ndarray, beyond: np.ndarray, lead: np.ndarray) -> Ground:
        """The rows `live` of a space."""
        lean = beyond[live] - beyond[live].mean()
        bins = tuple(axis.bins[live] for axis in space)
        return cls(space, bins, lean, max(float(lean.var()), 1e-9), float(lead[live].mean()))

    def scores(self, sums: np.ndarray, counts: np.ndarray, length: int) -> np.ndarray:
        """The gain of each rule less the tries of its length; −inf for those too small, too wide, or not ahead."""
        n = len(self.lean)
        low, high = max(FEWEST, SMALLEST * n), WIDEST * n
        fits = (counts >= low) & (counts <= high)
        safe = np.where(fits, counts, 1.0)
        gain = sums**2 / (safe * np.maximum(1 - safe / n, 1e-9) * self.spread)
        ahead = np.sign(sums) * (sums / safe + self.usual) >= AHEAD
        return np.where(fits & ahead, gain - tries(len(self.space), length), -np.inf)


def tries(features: int, length: int) -> float:
    """What the best of as many rules of this length gains by chance, about."""
    return 2 * (log(max(comb(features, min(length, features)), 1)) + length * log(TRIES))


def candidates(ground: Ground, *, most: int = 600) -> list[Candidate]:
    """The best rules of one, two and three conditions, best first."""
    pairs = _pairs(ground, most)
    found = [*_ones(ground, most), *pairs, *_threes(ground, pairs[:KEPT], most)]
    return sorted(found, key=lambda c: -c.score)[:most]


def _ones(ground: Ground, most: int) -> list[Candidate]:
    tables = []
    for i, (axis, bins) in enumerate(zip(ground.space, ground.bins, strict=True)):
        counts = axis.meets @ np.bincount(bins, minlength=axis.width)
        sums = axis.meets @ np.bincount(bins, ground.lean, axis.width)
        atoms = np.stack([np.full(len(counts), i), np.arange(len(counts))], axis=1)
        tables.append((ground.scores(sums, counts, 1), sums, atoms))
    return _best(tables, most)


def _best(tables: list[tuple[np.ndarray, np.ndarray, np.ndarray]], most: int) -> list[Candidate]:
    """The best rows of some tables of scores, sums and atoms (axis, condition, axis, condition …)."""
    scores, sums = (np.concatenate([t[k].ravel() for t in tables]) for k in (0, 1))
    atoms = np.concatenate([t[2] for t in tables])
    best = (
        np.argsort(-scores, kind="stable") if len(scores) <= most else np.argpartition(-scores, most)[:most]
    )
    best = best[np.isfinite(scores[best])]
    best = best[np.argsort(-scores[best], kind="stable")]
    return [
        Candidate(
            tuple((int(row[k]), int(row[k + 1])) for k in range(0, len(row), 2)),
            float(score),
            1 if lean > 0 else -1,
        )
        for row, score, lean in zip(atoms[best], scores[best], sums[best], strict=True)
    ]


def _pairs(ground: Ground, most: int) -> list[Candidate]:
    tables = []
    for i, first in enumerate(ground.space):
        tables += _ranges(ground, i)
        for j in range(i + 1, len(ground.space)):
            second = ground.space[j]
            cell, size = ground.bins[i] * second.width + ground.bins[j], first.width * second.width
            counts = _both(np.bincount(cell, minlength=size), first, second)
            sums = _both(np.bincount(cell, ground.lean, size), first, second)
            tables.append(_keep(ground.scores(sums, counts, 2), sums, i, j))
    return _best(tables, most)


def _both(cells: np.ndarray, first: Axis, second: Axis) -> np.ndarray:
    return first.meets @ cells.reshape(first.width, second.width) @ second.meets.T


def _keep(scores: np.ndarray, sums: np.ndarray, i: int, j: int, most: int = 60):
    """The best cells of one table, so that no single pair of features crowds out the others."""
    flat = scores.ravel()
    at = np.argpartition(-flat, most)[:most] if len(flat) > most else np.arange(len(flat))
    a, b = np.divmod(at, scores.shape[1])
    return flat[at], sums.ravel()[at], np.stack([np.full(len(at), i), a, np.full(len(at), j), b], axis=1)


def _ranges(ground: Ground, i: int) -> list:
    """Two conditions on one number: from … to …"""
    axis, bins = ground.space[i], ground.bins[i]
    if axis.conditions[0].op != "<=":
        return []
    half = len(axis.conditions) // 2
    below, above = axis.meets[:half], axis.meets[half:]
    counts = (below * np.bincount(bins, minlength=axis.width)) @ above.T
    sums = (below * np.bincount(bins, ground.lean, axis.width)) @ above.T
    scores, kept, atoms = _keep(ground.scores(sums, counts, 2), sums, i, i)
    atoms[:, 3] += half
    return [(scores, kept, atoms)]


def _threes(ground: Ground, pairs: list[Candidate], most: int) -> list[Candidate]:
    """Each of the best pairs with every third condition."""
    if not pairs:
        return []
    counts, sums = _inside(ground, pairs)
    known = np.array([[*first, *second] for first, second in (p.atoms for p in pairs)])
    tables, start = [], 0
    for k, axis in enumerate(ground.space):
        part = slice(start, start + axis.width)
        start += axis.width
        of = np.flatnonzero((known[:, 0] != k) & (known[:, 2] != k))
        c, s = counts[of, part] @ axis.meets.T, sums[of, part] @ axis.meets.T
        m = c.shape[1]
        third = np.stack([np.full(len(of) * m, k), np.tile(np.arange(m), len(of))], axis=1)
        tables.append((ground.scores(s, c, 3), s, np.hstack([np.repeat(known[of], m, axis=0), third])))
    return list({tuple(sorted(c.atoms)): c for c in reversed(_best(tables, 3 * most))}.values())


def _inside(ground: Ground, pairs: list[Candidate]) -> tuple[np.ndarray, np.ndarray]:
    """For each pair how many of its rows lie in every bin of every axis, and the sum of their leads."""
    starts = np.cumsum([0, *(axis.width for axis in ground.space)])
    flat = np.stack(ground.bins, axis=1) + starts[:-1]
    counts, sums = (np.zeros((len(pairs), starts[-1])) for _ in range(2))
    for row, pair in enumerate(pairs):
        rows = np.flatnonzero(
            np.logical_and.reduce([ground.space[a].meets[c, ground.bins[a]] > 0 for a, c in pair.atoms])
        )
        cells = flat[rows].ravel()
        counts[row] = np.bincount(cells, minlength=starts[-1])
        sums[row] = np.bincount(cells, np.repeat(ground.lean[rows], len(ground.space)), starts[-1])
    return counts, sums
