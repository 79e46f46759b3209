"""Whether the world has moved since the model learned: looks at a fixed schedule, so that chance is spent once.

New cases are looked at in blocks, in the order in which they came. After block j the last 1, 2, 4 … blocks
are tested (the largest power of two that divides j), with the share 1/(j(j+1)) of the chance of a false
alarm: the shares add up to 1 however long anyone goes on looking, and every look can be repeated. Within a
look the false discovery rate is controlled over all tests, which with nothing changed is the chance of any.
What is too small to matter is no finding, however sure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import Feature
from rhml.machine.trust.space import as_numbers, as_text
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg

BLOCK = 200
"""New cases from one look at the population to the next."""
LONGEST = 16
"""A look goes back at most so many blocks."""
ALPHA = {"population": 0.02, "calibration": 0.02, "outcomes": 0.01}
"""The chance, over all looks together, of an alarm of each kind where nothing has changed: 5 % in all."""

FLOOR = {"population": 0.10, "calibration": 0.04, "outcomes": 0.06}
"""A distribution that moved less than this, a calibration off by less, is left alone."""
LEAST_EXPECTED = 5.0


@dataclass(frozen=True)
class Look:
    """One scheduled look: the cases from `start` to `stop` in order of arrival, and its share of the chance."""

    number: int
    start: int
    stop: int
    share: float


@dataclass(frozen=True)
class Shift:
    """One test: what was looked at, how far it moved (0 to 1, or signed points), and how sure that is.

    `then` and `now` are the middle value, or the share of `level`, in the training cases and the new ones.
    """

    about: str
    test: str
    size: Measure
    p: float
    then: float | None = None
    now: float | None = None
    level: str | None = None


def looks(count: int, *, block: int = BLOCK, longest: int = LONGEST) -> list[Look]:
    """Every look that is due after so many new cases, the first one first.

    >>> [(look.start, look.stop) for look in looks(900, block=200)]
    [(0, 200), (0, 400), (400, 600), (0, 800)]
    """
    found = []
    for j in range(1, count // block + 1):
        back = min(j & -j, longest)
        found.append(Look(j, (j - back) * block, j * block, 1 / (j * (j + 1))))
    return found


def alarms(shifts: list[Shift], *, alpha: float, floor: float) -> list[Shift]:
    """The shifts that are neither chance nor too small to matter, the largest first."""
    if not shifts:
        return []
    sure = benjamini_hochberg([shift.p for shift in shifts]) <= alpha
    kept = [
        s for s, is_sure in zip(shifts, sure, strict=True) if is_sure and abs(s.size.value or 0.0) >= floor
    ]
    return sorted(kept, key=lambda s: -abs(s.size.value or 0.0))


def moved(then: pd.DataFrame, now: pd.DataFrame, feature: Feature) -> list[Shift]:
    """How far a feature's distribution moved from the training cases to new ones, its gaps apart."""
    if feature.kind in ("category", "yes_no"):
        before, after = as_text(then, feature), as_text(now, feature)
        gone = before.isna().to_numpy(), after.isna().to_numpy()
        found = shares_moved(before.dropna(), after.dropna(), about=feature.name)
    else:
        before, after = as_numbers(then, feature), as_numbers(now, feature)
        gone = np.isnan(before), np.isnan(after)
        found = values_moved(before[~gone[0]], after[~gone[1]], about=feature.name)
    missing = None
    if gone[0].any() or gone[1].any():
        gaps = (pd.Series(np.where(g, "missing", "known")) for g in gone)
        if missing := shares_moved(*gaps, about=feature.name):
            missing = replace(missing, test="gaps")
    return [shift for shift in (found, missing) if shift is not None]


def values_moved(before: np.ndarray, after: np.ndarray, *, about: str) -> Shift | None:
    """The largest gap between two distributions of numbers (Kolmogorov & Smirnov), None where too few.

    Its value is the share of new cases that would have to be others for the two to agree there; the
    interval is that of Dvoretzky, Kiefer & Wolfowitz.
    """
    if min(len(before), len(after)) < BLOCK / 4:
        return None
    test = stats.ks_2samp(before, after, method="asymp")
    half = 1.358 * np.sqrt(1 / len(before) + 1 / len(after))
    gap = float(test.statistic)
    size = Measure.of(gap, max(gap - half, 0.0), min(gap + half, 1.0), len(after))
    middles = float(np.median(before)), float(np.median(after))
    return Shift(about, "values", size, float(test.pvalue), *middles)


def shares_moved(before: pd.Series, after: pd.Series, *, about: str) -> Shift | None:
    """How far the shares of categories moved (χ² of the table); rare ones count as one.

    Its value is the share of new cases that would have to be others for the two to agree (total
    variation); `level` is the category that moved most.
    """
    if min(len(before), len(after)) < BLOCK / 4:
        return None
    table = pd.DataFrame({"then": before.value_counts(), "now": after.value_counts()}).fillna(0.0)
    expected = table.sum(axis=1) * len(after) / table.to_numpy().sum()
    rare = expected < LEAST_EXPECTED
    kept = table[~rare]
    if rare.any() and expected[rare].sum() >= LEAST_EXPECTED:
        kept = pd.concat([kept, table[rare].sum().to_frame("others").T])
    if len(kept) < 2:
        return None
    share = kept / kept.sum()
    change = share["now"] - share["then"]
    gap, level = float(change.abs().sum() / 2), change.abs().idxmax()
    error = np.sqrt(sum((share[c] * (1 - share[c])).sum() / kept[c].sum() for c in share)) / 2
    size = Measure.of(gap, max(gap - 1.96 * error, 0.0), min(gap + 1.96 * error, 1.0), len(after))
    p = float(stats.chi2_contingency(kept.to_numpy(), correction=False).pvalue)
    then, now = (float(share.at[level, c]) for c in ("then", "now"))
    return Shift(about, "shares", size, p, then, now, str(level))


def miscalibrated(before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray]) -> list[Shift]:
    """Whether "70 of 100" means something else now: level and slope of what was said against what came true.

    Each side is (probability, right) of the action named: `before` out-of-fold on training cases, so that
    the model's own imperfection is no drift; `after` on new cases, as shown to people. The level's value is
    in points (came true minus said); the slope's is by how much clear suggestions were overstated.
    """
    level, slope = [], []
    for p, right in (before, after):
        p, residual = np.asarray(p, float), np.asarray(right, float) - np.asarray(p, float)
        lean = np.clip(p, 0.01, 0.99)
        lean = np.log(lean / (1 - lean))
        lean = (lean - lean.mean()) / (lean.std() or 1.0)
        for found, parts in ((level, residual), (slope, residual * lean)):
            found.append((parts.mean(), parts.var(ddof=1) / len(parts)))
    shifts = []
    for name, ((old, old_variance), (new, new_variance)) in (("level", level), ("slope", slope)):
        error = float(np.sqrt(old_variance + new_variance)) or 1.0
        gap = float(new - old)
        size = Measure.of(gap, gap - 1.96 * error, gap + 1.96 * error, len(after[0]))
        freedom = min(len(before[0]), len(after[0])) - 1
        p = float(2 * stats.t.sf(abs(gap) / error, freedom))
        shifts.append(Shift("calibration", name, size, p, float(np.mean(after[0])), float(np.mean(after[1]))))
    return shifts
