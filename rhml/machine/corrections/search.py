"""Where is the model off? Every segment of at most two binned conditions, and what chance alone would show.

For a segment s the score statistic is U'V⁻¹U with U = (Σ r, Σ r·m), r the residual of an action and m its
margin, V their covariance (Rao 1948): it sees a shift and a change of slope. Chance is known from permuting
outcomes among cases of about the same probability, so that an overall drift of the model counts as none; the
maximum over all segments then has a Gumbel tail with the scale 2 of a χ² with two degrees (its location is
fitted), which answers for levels finer than the number of permutations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from rhml.machine.corrections.segments import Condition, Facts

BINS = 8
LEVELS = 7
NEIGHBOURS = 30
LEAST_CASES = 10
LEAST_INFORMATION = 1.5
"""Σ p(1 − p) in a segment, below which the statistic is far from its law."""

WIDEST = 0.5
"""A segment of more than half of the cases is no exception but the rule: that is drift, for a retraining."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Each feature in at most nine bins: codes (n, d), and the conditions made of whole bins."""

    features: tuple[str, ...]
    codes: np.ndarray
    masks: tuple[np.ndarray, ...]
    conditions: tuple[tuple[Condition | None, ...], ...]

    @classmethod
    def of(cls, facts: Mapping[str, Facts], kinds: Mapping[str, str]) -> Grid:
        """Bin every feature that varies."""
        parts = [(name, *_binned(name, kinds[name], facts[name])) for name in facts]
        parts = [part for part in parts if len(part[3]) > 1]
        if len(parts) == 1:  # pairs need a second feature, even one that says nothing
            parts.append(
                ("", np.zeros(len(parts[0][1]), np.int64), np.ones((1, BINS + 1), np.float32), (None,))
            )
        codes = [codes for _, codes, _, _ in parts]
        return cls(
            tuple(part[0] for part in parts),
            np.column_stack(codes) if codes else np.zeros((0, 0), np.int64),
            tuple(part[2] for part in parts),
            tuple(part[3] for part in parts),
        )

    def rows(self, chosen: np.ndarray) -> Grid:
        """The same bins for some of the cases."""
        return Grid(self.features, self.codes[chosen], self.masks, self.conditions)

    def tables(self, channels: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
        """For each pair of features the channels (n, h) summed over each pair of conditions: (c, c', h)."""
        width, bins = self.codes.shape[1], BINS + 1
        hot = np.zeros((len(self.codes), width, bins), np.float32)
        np.put_along_axis(hot, self.codes[:, :, None], 1.0, axis=2)
        channels = np.ascontiguousarray(channels, np.float32)
        for f in range(width - 1):
            later = hot[:, f + 1 :].reshape(len(hot), -1)
            sums = np.zeros((bins, later.shape[1], channels.shape[1]), np.float32)
            for code in range(bins):
                held = np.flatnonzero(self.codes[:, f] == code)
                sums[code] = later[held].T @ channels[held]
            rows = np.tensordot(self.masks[f], sums, 1).reshape(-1, width - f - 1, bins, channels.shape[1])
            for g in range(f + 1, width):
                yield f, g, np.matmul(self.masks[g], rows[:, g - f - 1])


def _binned(
    name: str, kind: str, facts: Facts
) -> tuple[np.ndarray, np.ndarray, tuple[Condition | None, ...]]:
    """Codes 0 … 8, the bins of each condition (c, 9), and the conditions; the first is none at all."""
    if facts.levels:
        counts = np.bincount(facts.values[~facts.absent], minlength=len(facts.levels))
        top = np.argsort(-counts, kind="stable")[:LEVELS]
        rank = np.full(len(facts.levels) + 1, LEVELS)
        rank[top] = np.arange(len(top))
        codes = np.where(facts.absent, BINS, rank[facts.values])
        ranges = [((i,), {"levels": (facts.levels[level],)}) for i, level in enumerate(top) if counts[level]]
        if len(ranges) == 1 and not facts.absent.any():
            ranges = []
    else:
        known = facts.values[~facts.absent]
        edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
        edges = edges[edges > known.min()] if len(known) else edges
        codes = np.where(facts.absent, BINS, np.searchsorted(edges, facts.values, "right"))
        ranges = [
            (range(i, j), {"low": edges[i - 1] if i else None, "high": edges[j - 1] if j <= len(edges) else None})
            for i in range(len(edges) + 1)
            for j in range(i + 1, len(edges) + 2)
            if (i or j <= len(edges)) and (i == 0 or j == len(edges) + 1 or j - i in (1, 2, 4))
        ]  # fmt: skip
    if facts.absent.any() and not facts.absent.all():
        ranges.append(((BINS,), {"missing": True}))
    masks = np.zeros((len(ranges) + 1, BINS + 1), np.float32)
    masks[0] = 1.0
    for row, (held, _) in enumerate(ranges, start=1):
        masks[row, list(held)] = 1.0
    return codes, masks, (None, *(Condition(name, kind, **about) for _, about in ranges))


@dataclass(frozen=True)
class Candidate:
    """A pair of conditions on the grid with its statistic."""

    statistic: float
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, eq=False)
class Residuals:
    """One action's residuals (n, s) for s sets of outcomes, their variances (n, 1), and its margins (n,)."""

    residual: np.ndarray
    variance: np.ndarray
    margin: np.ndarray

    def channels(self) -> np.ndarray:
        """What is summed over a segment: count, information (three), score, score × margin."""
        r, v, m = self.residual, self.variance, self.margin[:, None]
        return np.hstack([np.ones_like(v), v, v * m, v * m**2, r, r * m])


def strongest(grid: Grid, now: Residuals) -> list[list[Candidate]]:
    """For each of s sets of outcomes the best segment of each pair of features, strongest first."""
    found: list[list[Candidate]] = [[] for _ in range(now.residual.shape[1])]
    for f, g, table in grid.tables(now.channels()):
        values = statistics(table, len(grid.codes)).reshape(-1, len(found))
        for at, (place, candidates) in enumerate(zip(values.argmax(axis=0), found, strict=True)):
            row, column = divmod(int(place), table.shape[1])
            chosen = (grid.conditions[f][row], grid.conditions[g][column])
            candidates.append(Candidate(float(values[place, at]), tuple(c for c in chosen if c)))
    return [sorted((c for c in each if c.statistic > 0), key=lambda c: -c.statistic) for each in found]


def statistics(table: np.ndarray, cases: int) -> np.ndarray:
    """U'V⁻¹U of every pair of conditions, for any number of outcomes: (c, c', 4 + 2s) to (c, c', s)."""
    n, v, vm, vmm = (table[..., h, None].astype(np.float64) for h in range(4))
    score, steep = np.split(table[..., 4:], 2, axis=-1)
    usable = (n >= LEAST_CASES) & (v >= LEAST_INFORMATION) & (n <= WIDEST * cases)
    usable &= v * vmm - vm * vm > 1e-6 * v * vmm
    v = np.where(usable, v, 1.0)
    rest = np.where(usable, vmm - vm * vm / v, 1.0)
    return np.where(usable, score**2 / v + (steep - score * (vm / v)) ** 2 / rest, 0.0)


def neighbours(z: np.ndarray, at_most: int | None = None) -> np.ndarray:
    """The group (n,) of thirty or so cases with the same likeliest action and about its score."""
    groups = min(max(len(z) // NEIGHBOURS, 1), at_most or len(z))
    order = np.lexsort((z.max(axis=1), z.argmax(axis=1)))
    found = np.empty(len(z), np.int64)
    found[order] = np.arange(len(z)) * groups // max(len(z), 1)
    return found


def residuals(z: np.ndarray, right: np.ndarray, action: int) -> Residuals:
    """What outcomes (n, s), 1 where the action proved right, are beyond those of their neighbours.

    The margin is the action's score against the mean of the others.
    """
    group = neighbours(z)
    count, proved = np.bincount(group), np.bincount(group, right[:, 0])
    share = ((proved + 0.5) / (count + 1))[group][:, None]
    margin = z[:, action] * z.shape[1] / (z.shape[1] - 1)
    return Residuals(right - share, share * (1 - share), margin)
