"""How much a change must show when the same question is asked again each time outcomes arrive.

Each look compares the later half of all that is known by then with its earlier half. Where nothing changes, two looks
at n and N ≥ n calls are correlated by at least (2n − N)/√(nN), in whatever order the calls came: the cut between the halves
moves by at most (N − n)/2 calls, and each call that it passes changes its sign in the contrast. The chance to pass any of
the bars is then at most the sum over looks of the chance to pass this one and not the one before (Hunter 1976; Worsley
1982), and that chance grows as the correlation falls (Šidák 1967). Where each look takes the mean of all so far instead,
what comes next owes nothing to what came before, and the chance to pass none before is carried on from look to look
(Armitage, McPherson & Rowe 1969), so nothing is given away. Each look's bar spends what the calls since the look before
allow of α (Lan & DeMets 1983); the spending has no end, so no number of looks need be planned.

>>> [round(bar, 2) for bar in bars((6_000,), 0.05 / 3)]
[2.42]
>>> [round(bar, 2) for bar in bars((1_000, 2_000, 4_000), 0.05 / 3)]
[2.54, 3.06, 3.18]
>>> [round(bar, 2) for bar in bars((1_000, 2_000, 4_000), 0.05 / 3, True)]
[2.54, 2.92, 3.08]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import optimize, special, stats

HALF_SPENT = 500
"""Calls by which half of α is spent: with fewer, hardly any change could be told from chance."""

GROWTH = 1.02
"""Looks with less growth than this between them are one look at a process that is watched all the time."""

BEYOND_THE_GRID = 0.5826
"""By how many steps a watched process exceeds one that is seen at steps only (Siegmund 1985): −ζ(½)/√(2π)."""

FEWEST = 40
"""Below this, no look can tell: twenty calls in each half."""
WIDEST = 9.0


@dataclass(frozen=True)
class Looks:
    """The looks that a log has allowed so far: how many calls could be judged at each, rising.

    number: of all looks. sizes: the looks counted, the newest last. watched: whether others lie between them.
    growing: each look takes the mean of all that is known by then, not the later half against the earlier one; two such
    looks are correlated by √(n/N), whatever lies between. half: calls by which half of α is spent.
    """

    number: int
    sizes: tuple[int, ...]
    watched: bool
    growing: bool = False
    half: int = HALF_SPENT

    @classmethod
    def of(
        cls, arrived: np.ndarray, *, growing: bool = False, fewest: int = FEWEST, half: int = HALF_SPENT
    ) -> Looks:
        """The looks at calls that the log could judge from these moments on (datetime64 or numbers, one a call).

        What came at one moment is one look; below `fewest` calls nothing is said, so there is none. Where a moment is
        missing, it counts as there from the start.
        """
        if not len(arrived):
            return cls(0, (), False, growing, half)
        _, counts = np.unique(arrived, return_counts=True)
        at = np.cumsum(counts)
        at = at[at >= fewest]
        kept: list[int] = []
        for size in at.tolist():
            if not kept or size >= GROWTH * kept[-1]:
                kept.append(size)
        watched = len(kept) < len(at)
        if len(at) and kept[-1] != at[-1]:
            kept.append(int(at[-1]))
        return cls(len(at), tuple(kept), watched, growing, half)

    def bar(self, alpha: float) -> float:
        """The standard errors that the newest look must show."""
        if not self.sizes:
            return float(stats.norm.isf(alpha / 2))
        newest = bars(self.sizes, alpha, self.growing, self.half)[-1]
        return newest + self.watched * BEYOND_THE_GRID * _step(correlation(1, GROWTH, self.growing))

    def level(self, alpha: float) -> float:
        """The level of the interval that the newest look's words rest on."""
        return float(1 - 2 * stats.norm.sf(self.bar(alpha)))

    def spent(self, alpha: float) -> float:
        """How much of α has been used up by now."""
        return alpha * spent(self.sizes[-1], self.half) if self.sizes else 0.0


def bar_of(level: float) -> float:
    """The standard errors that an interval of this level reaches to either side.

    >>> round(bar_of(0.95), 2), round(bar_of(0.9999), 2)
    (1.96, 3.89)
    """
    return float(stats.norm.isf((1 - level) / 2))


def spent(calls: float, half: int = HALF_SPENT) -> float:
    """The share of α that may be used up by so many calls; most at once where a log begins with thousands.

    >>> [round(spent(n), 2) for n in (100, 500, 2_000, 6_000, 100_000)]
    [0.17, 0.5, 0.8, 0.92, 1.0]
    """
    return calls / (half + calls)


def correlation(calls: float, more: float, growing: bool = False) -> float:
    """The least correlation of two looks at so many calls and at more of them."""
    if growing:
        return float(np.sqrt(calls / more))
    return float(max((2 * calls - more) / np.sqrt(calls * more), 0.0))


@lru_cache(maxsize=256)
def bars(
    sizes: tuple[int, ...], alpha: float, growing: bool = False, half: int = HALF_SPENT
) -> tuple[float, ...]:
    """The bar of each of several looks: with these, any look passes with a chance of at most α where nothing changes."""
    found: list[float] = []
    used, x, weight = 0.0, np.zeros(1), np.ones(1)
    for place, size in enumerate(sizes):
        share = alpha * spent(size, half) - used
        together = correlation(sizes[place - 1], size, growing) if place else 0.0
        found.append(_bar(x, weight, together, share))
        x, weight = _carried(x, weight, together, found[-1]) if growing else _grid(found[-1])
        used += share
    return tuple(found)


def _bar(x: np.ndarray, weight: np.ndarray, together: float, share: float) -> float:
    """Where a look passes with this chance while the look before came out at x, with these weights, and did not."""
    if together == 0:
        return float(stats.norm.isf(share / weight.sum() / 2))
    apart = _apart(together)

    def beyond(bar: float) -> float:
        return float(2 * weight @ special.ndtr((together * x - bar) / apart)) - share

    return WIDEST if beyond(WIDEST) >= 0 else float(optimize.brentq(beyond, 0.0, WIDEST, xtol=1e-5))


def _carried(x: np.ndarray, weight: np.ndarray, together: float, bar: float) -> tuple[np.ndarray, np.ndarray]:
    """Where a look comes out that, like all before it, did not pass."""
    to, plain = _grid(bar)
    if together == 0:
        return to, plain * weight.sum()
    apart = _apart(together)
    jump = np.exp(-(((to[:, None] - together * x) / apart) ** 2) / 2) / apart
    nodes = plain * np.exp(to * to / 2)
    return to, nodes * (jump @ weight)


@lru_cache(maxsize=1024)
def _grid(bar: float) -> tuple[np.ndarray, np.ndarray]:
    """Points and normal weights between −bar and bar (Gauss & Legendre)."""
    x, weight = _legendre()
    x = x * bar
    return x, weight * bar * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)


@lru_cache(maxsize=1)
def _legendre() -> tuple[np.ndarray, np.ndarray]:
    return np.polynomial.legendre.leggauss(160)


def _apart(together: float) -> float:
    """The standard deviation of a look that the look before leaves open."""
    return _step(together) / np.sqrt(2) * np.sqrt(1 + together)


def _step(together: float) -> float:
    """The standard deviation of what changes from one look to the next."""
    return float(np.sqrt(max(2 * (1 - together), 1e-12)))
