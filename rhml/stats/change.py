"""By how much being right became more frequent from one period to a later one, on the same case mix.

An ordinary regression of right (1) or wrong (0) on the period, on what the cases are like and, where given,
on the manager, so that a change is one *within* managers on like cases, not a change of who decides
or of what comes in. Its error adds up each case's contributions before squaring (Liang & Zeger 1986).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few

SEPARABLE = 0.1


def change(right, later, *, mix=None, cases=None, managers=None, level: float = 0.95) -> Measure:
    """The adjusted change of the share right, with its interval.

    right, later: one 0/1 a row. mix: (rows, k) numbers that say what each case is like. Rows of managers
    who were not there in both periods say nothing about a change and are left out; `n` counts the rest.
    """
    right, later = np.asarray(right, float), np.asarray(later, bool)
    mix = np.zeros((len(right), 0)) if mix is None else np.asarray(mix, float)
    who = pd.factorize(np.zeros(len(right)) if managers is None else np.asarray(managers))[0]
    case = pd.factorize(np.arange(len(right)) if cases is None else np.asarray(cases))[0]
    keep = _present_in_both(who, later)
    right, later, mix, who, case = right[keep], later[keep], mix[keep], who[keep], case[keep]
    before, after = (len(np.unique(case[side])) for side in (~later, later))
    if min(before, after) < MINIMUM:
        return Measure.unknown(_why(keep, min(before, after)), len(right))
    return _regression(right, later, mix, who, case, level)


def wider(readings: list[Measure]) -> Measure:
    """One measure of several readings of the same data: the first's value, and all that any allows."""
    unknown = next((reading for reading in readings if reading.low is None), None)
    if unknown:
        return unknown
    return replace(readings[0], low=min(r.low for r in readings), high=max(r.high for r in readings))


def _present_in_both(who: np.ndarray, later: np.ndarray) -> np.ndarray:
    width = int(who.max()) + 1 if len(who) else 0
    both = (np.bincount(who[later], minlength=width) > 0) & (np.bincount(who[~later], minlength=width) > 0)
    return both[who]


def _why(keep: np.ndarray, fewest: int) -> str:
    if keep.all() or keep.size == 0:
        return f"In one of the two periods: {too_few(fewest)}"
    return f"Of the managers who decided in both periods, in one of them: {too_few(fewest)}"


def _regression(right, later, mix, who, case, level: float) -> Measure:
    """Frisch–Waugh–Lovell: what is left of right and of later when manager and case mix are taken out."""
    columns = np.column_stack([right, later.astype(float), mix])
    counts = np.bincount(who)
    for j in range(columns.shape[1]):
        columns[:, j] -= (np.bincount(who, columns[:, j]) / np.maximum(counts, 1))[who]
    y, d, x = columns[:, 0], columns[:, 1], columns[:, 2:]
    spread = later.mean() * (1 - later.mean()) * len(later)
    rank = 0
    if x.shape[1]:
        gram = x.T @ x
        rank = int(np.linalg.matrix_rank(gram, hermitian=True))
        solved = np.linalg.pinv(gram, rcond=1e-10, hermitian=True) @ (x.T @ np.column_stack([y, d]))
        y, d = y - x @ solved[:, 0], d - x @ solved[:, 1]
    weight = float(d @ d)
    if weight < SEPARABLE * spread:
        return Measure.unknown("The periods differ so much in their cases or managers that a change of "
                               "skill cannot be told from a change of cases: not separable.", len(right))  # fmt: skip
    value = float(d @ y / weight)
    parts = np.bincount(case, d * (y - value * d)) / weight
    groups, free = len(np.unique(case)), len(right) - int((counts > 0).sum()) - rank - 1
    if free < MINIMUM:
        return Measure.unknown(too_few(max(free, 0)), len(right))
    corrected = groups / (groups - 1) * (len(right) - 1) / free
    error = np.sqrt((parts**2).sum() * corrected) * _small_sample(right, later)
    error = error or _rare(later)
    half = stats.t.ppf((1 + level) / 2, min(free, groups - 1)) * error
    return Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), len(right))


def _small_sample(right: np.ndarray, later: np.ndarray) -> float:
    """How much one right and one wrong added to each period widen the error (Agresti & Caffo 2000)."""
    plain, added = 0.0, 0.0
    for side in (right[later], right[~later]):
        p, q = side.mean(), (side.sum() + 1) / (len(side) + 2)
        plain += p * (1 - p) / len(side)
        added += q * (1 - q) / (len(side) + 2)
    return float(np.sqrt(added / plain)) if plain > 0 else 1.0


def _rare(later: np.ndarray) -> float:
    """The same error where all were right, or all wrong: only the added ones speak."""
    sizes = (int(later.sum()), int((~later).sum()))
    return float(np.sqrt(sum((k + 1) / (k + 2) ** 3 for k in sizes)))
