"""By how much a kind of case differs from all others, when what the cases are like and who decides are held alike.

A regression of each outcome on one kind against the rest, with an intercept a manager and columns that say what
a case is like taken out of both (Frisch, Waugh and Lovell); where all columns are strata that is the Mantel–Haenszel
difference of shares (Greenland & Robins 1985, Biometrics 41:55). Errors add up each case's contributions before squaring
(Liang & Zeger 1986), and are widened as by one hit and one miss more on either side (Agresti & Caffo 2000). All kinds
and outcomes are computed together, in time linear in the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few

SEPARABLE = 0.1
"""The share of the comparison that must be left once like cases and managers are taken out."""

NOT_SEPARABLE = (
    "Other people decide there, or on cases unlike all others: the kind of case cannot be told from them."
)
NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Differences:
    """Kinds × outcomes: difference, standard error, degrees of freedom; and for each kind whether it can be told.

    `counts` holds the rows of each kind, `rest` those of all others.
    """

    value: np.ndarray
    error: np.ndarray
    free: np.ndarray
    separable: np.ndarray
    counts: np.ndarray
    rest: np.ndarray

    def measure(self, kind: int, outcome: int, level: float = 0.95) -> Measure:
        """One difference with its interval and the rows of its kind."""
        n, fewest = int(self.counts[kind]), int(min(self.counts[kind], self.rest[kind]))
        if fewest < MINIMUM:
            return Measure.unknown(too_few(fewest), n)
        if not self.separable[kind]:
            return Measure.unknown(NOT_SEPARABLE, n)
        value = self.value[kind, outcome]
        half = stats.t.ppf((1 + level) / 2, self.free[kind]) * self.error[kind, outcome]
        return Measure.of(value, value - half, value + half, n)

    def p_value(self, kind: int, outcome: int, smallest: float) -> float:
        """The chance of so large a difference if the true one were no larger than `smallest`; NaN if none is told."""
        if not self.measure(kind, outcome).known or not self.error[kind, outcome] > 0:
            return float("nan")
        size, error = abs(self.value[kind, outcome]), self.error[kind, outcome]
        ends = np.array([size - smallest, size + smallest]) / error
        return float(min(stats.t.sf(ends, self.free[kind]).sum(), 1.0))


def differences(
    outcomes: np.ndarray, kinds: np.ndarray, like: np.ndarray, *, managers: np.ndarray, cases: np.ndarray
) -> Differences:
    """The difference of each outcome (n, q) between each kind (n, v) of 0/1 and all other rows.

    like: (n, k) numbers that say what a case is like. managers, cases: codes from 0.
    """
    n, (v, q) = len(outcomes), (kinds.shape[1], outcomes.shape[1])
    counts = kinds.sum(axis=0)
    if n < 2 * MINIMUM:
        empty = np.zeros((v, q))
        return Differences(empty, empty, np.ones(v), np.zeros(v, bool), counts, n - counts)
    y, d, rank = _left_over(outcomes, kinds, like, managers)
    weight = (d**2).sum(axis=0)
    spread = counts * (n - counts) / n
    separable = weight > np.maximum(SEPARABLE * spread, NOTHING)
    safe = np.where(separable, weight, 1.0)
    value = (d.T @ y) / safe[:, None]
    free = max(n - rank - int((np.bincount(managers) > 0).sum()) - 1, 1)
    error = np.sqrt(_squares(y, d, value, cases) * (n - 1) / free) / safe[:, None]
    widened = np.column_stack([_widened(error[:, k], outcomes[:, k], kinds) for k in range(q)])
    return Differences(
        value, widened, np.maximum(np.minimum(counts, n - counts) - 1, 1), separable, counts, n - counts
    )


def _left_over(outcomes, kinds, like, managers) -> tuple[np.ndarray, np.ndarray, int]:
    """What is left of outcomes and kinds without managers and what the cases are like; how much was taken out."""
    q, v = outcomes.shape[1], kinds.shape[1]
    stacked = np.concatenate([outcomes.T, kinds.T, like.T]).astype(float, order="C")
    before = (stacked[q + v :] ** 2).sum(axis=1)
    people = np.maximum(np.bincount(managers), 1)
    for row in stacked:
        row -= (np.bincount(managers, row) / people)[managers]
    kept, x = stacked[: q + v], stacked[q + v :]
    x = x[(x**2).sum(axis=1) > NOTHING * np.maximum(before, 1.0)]
    rank = 0
    if len(x):
        gram = x @ x.T
        rank = int(np.linalg.matrix_rank(gram, hermitian=True))
        kept -= (kept @ x.T @ np.linalg.pinv(gram, rcond=1e-10, hermitian=True)) @ x
    return kept[:q].T, kept[q:].T, rank


def _squares(y: np.ndarray, d: np.ndarray, value: np.ndarray, cases: np.ndarray) -> np.ndarray:
    """The squared contributions of the cases to each difference, before they are divided by its weight."""
    if np.bincount(cases).max() == 1:
        d2 = d**2
        return np.maximum(
            d2.T @ y**2 - 2 * value * ((d2 * d).T @ y) + value**2 * (d2**2).sum(axis=0)[:, None], 0.0
        )
    found = np.zeros_like(value)
    for i, one in enumerate(d.T):
        for k in range(y.shape[1]):
            found[i, k] = (np.bincount(cases, one * (y[:, k] - value[i, k] * one)) ** 2).sum()
    return found


def _widened(error: np.ndarray, outcome: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """The errors as one hit and one miss more on either side would have them; amounts stay as they are."""
    if not np.isin(outcome, (0.0, 1.0)).all():
        return error
    plain, added = np.zeros(len(error)), np.zeros(len(error))
    for side in (kinds, 1 - kinds):
        n = side.sum(axis=0)
        hits = side.T @ outcome
        p, q = hits / np.maximum(n, 1), (hits + 1) / (n + 2)
        plain += p * (1 - p) / np.maximum(n, 1)
        added += q * (1 - q) / (n + 2)
    factor = np.sqrt(np.divide(added, plain, out=np.ones_like(plain), where=plain > 0))
    return np.where(plain > 0, error * np.maximum(factor, 1.0), np.sqrt(added))
