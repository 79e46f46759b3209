"""When is a segment's gain more than chance would show somewhere? And how often may one look?

The whole search is repeated on outcomes permuted among cases of about the same probabilities, so that an
overall drift of the model counts as nothing. The best gain of each permutation has a Gumbel tail; its
location is fitted, its scale is known, so that levels finer than the number of permutations can be told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from rhml.machine.corrections.boundaries import Drawn, draw
from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.search import Candidate, Grid, neighbours, residuals, strongest

ALPHA = 0.05
LOOKS = 25
SHUFFLES = 24
SHUFFLED = 600
"""Cases among which outcomes are permuted: how much chance gains depends little on their number."""

STARTS = 2
"""Candidates of the grid that are drawn exactly; a third hardly ever wins."""

SCALE = 1.3
"""Of the Gumbel tail. A log-likelihood ratio has 1; boundaries fitted to few cases make it longer: 1.0 to 1.4
were measured where nothing was off."""

FIRST, GROWTH = 40, 1.15
"""Resolved cases before the first look, and by how much their number grows until the next."""


def share(looks: int) -> float:
    """The part of α that the next look may spend after so many.

    α·L/((n + L)(n + L + 1)) with L = 25: the parts of all looks, however many, add up to α (a telescoping
    sum), and the first few dozen get nearly equal parts.

    >>> round(sum(share(n) for n in range(100_000)), 4)
    0.05
    """
    return ALPHA * LOOKS / ((looks + LOOKS) * (looks + LOOKS + 1))


def due(resolved: int, looked_at: int) -> bool:
    """Whether enough has come in for another look, the last one having been at `looked_at` cases.

    >>> due(30, 0), due(45, 40), due(46, 40)
    (False, False, True)
    """
    return resolved >= max(FIRST, ceil(looked_at * GROWTH))


@dataclass(frozen=True)
class Chance:
    """The law of the best gain where nothing is off: Gumbel at `location`."""

    location: float
    drawn: tuple[float, ...]

    def p_value(self, profit: float) -> float:
        """How often chance alone would gain as much somewhere."""
        return float(-np.expm1(-np.exp(min((self.location - profit) / SCALE, 700.0))))


def chance(grid: Grid, cases: Cases, *, seed: int) -> Chance:
    """The gains that the search finds in permuted outcomes."""
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(cases.z))[:SHUFFLED])
    part, bins = replace(cases, before=None).rows(chosen), grid.rows(chosen)
    orders = _orders(rng, neighbours(part.z))
    gains = []
    for order, starts in zip(orders.T, starts_of(bins, part.z, part.labels[orders]), strict=True):
        found = best_drawn(starts, replace(part, labels=part.labels[order]))
        gains.append(found.profit if found else LEAST)
    # From the upper quartile: what hardly gains anything says nothing of the tail.
    return Chance(float(np.quantile(gains, 0.75) + SCALE * np.log(np.log(4 / 3))), tuple(gains))


LEAST = -10.0
"""What stands for a permutation in which no segment could be drawn at all."""


def best_drawn(starts: list[Candidate], cases: Cases) -> Drawn | None:
    """The most profitable segment that the strongest candidates lead to."""
    chosen = sorted(starts, key=lambda c: -c.statistic)[:STARTS]
    found = [drawn for c in chosen if (drawn := draw(c.conditions, cases))]
    return max(found, key=lambda d: d.profit, default=None)


def starts_of(grid: Grid, z: np.ndarray, labels: np.ndarray) -> list[list[Candidate]]:
    """For each of s sets of labels (n, s, K) the strongest segments on the grid, over all actions."""
    found: list[list[Candidate]] = [[] for _ in range(labels.shape[1])]
    for action in range(1 if z.shape[1] == 2 else z.shape[1]):
        for each, more in zip(
            found, strongest(grid, residuals(z, labels[:, :, action], action)), strict=True
        ):
            each += more
    return found


def _orders(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    """Rows (n, SHUFFLES) in permuted order within their groups."""
    home = np.argsort(group, kind="stable")
    lots = rng.random((len(group), SHUFFLES)) + group[home][:, None]
    found = np.empty((len(group), SHUFFLES), np.int64)
    found[home] = home[np.argsort(lots, axis=0)]
    return found
