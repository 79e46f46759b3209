"""Which rules stand out: every condition and pair of them by histograms, then the best pairs with a third.

A rule's score is twice the log likelihood it gains (one mean lead inside, another outside), less what as many
tries of its length gain by chance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import comb, log

import numpy as np

from rhml.stats.rules.rule import Rule
from rhml.stats.rules.space import Axis
from rhml.stats.rules.tables import Tables

TRIES = 8.0
"""Conditions of one feature that count as tries of their own; neighbouring thresholds say nearly the same."""

Atom = tuple[int, int]


@dataclass(frozen=True)
class Limits:
    """What counts as a segment, and how widely it is looked for.

    smallest, widest: shares of the cases between which it lies: rarer ones teach little, wider ones are no segment.
    fewest: rows below which nothing is said. ahead: a lead smaller than this is none, however far from the usual one.
    kept: pairs that are tried with a third condition. each: rules that one pair of features may put forward.
    most: rules that are put forward; compared: those weighed against each other, by so many of their rows (sample).
    upwards: only more than usual is looked for, whatever the usual is (else a lead of either side).
    """

    smallest: float = 0.05
    widest: float = 0.5
    fewest: int = 25
    ahead: float = 0.05
    kept: int = 250
    each: int = 60
    most: int = 600
    compared: int = 300
    sample: int = 4_000
    upwards: bool = False

    def fits(self, counts: np.ndarray, n: int) -> np.ndarray:
        """Which counts of rows, of n in all, are those of a segment."""
        return (counts >= max(self.fewest, self.smallest * n)) & (counts <= self.widest * n)


USUAL = Limits()


@dataclass(frozen=True)
class Candidate:
    """A rule as conditions of axes, how it scores, and its direction: 1 where the lead is above 0, −1 where below."""

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
    """What a search stands on: the rows that still count, the lead of each, and that beyond what is usual for it.

    Where the rest is a segment, what is left of it only looks like one of the opposite direction: a rule must
    lead by itself too.
    """

    tables: Tables
    live: np.ndarray
    beyond: np.ndarray
    lead: np.ndarray
    limits: Limits = USUAL
    axes: int = 0

    @classmethod
    def of(
        cls,
        space: tuple[Axis, ...],
        beyond: np.ndarray,
        lead: np.ndarray,
        limits: Limits = USUAL,
        axes: int | None = None,
    ) -> Ground:
        """All rows of a space; only its first `axes` are looked at, all unless given."""
        first = len(space) if axes is None else axes
        return cls(Tables.of(space, beyond), np.arange(len(lead)), beyond, lead, limits, first)

    def without(self, taken: np.ndarray) -> Ground:
        """The rows that are left when some (a mask over all) are set aside."""
        gone = self.live[taken[self.live]]
        return replace(self, tables=self.tables.less(gone, self.beyond), live=self.live[~taken[self.live]])

    @property
    def mean(self) -> float:
        """The mean lead beyond usual of the rows that count."""
        return float(self.beyond[self.live].mean())

    def scores(self, sums: np.ndarray, counts: np.ndarray, length: int) -> np.ndarray:
        """The gain of each rule less the tries of its length; −inf for those too small, too wide, or not ahead."""
        n, limits = len(self.live), self.limits
        fits = limits.fits(counts, n)
        safe = np.where(fits, counts, 1.0)
        spread = max(float(self.beyond[self.live].var()), 1e-9)
        gain = sums**2 / (safe * np.maximum(1 - safe / n, 1e-9) * spread)
        if limits.upwards:
            ahead = sums / safe >= limits.ahead
        else:
            ahead = np.sign(sums) * (sums / safe + self.lead[self.live].mean()) >= limits.ahead
        return np.where(fits & ahead, gain - tries(self.axes, length), -np.inf)


def tries(features: int, length: int) -> float:
    """What the best of as many rules of this length gains by chance, about."""
    return 2 * (log(max(comb(features, min(length, features)), 1)) + length * log(TRIES))


def candidates(ground: Ground) -> list[Candidate]:
    """The best rules of one, two and three conditions, best first."""
    if not ground.axes:
        return []
    most = ground.limits.most
    pairs = _pairs(ground, most)
    found = [*_ones(ground, most), *pairs, *_threes(ground, pairs[: ground.limits.kept], most)]
    return sorted(found, key=lambda c: -c.score)[:most]


def _ones(ground: Ground, most: int) -> list[Candidate]:
    counts, sums = ground.tables.ones()
    counts, sums = counts[: ground.axes], sums[: ground.axes]
    lean = sums - ground.mean * counts
    atoms = np.stack([x.ravel() for x in np.indices(counts.shape)], axis=1)
    return _best(ground.scores(lean, counts, 1).ravel(), lean.ravel(), atoms, most)


def _best(scores: np.ndarray, sums: np.ndarray, atoms: np.ndarray, most: int) -> list[Candidate]:
    """The best of some rules, given as rows of atoms (axis, condition, axis, condition …)."""
    best = (
        np.argsort(-scores, kind="stable") if len(scores) <= most else np.argpartition(-scores, most)[:most]
    )
    best = best[np.isfinite(scores[best])]
    best = best[np.argsort(-scores[best], kind="stable")]
    rows, signs = atoms[best].tolist(), np.where(sums[best] > 0, 1, -1).tolist()
    return [
        Candidate(tuple(zip(row[::2], row[1::2], strict=True)), score, sign)
        for row, score, sign in zip(rows, scores[best].tolist(), signs, strict=True)
    ]


def _pairs(ground: Ground, most: int) -> list[Candidate]:
    """Two conditions, on two features or (from … to …) on one; no pair of features crowds out the others."""
    tables, each = ground.tables, ground.limits.each
    counts, sums = tables.twos()
    lean = sums - ground.mean * counts
    wide = counts.shape[2]
    scores, lean = (x.reshape(len(counts), -1) for x in (ground.scores(lean, counts, 2), lean))
    scores[tables.second >= ground.axes] = -np.inf
    rows, cells = np.nonzero(np.isfinite(scores))
    if each < scores.shape[1]:
        best = np.argpartition(-scores, each, axis=1)[:, :each]
        rows, cells = np.repeat(np.arange(len(scores)), each), best.ravel()
    first, second = np.divmod(cells, wide)
    atoms = np.stack([tables.first[rows], first, tables.second[rows], second], axis=1)
    return _best(scores[rows, cells], lean[rows, cells], atoms, most)


def _threes(ground: Ground, pairs: list[Candidate], most: int) -> list[Candidate]:
    """Each of the best pairs with every third condition."""
    if not pairs:
        return []
    known = np.array([[*first, *second] for first, second in (p.atoms for p in pairs)])
    counts, sums = ground.tables.threes(known, ground.live, ground.beyond)
    lean = sums - ground.mean * counts
    scores = ground.scores(lean, counts, 3)
    scores[np.arange(len(known)), known[:, 0]] = scores[np.arange(len(known)), known[:, 2]] = -np.inf
    scores[:, ground.axes :] = -np.inf
    at, axis, condition = np.nonzero(np.isfinite(scores))
    atoms = np.column_stack([known[at], axis, condition])
    best = _best(scores[at, axis, condition], lean[at, axis, condition], atoms, 3 * most)
    return list({tuple(sorted(c.atoms)): c for c in reversed(best)}.values())
