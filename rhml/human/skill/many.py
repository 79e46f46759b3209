"""The change of each of many people, or of many segments, with false discoveries held over all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from rhml.stats.change import change
from rhml.stats.compared import Compared
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.periods import Cut
from rhml.stats.verdicts import Verdict, verdict

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Part:
    """One person or one segment: the level in each period on like cases, the change, and its words.

    The change has a plain 95 % interval. *improved* and *fell* are said only of parts that stand out among all
    parts asked about (Benjamini–Hochberg), at 5 % where a log is read once, and at what a look may spend where it is read
    again and again.
    """

    name: str
    earlier: Measure
    later: Measure
    verdict: Verdict
    column: str = ""

    @property
    def change(self) -> Measure:
        """The standardized change of accuracy."""
        return self.verdict.change

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        where = {"column": self.column} if self.column else {}
        halves = {"earlier": self.earlier.as_dict(), "later": self.later.as_dict()}
        return {"name": self.name, **where, **self.verdict.as_dict(), **halves}


def by_person(
    compared: Compared,
    like: np.ndarray,
    cut: Cut,
    names: np.ndarray,
    *,
    smallest: float,
    false: float = FALSE_DISCOVERIES,
) -> tuple[Part, ...]:
    """Every person with calls under the cut, in the order of their names.

    like: right or wrong as on like cases (`Compared.standardized`); names: a name a code of manager; false: the share
    of false discoveries that this look allows.
    """
    keep = cut.placed
    who, values, later = compared.manager[keep], like[keep], cut.later[keep]
    levels = [_levels(who[side], values[side], len(names)) for side in (~later, later)]
    parts = []
    for code in np.unique(who):
        earlier, after = (_level(*(column[code] for column in side)) for side in levels)
        found = _difference(*([column[code] for column in side] for side in levels))
        parts.append((str(names[code]), earlier, after, found))
    return _tested(sorted(parts, key=lambda part: part[0]), smallest, false)


def by_segment(
    compared: Compared, like: np.ndarray, cut: Cut, names: pd.Series, column: str
) -> list[tuple[str, str, Measure, Measure, Measure]]:
    """The change within people in each segment of one column, not yet tested: see `tested_segments`."""
    keep = cut.placed
    codes, segments = pd.factorize(names.where(pd.Series(keep, index=names.index), None), sort=True)
    found = []
    for code, segment in enumerate(segments):
        rows = codes == code
        halves = [_levels(np.zeros(side.sum(), int), like[side], 1) for side in
                  (rows & ~cut.later, rows & cut.later)]  # fmt: skip
        measured = change(
            like[rows], cut.later[rows], cases=compared.case[rows], managers=compared.manager[rows]
        )
        earlier, after = (_level(*(part[0] for part in half)) for half in halves)
        found.append((column, str(segment), earlier, after, measured))
    return found


def tested_segments(
    found: list[tuple[str, str, Measure, Measure, Measure]],
    *,
    smallest: float,
    false: float = FALSE_DISCOVERIES,
) -> tuple[Part, ...]:
    """Segments of all columns, tested together."""
    tested = _tested([part[1:] for part in found], smallest, false)
    return tuple(
        Part(part.name, part.earlier, part.later, part.verdict, column)
        for part, (column, *_) in zip(tested, found, strict=True)
    )


def _tested(
    parts: list[tuple[str, Measure, Measure, Measure]], smallest: float, false: float
) -> tuple[Part, ...]:
    adjusted = benjamini_hochberg([p_value(found) for *_, found in parts]) if parts else []
    return tuple(
        Part(name, earlier, after, _words(found, float(p), smallest, false))
        for (name, earlier, after, found), p in zip(parts, adjusted, strict=True)
    )


def _words(found: Measure, adjusted: float, smallest: float, false: float) -> Verdict:
    said = verdict(found, smallest=smallest)
    if said.words in ("improved", "fell") and adjusted >= false:
        return Verdict("not beyond what chance shows among so many", found)
    return said


def _levels(who: np.ndarray, values: np.ndarray, width: int) -> tuple[np.ndarray, ...]:
    """Count, mean and variance of the values of each code."""
    n = np.bincount(who, minlength=width).astype(float)
    mean = np.bincount(who, values, minlength=width) / np.maximum(n, 1)
    squares = np.bincount(who, (values - mean[who]) ** 2, minlength=width)
    # One right and one wrong added: a person who was always right has no spread of their own (Agresti & Caffo 2000).
    least = (n + 1) / (n + 2) ** 2
    return n, mean, np.maximum(squares / np.maximum(n - 1, 1), least)


def _level(n: float, mean: float, variance: float) -> Measure:
    if n < MINIMUM:
        return Measure.unknown(too_few(int(n)), int(n))
    half = stats.t.ppf(0.975, n - 1) * np.sqrt(variance / n)
    return Measure.of(min(max(mean, 0), 1), max(mean - half, 0), min(mean + half, 1), int(n))


def _difference(before: list[float], after: list[float]) -> Measure:
    """Welch's interval of the difference of two means."""
    total = int(before[0] + after[0])
    if min(before[0], after[0]) < MINIMUM:
        return Measure.unknown(f"In one of the two periods: {too_few(int(min(before[0], after[0])))}", total)
    parts = [variance / n for n, _, variance in (before, after)]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (n - 1) for part, (n, *_) in zip(parts, (before, after), strict=True)
    )
    value, half = after[1] - before[1], stats.t.ppf(0.975, freedom) * np.sqrt(sum(parts))
    return Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), total)
