"""What a course changed: right answers before and after on matched pairs, and how sure was how right.

Nothing is said from fewer than ten pairs. *Improved* is said wrongly of at most one in forty who gained nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import stats

from rhml.stats.intervals import wilson
from rhml.stats.matched import matched_change
from rhml.stats.measure import Measure
from rhml.stats.verdicts import POWER, Verdict, verdict

DIFFER = 0.4
"""The share of pairs answered differently that a plan assumes: two in five."""


@dataclass(frozen=True)
class Sureness:
    """How sure somebody said to be on average, how often that was right, and by how much it was too much."""

    said: float
    right: float
    too_much: Measure


@dataclass(frozen=True)
class Gain:
    """The result of a course: both tests' right answers, the change with its verdict, and sureness."""

    n: int
    right_before: int
    right_after: int
    before: Measure
    after: Measure
    verdict: Verdict
    room: str
    sure_before: Sureness | None
    sure_after: Sureness | None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the log and for JSON."""
        return {
            "n": self.n,
            "right_before": self.right_before,
            "right_after": self.right_after,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            **self.verdict.as_dict(),
            "room": self.room,
            "sure_before": asdict(self.sure_before) if self.sure_before else None,
            "sure_after": asdict(self.sure_after) if self.sure_after else None,
        }


def gain(
    before: Sequence[bool],
    after: Sequence[bool],
    *,
    smallest: float,
    said_before: Sequence[float | None] = (),
    said_after: Sequence[float | None] = (),
) -> Gain:
    """The gain over matched pairs; before[i] and after[i] say whether pair i was answered right.

    said_before, said_after: the confidence in each answer, in the same order; None where none was given.
    """
    first, then = np.asarray(before, bool), np.asarray(after, bool)
    n = len(first)
    return Gain(
        n=n,
        right_before=int(first.sum()),
        right_after=int(then.sum()),
        before=_share(first),
        after=_share(then),
        verdict=verdict(matched_change(first, then), smallest=smallest),
        room=_room(first, then),
        sure_before=_sureness(said_before, first),
        sure_after=_sureness(said_after, then),
    )


def findable(n: int) -> float:
    """The gain that n pairs find four times in five, as a share: what a form of this size is good for.

    By the normal approximation of McNemar's test (Connor 1987) with two in five pairs answered differently.

    >>> [round(findable(n), 2) for n in (10, 20, 40)]
    [0.62, 0.38, 0.27]
    """
    z, power = stats.norm.ppf(0.975), stats.norm.ppf(POWER)
    sizes = np.linspace(0.01, 1.0, 397)
    differ = np.maximum(DIFFER, sizes)
    needed = ((z * np.sqrt(differ) + power * np.sqrt(np.maximum(differ - sizes**2, 0))) / sizes) ** 2
    return float(sizes[np.argmax(needed <= n)])


def _share(right: np.ndarray) -> Measure:
    n = len(right)
    return Measure.of(right.mean(), *wilson(int(right.sum()), n), n) if n else Measure.unknown("No answers.")


def _room(before: np.ndarray, after: np.ndarray) -> str:
    """What a test that was too easy or too hard can't show, in a sentence; nothing where there was room."""
    if len(before) and before.mean() >= 0.9:
        return "Nearly everything was right before, so there was little room to gain."
    if len(before) and max(before.mean(), after.mean()) <= 0.1:
        return "Nearly everything was wrong both times: these cases may be too hard to measure a gain on."
    return ""


def _sureness(said: Sequence[float | None], right: np.ndarray) -> Sureness | None:
    given = np.array([np.nan if s is None else s for s in said], float)
    known = ~np.isnan(given)
    if len(given) != len(right) or known.sum() < 2:
        return None
    apart = given[known] - right[known]
    error = apart.std(ddof=1) / np.sqrt(len(apart))
    half = stats.t.ppf(0.975, len(apart) - 1) * error
    too_much = Measure.of(
        apart.mean(), max(apart.mean() - half, -1.0), min(apart.mean() + half, 1.0), len(apart)
    )
    if error == 0:
        too_much = Measure(float(apart.mean()), None, None, len(apart), "All answers were alike.")
    return Sureness(float(given[known].mean()), float(right[known].mean()), too_much)
