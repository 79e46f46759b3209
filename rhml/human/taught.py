"""What people do inside a rule since it began to be taught, beyond what changed where nothing was taught.

Difference in differences within people on like cases: a regression of right (1) or wrong (0) on *inside and after*
beside *inside* and *after*, with an intercept a person and what the cases are like; and the same if both would have moved
alike in odds rather than in points: a change must hold under both. Before are only calls that the
rule was not looked for on: what was found by being bad would seem to get better by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from scipy.stats import t as student

from rhml.stats import schedule
from rhml.stats.change import wider
from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample
from rhml.stats.within import Fit, Rows, fit

LEVEL = 0.95

MOST_ELSEWHERE = 40_000
"""Calls that all things taught together are held against; of more, so many by lot: they tell half a point."""


@dataclass(frozen=True, eq=False)
class Unaided:
    """Judged unaided calls: right 0/1, codes of manager and case, the time of each, and when it could be judged.

    mix: one or more readings (n, k) of what the cases are like; a change must hold under each.
    """

    right: np.ndarray
    manager: np.ndarray
    case: np.ndarray
    times: pd.Series
    arrived: np.ndarray
    mix: tuple[np.ndarray, ...]

    def __len__(self) -> int:
        return len(self.right)


@dataclass(frozen=True, eq=False)
class Teaching:
    """One thing taught: the calls its rule covers, when it was found and since when it is taught.

    found: the end of the calls on which the rule was looked for. learner: the code of the one person who is taught
    it, None for everybody.
    """

    inside: np.ndarray
    found: datetime | None
    starts_at: datetime
    learner: int | None = None


@dataclass(frozen=True, eq=False)
class Shown:
    """Right inside the rule before and after, as counted; the change beyond elsewhere; and whether there is one to
    compare with.

    in_odds: the change if both would have moved alike in odds. p: the chance of the less likely of the two if nothing
    was learned, as it counts after all looks. rows: the calls inside that it rests on. waits: the calls inside since
    the start at which the next look is due.
    """

    before: Measure
    after: Measure
    change: Measure
    in_odds: Measure
    p: float
    compared: bool
    rows: np.ndarray
    waits: int


def shown(calls: Unaided, taught: tuple[Teaching, ...], elsewhere: np.ndarray) -> Shown:
    """What changed inside one rule, or on average inside several, each against its own time.

    elsewhere: the calls on which nothing is taught. Several are stacked, each with the calls it is held against
    (stacked difference in differences: Cengiz, Dube, Lindner & Zipperer 2019), so that none is held against
    another one that began earlier.
    """
    parts = [_part(calls, one, elsewhere, MOST_ELSEWHERE // len(taught)) for one in taught]
    which = np.repeat(np.arange(len(parts)), [len(part[0]) for part in parts])
    at, inside, after = (np.concatenate([part[k] for part in parts]) for k in range(3))
    looked, waits, kept = _looked_at(calls.arrived[at], inside & after)
    at, inside, after, which = at[kept], inside[kept], after[kept], which[kept]
    rows = np.unique(at[inside])
    before, later = (_share(calls, at[inside & side]) for side in (~after, after))
    fewest = min(int((inside & side).sum()) for side in (after, ~after))
    if fewest < MINIMUM:
        why = f"Inside the rule, before or after the teaching began: {too_few(fewest)}"
        unknown = Measure.unknown(why, len(rows))
        return Shown(before, later, unknown, unknown, np.nan, False, rows, waits)
    compared = min(int((~inside & side).sum()) for side in (after, ~after)) >= MINIMUM
    keep = np.ones(len(at), bool) if compared else inside
    change, odds, p = _beyond(calls, at[keep], inside[keep], after[keep], which[keep], compared)
    return Shown(before, later, change, odds, schedule.as_looked(p, looked), compared, rows, waits)


def _looked_at(arrived: np.ndarray, taught: np.ndarray) -> tuple[tuple[int, ...], int, np.ndarray]:
    """The looks so far at calls that were taught, when the next is due, and the rows known at the newest."""
    count = int(taught.sum())
    looked, kept = schedule.due(count), np.ones(len(arrived), bool)
    if looked:
        kept = arrived <= np.sort(arrived[taught])[looked[-1] - 1]
    return looked, schedule.following(count), kept


def _part(calls: Unaided, one: Teaching, elsewhere: np.ndarray, most: int) -> tuple[np.ndarray, ...]:
    """Positions of the calls that speak about one teaching, whether inside its rule and after its start."""
    fresh = np.ones(len(calls), bool) if one.found is None else (calls.times > one.found).to_numpy(bool)
    own = np.ones(len(calls), bool) if one.learner is None else calls.manager == one.learner
    inside, outside = (np.flatnonzero(fresh & own & rows) for rows in (one.inside, elsewhere & ~one.inside))
    if len(outside) > most:
        outside = np.random.default_rng(len(outside)).choice(outside, most, replace=False)
    at = np.sort(np.concatenate([inside, outside]))
    return at, one.inside[at], (calls.times.iloc[at] >= one.starts_at).to_numpy(bool)


def _share(calls: Unaided, at: np.ndarray) -> Measure:
    return share(calls.right[at] == 1, Sample.of(calls.case[at], calls.manager[at]))


def _beyond(calls: Unaided, at, inside, after, which, compared: bool) -> tuple[Measure, Measure, float]:
    """The change inside less that elsewhere (alone where there is none): in points, in odds; and its chance under both."""
    people = which * (int(calls.manager.max()) + 1) + calls.manager[at]
    columns = [inside & after, inside, after] if compared else [after]
    # Each of several has its own time before and after, and its own level.
    if len(np.unique(which)) > 1 and compared:
        each = which[:, None] == np.unique(which)[None, 1:]
        columns += [*(each & inside[:, None]).T, *(each & after[:, None]).T]
    columns, rows = np.column_stack(columns).astype(float), Rows.of(people, calls.case[at])
    points = [_estimate(fit(calls.right[at], columns, mix[at], rows)) for mix in calls.mix]
    n = int(inside.sum())
    read = [measured(*one, n) for one in points]
    change, p = wider([one for one, _ in read]), max(p for _, p in read)
    if not compared:
        return change, Measure.unknown("There is nothing to compare with.", n), p
    moved, wide = _in_odds(calls.right[at], inside, after)
    other = [measured(value + moved, error * wide, free, n) for value, error, free in points]
    odds, q = wider([one for one, _ in other]), max(p for _, p in other)
    alike = change.known and odds.known and change.value * odds.value > 0
    return change, odds, max(p, q) if alike else 1.0


def _in_odds(right: np.ndarray, inside: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """By how much the change differs, and its error widens, if both would have moved alike in odds, not in points.

    Where all get better, those who were worse gain more points for the same odds: that is not the lesson's doing.
    Error by the delta method, half a right and half a wrong call added to each of the four shares.
    """
    groups = 2 * inside + after
    counts = np.bincount(groups, minlength=4) + 1.0
    p = (np.bincount(groups, right, minlength=4) + 0.5) / counts
    apart, together = p * (1 - p), p[2] + p[1] - p[0]
    odds = p[2] / (1 - p[2]) * p[1] / (1 - p[1]) * (1 - p[0]) / p[0]
    like = odds / (1 + odds)
    slopes = np.append(like * (1 - like) / apart[:3], 1.0)
    wide = np.sqrt((slopes**2 * apart / counts).sum() / (apart / counts).sum())
    return float(together - like), float(max(wide, 1.0))


def _estimate(found: Fit) -> tuple[float, float, int]:
    """The first coefficient, its standard error and degrees of freedom."""
    error = float(np.sqrt(max(found.covariance[0, 0], 0.0)))
    return float(found.coefficients[0]), error, max(min(found.free, found.cases - 1), 1)


def measured(value: float, error: float, free: int, n: int) -> tuple[Measure, float]:
    """An estimate with its interval and the chance of one so far from zero if there were nothing."""
    if error <= 0:
        return Measure.unknown("The calls inside the rule do not differ enough to tell.", n), np.nan
    half = student.ppf((1 + LEVEL) / 2, free) * error
    return Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), n), float(
        2 * student.sf(abs(value) / error, free)
    )
