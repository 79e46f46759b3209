"""Which of the newest rows are not complete: some of their outcomes are still to come, and those may be others.

How long an outcome takes is estimated from all rows, those still open counted for as long as they have waited
(Kaplan & Meier 1958). Newer rows than nearly every outcome takes are complete only up to the first one that is open.
Whether that matters is seen where everything is in: had only been known there what comes so early, what would one have
thought?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

NEARLY_ALL = 0.98
"""The share of outcomes that ever come after which a span counts as complete."""
FEWEST = 100
"""Complete rows below which nobody can say whether early outcomes are like late ones."""
MATTERS, SURELY = 0.02, 2.58
"""Early outcomes are others where they are so far off, by so many standard errors."""
AT_RISK = 20
MOST = 200_000
DAY = np.timedelta64(1, "D")


@dataclass(frozen=True)
class Early:
    """What the outcomes known early say of a kind, against what all say once they are in: shares of rows."""

    kind: str
    early: float
    all: float
    error: float

    @property
    def differs(self) -> bool:
        """Whether they are off by more than chance explains and by enough to matter."""
        return abs(self.early - self.all) > max(MATTERS, SURELY * self.error)


@dataclass(frozen=True)
class Late:
    """From when on rows are not complete, how many of these are open and how many known, and what that distorts.

    since: None where every row is complete. days: how long nearly every outcome takes. told: the kind that is most
    distorted; None where too few rows are complete to tell.
    """

    since: np.datetime64 | None
    open: int = 0
    known: int = 0
    days: float = 0.0
    told: Early | None = None

    @property
    def distorts(self) -> bool:
        """Whether the early ones would mislead."""
        return self.told is not None and self.told.differs


def late(made: np.ndarray, known: np.ndarray, kinds: dict[str, np.ndarray]) -> Late:
    """What of these rows is not complete yet; every row is one whose outcome comes some day.

    made, known: datetime64 (n,), NaT in `known` while an outcome is open. kinds: name → bool (n,), such as which
    action proved right; read where the outcome is known.
    """
    timed = ~np.isnat(made)
    made, known, kinds = made[timed], known[timed], {name: is_so[timed] for name, is_so in kinds.items()}
    is_open = np.isnat(known)
    if not len(made) or not is_open.any() or is_open.all():
        return Late(None)
    now = max(made.max(), known[~is_open].max())
    waited = np.where(is_open, now - made, np.maximum(known - made, np.timedelta64(0))) / DAY
    days = taken(waited, ~is_open)
    young = is_open & ((now - made) / DAY < days)
    if not young.any():
        return Late(None, days=days)
    since = made[young].min()
    newer = made >= since
    counts = int((is_open & newer).sum()), int((~is_open & newer).sum())
    if not counts[1]:
        return Late(None, days=days)
    return Late(since, *counts, days, _told(waited, ~is_open & ~newer, (now - made[newer]) / DAY, kinds))


def taken(waited: np.ndarray, came: np.ndarray) -> float:
    """After how many days nearly all outcomes that ever come are there; rows still open have waited so long."""
    step = max(1, len(waited) // MOST)
    waited, came = waited[::step], came[::step]
    order = np.lexsort((~came, waited))
    waited, came = waited[order], came[order]
    at_risk = np.arange(len(waited), 0, -1)
    there = 1 - np.cumprod(1 - came / at_risk)
    last = np.flatnonzero(at_risk >= min(AT_RISK, len(waited)))[-1]
    return float(waited[np.searchsorted(there, NEARLY_ALL * there[last])])


def _told(
    waited: np.ndarray, complete: np.ndarray, ages: np.ndarray, kinds: dict[str, np.ndarray]
) -> Early | None:
    """Of complete rows: each kind's share among all, and had they been as young as the newer ones are."""
    n = int(complete.sum())
    if n < FEWEST:
        return None
    ages, took = np.sort(ages), waited[complete]
    weight = 1 - np.searchsorted(ages, took, side="left") / len(ages)
    if not weight.sum():
        return None
    weight /= weight.sum()
    found = []
    for kind, is_so in kinds.items():
        share = is_so[complete].astype(float)
        error = float(np.sqrt((((weight - 1 / n) * (share - share.mean())) ** 2).sum()))
        found.append(Early(kind, float(weight @ share), float(share.mean()), error))
    return max(found, key=lambda one: abs(one.early - one.all) / max(one.error, 1e-9), default=None)
