"""One look: the calls that are in, cut into baseline and later, and what changed between the two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rhml.human.reliance.calls import Rows
from rhml.human.reliance.rounds import Look, Round
from rhml.stats.change import change, wider
from rhml.stats.measure import Measure

PLAIN = 0.95


@dataclass(frozen=True, eq=False)
class Span:
    """Positions of the rows of one look, and from when to when its two periods reach."""

    rows: np.ndarray
    later: np.ndarray
    ends: np.datetime64
    begins: np.datetime64
    until: np.datetime64
    seen: np.datetime64

    def periods(self, rows: Rows, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Other rows of the same two periods: their positions, and which are later.

        Of rows that need an outcome only those whose outcome was in (`seen`).
        """
        decided = rows.decided
        early, late = decided <= self.ends, (decided >= self.begins) & (decided <= self.until)
        found = np.flatnonzero(among & (early | late))
        return found, late[found]


def span(rows: Rows, own: np.ndarray, one: Round, calls: int) -> Span:
    """The baseline's calls and the first so many of the round; by the day of the decision where outcomes overtook."""
    found = np.concatenate([own[: one.baseline], own[one.start : one.start + calls]])
    found = found[np.argsort(rows.decided[found], kind="stable")]
    later = np.arange(len(found)) >= one.baseline
    decided = rows.decided[found]
    seen = rows.known[own[one.start + calls - 1]]
    return Span(found, later, decided[one.baseline - 1], decided[one.baseline], decided[-1], seen)


def level_of(bar: float) -> float:
    """The level of the interval that leaves out zero where a change is that many standard errors."""
    return float(1 - 2 * stats.norm.sf(bar))


def changed(
    rows: Rows, at: np.ndarray, later: np.ndarray, hits: np.ndarray, mixes: list[np.ndarray], level: float
) -> Measure:
    """The change of a share of hits, as wide as any reading of the cases allows."""
    found = [
        change(hits[at], later, mix=mix[at], cases=rows.case[at], managers=rows.manager[at], level=level)
        for mix in mixes
    ]
    return wider([one for one in found if one.known] or found[:1])


def falls(found: Measure) -> bool:
    """Whether the whole interval lies below zero."""
    return found.high is not None and found.high < 0


def rises(found: Measure) -> bool:
    """Whether the whole interval lies above zero."""
    return found.low is not None and found.low > 0


def all_looks(rounds: tuple[Round, ...], calls: int, alpha: float) -> Iterator[tuple[Round, Look]]:
    """Every look that has come, in the order in which they came."""
    found = [(one, look) for one in rounds for look in one.looks(calls, alpha)]
    yield from sorted(found, key=lambda pair: (pair[0].start + pair[1].calls, pair[0].start))
