"""By how much being right became more frequent from one period to a later one, on the same case mix.

An ordinary regression of right (1) or wrong (0) on the period, on what the cases are like and, where given,
on the manager, so that a change is one *within* managers on like cases, not a change of who decides
or of what comes in. Where cases were judged by several, each case's own difficulty is taken out too: whole
where they were judged often at both times, else partially pooled (`stats.within`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import stats

from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.within import Fit, Rows, distinct, fit, left_over

SEPARABLE = 0.1
ENOUGH_WITHIN, ENOUGH_JUDGED = 0.2, 4
"""The share of the comparison that must be left within cases, and the calls a case, for each case to be compared with
itself alone."""

ENOUGH_LIKE = 0.75
"""The share of calls that must have like calls of the same manager in the other period."""

NOT_SEPARABLE = (
    "The periods differ so much in their cases or managers that a change of "
    "skill cannot be told from a change of cases: not separable."
)


def change(right, later, *, mix=None, cases=None, managers=None, kinds=None, level: float = 0.95) -> Measure:
    """The adjusted change of the share right, with its interval.

    right, later: one 0/1 a row. mix: (rows, k) numbers that say what each case is like. kinds:
    codes of the kinds of case within which each manager is compared, such as easy and hard ones. Rows of managers
    who were not there in both periods say nothing about a change and are left out; `n` counts the rest.
    """
    given = {"mix": mix, "cases": cases, "managers": managers, "kinds": kinds}
    return changes(right, later, **given, levels=(level,))[0]


def changes(
    right, later, *, mix=None, cases=None, managers=None, kinds=None, levels: tuple[float, ...]
) -> list[Measure]:
    """The same change with an interval for each of several levels."""
    right, later = np.asarray(right, float), np.asarray(later, bool)
    mix = np.zeros((len(right), 0)) if mix is None else np.asarray(mix, float)
    rows = Rows.of(
        np.zeros(len(right)) if managers is None else managers,
        np.arange(len(right)) if cases is None else cases,
    )
    keep = present_in_both(rows.who, later)
    if not keep.all():
        right, later, mix = right[keep], later[keep], mix[keep]
        rows = Rows.of(rows.who[keep], rows.case[keep])
    before, after = (distinct(rows.case[side]) for side in (~later, later))
    if min(before, after) < MINIMUM:
        return [Measure.unknown(_why(keep, min(before, after)), len(right))] * len(levels)
    if kinds is not None:
        rows, kept = _on_like_cases(later, rows, np.asarray(kinds, np.int64)[keep])
        if not kept.all():
            right, later, mix = right[kept], later[kept], mix[kept]
    return _measured(right, later, mix, rows, levels)


def wider(readings: list[Measure]) -> Measure:
    """One measure of several readings of the same data: the first's value, and all that any allows."""
    unknown = next((reading for reading in readings if reading.low is None), None)
    if unknown:
        return unknown
    return replace(readings[0], low=min(r.low for r in readings), high=max(r.high for r in readings))


def present_in_both(who: np.ndarray, later: np.ndarray) -> np.ndarray:
    """Rows of managers (codes from 0) who have a row in either period."""
    width = int(who.max()) + 1 if len(who) else 0
    both = (np.bincount(who[later], minlength=width) > 0) & (np.bincount(who[~later], minlength=width) > 0)
    return both[who]


def with_difficulty(right, columns, mix, rows: Rows, plain: Fit) -> Rows:
    """The rows with as much of each case's own difficulty taken out as they can tell; `plain` is a fit without.

    Whole, where cases were judged often and enough of the comparison is within them: that needs no assumption
    about which cases came when. Else partially pooled.
    """
    if len(rows.case) < ENOUGH_JUDGED * distinct(rows.case):
        return rows.pooled(plain.left)
    whole = rows.fixed()
    d = left_over(right, columns, mix, whole)[1]
    if (whole.weighed(d) * d)[:, 0].sum() >= ENOUGH_WITHIN * plain.weight[0, 0]:
        return whole
    return rows.pooled(plain.left)


def _why(keep: np.ndarray, fewest: int) -> str:
    if keep.all() or keep.size == 0:
        return f"In one of the two periods: {too_few(fewest)}"
    return f"Of the managers who decided in both periods, in one of them: {too_few(fewest)}"


def _measured(right, later, mix, rows: Rows, levels: tuple[float, ...]) -> list[Measure]:
    spread = later.mean() * (1 - later.mean()) * len(later)
    columns = later.astype(float)[:, None]
    found = fit(right, columns, mix, rows)
    if found.weight[0, 0] < SEPARABLE * spread:
        return [Measure.unknown(NOT_SEPARABLE, len(right))] * len(levels)
    if found.free < MINIMUM:
        return [Measure.unknown(too_few(max(found.free, 0)), len(right))] * len(levels)
    if rows.judged_again:
        found = fit(right, columns, mix, with_difficulty(right, columns, mix, rows, found))
    value, halves = float(found.coefficients[0]), [_half(found, right, later, level) for level in levels]
    return [Measure.of(value, max(value - h, -1.0), min(value + h, 1.0), len(right)) for h in halves]


def _on_like_cases(later, rows: Rows, kinds) -> tuple[Rows, np.ndarray]:
    """Each manager's kinds of case apart, so that everybody's calls are compared with own calls on that kind.

    People differ in how much harder hard cases are for them: whoever met the hard ones only later on would else be
    held against what others find hard. Where too few calls stand on both sides, managers stay whole.
    """
    who = rows.who * (int(kinds.max()) + 1) + kinds
    keep = present_in_both(who, later)
    sides = [distinct(rows.case[keep & side]) for side in (later, ~later)]
    if keep.mean() < ENOUGH_LIKE or min(sides) < MINIMUM:
        return rows, np.ones(len(later), bool)
    return Rows.of(who[keep], rows.case[keep]), keep


def _half(found: Fit, right: np.ndarray, later: np.ndarray, level: float) -> float:
    error = np.sqrt(found.covariance[0, 0]) * _small_sample(right, later)
    error = error or _rare(later)
    return float(stats.t.ppf((1 + level) / 2, max(min(found.free, found.cases - 1), 1)) * error)


def _small_sample(right: np.ndarray, later: np.ndarray) -> float:
    """How much one right and one wrong added to each period widen the error (Agresti & Caffo 2000)."""
    plain, added = 0.0, 0.0
    for side in (right[later], right[~later]):
        p = min(max(side.mean(), 0.0), 1.0)
        q = (p * len(side) + 1) / (len(side) + 2)
        plain += p * (1 - p) / len(side)
        added += q * (1 - q) / (len(side) + 2)
    return float(np.sqrt(added / plain)) if plain > 0 else 1.0


def _rare(later: np.ndarray) -> float:
    """The same error where all were right, or all wrong: only the added ones speak."""
    sizes = (int(later.sum()), int((~later).sum()))
    return float(np.sqrt(sum((k + 1) / (k + 2) ** 3 for k in sizes)))
