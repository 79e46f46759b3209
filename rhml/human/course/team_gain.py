"""What courses changed in a team: the pairs of all who finished one, together and by segment; never of a person.

A person's pairs stay matched; of each person only the first finished course counts, so that nobody counts twice. Fewer
than three people have no mean of theirs shown: two would read each other's. The question is asked anew as each course
ends, so the words rest on intervals that hold over all those looks together (`stats.looks`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.stats.intervals import mean, wilson
from rhml.stats.looks import Looks
from rhml.stats.matched import FEWEST, matched_change
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from rhml.stats.verdicts import Verdict, verdict

FEWEST_PEOPLE = 3
EXACT = 200
"""Pairs up to which the interval of matched pairs is the exact one."""

ALPHA = 0.05
"""The chance of a false *improved* or *fell* over all looks: for the whole team, and for its table of segments."""

HALF_SPENT = 200
"""Pairs by which half of it is spent: ten courses of twenty."""


@dataclass(frozen=True)
class Gained:
    """Both tests of some people's pairs: shares right, and the change with its 95 % interval and its verdict.

    rests_on: the change with the wider interval that the words rest on, for it holds at `level` because of the `looks`.
    """

    name: str
    column: str
    people: int
    before: Measure
    after: Measure
    verdict: Verdict
    rests_on: Measure
    level: float
    looks: Looks

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "column": self.column,
            "segment": self.name,
            "people": self.people,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            **self.verdict.as_dict(),
            "verdict_rests_on": {
                "low": self.rests_on.low,
                "high": self.rests_on.high,
                "level": self.level,
                "look": self.looks.number,
            },
        }


def team_gain(
    pairs: pd.DataFrame, *, smallest: float, columns: tuple[str, ...] = ()
) -> tuple[Gained, tuple[Gained, ...]]:
    """The change of all, and of each segment's pairs, the largest change first.

    pairs: person, before and after (bool), and for each of `columns` the segment that both cases of a pair share, missing
    where they do not; `ended` says when the course of a pair ended, without it all came at one look.
    """
    whole = _gained(pairs, "", "", smallest=smallest, alpha=ALPHA)
    parts = [
        (column, str(name), rows)
        for column in columns
        for name, rows in pairs.groupby(column, sort=True)
        if rows["person"].nunique() >= FEWEST_PEOPLE
    ]
    alpha = ALPHA / max(len(parts), 1)
    found = [_gained(rows, name, column, smallest=smallest, alpha=alpha) for column, name, rows in parts]
    known = [one for one in found if one.verdict.change.known]
    return whole, tuple(sorted(known, key=lambda one: -(one.verdict.change.value or 0.0)))


def _gained(pairs: pd.DataFrame, name: str, column: str, *, smallest: float, alpha: float) -> Gained:
    people, n, looks = pairs["person"].nunique(), len(pairs), _looks(pairs)
    level = looks.level(alpha)
    if people < FEWEST_PEOPLE:
        many = "nobody has" if not people else "1 person has" if people == 1 else f"{people} people have"
        none = Measure.unknown(
            f"So far {many} finished a course; a team’s gain is shown from {FEWEST_PEOPLE} people on.", n
        )
        return Gained(name, column, people, none, none, Verdict("too few to say", none), none, level, looks)
    before, after = (pairs[side].to_numpy(bool) for side in ("before", "after"))
    plain, wide = (_change(before, after, pairs["person"], at) for at in (0.95, level))
    said = verdict(wide, smallest=smallest, level=level)
    words = Verdict(said.words, plain, said.more)
    return Gained(name, column, people, _share(before), _share(after), words, wide, level, looks)


def _looks(pairs: pd.DataFrame) -> Looks:
    """One look as each course ended, from the third person's on: before, nothing is shown."""
    if "ended" not in pairs or pairs.empty:
        return Looks.of(np.zeros(len(pairs)), growing=True, fewest=FEWEST, half=HALF_SPENT)
    ended = pairs["ended"].to_numpy("datetime64[us]").astype(np.int64)
    begun = np.sort(pd.Series(ended).groupby(pairs["person"].to_numpy(object)).min())
    shown = begun[min(FEWEST_PEOPLE, len(begun)) - 1]
    return Looks.of(np.maximum(ended, shown), growing=True, fewest=FEWEST, half=HALF_SPENT)


def _change(before: np.ndarray, after: np.ndarray, people: pd.Series, level: float) -> Measure:
    """For these people: pairs vary, the people are those who took part."""
    moved = after.astype(float) - before.astype(float)
    if len(moved) <= EXACT or np.ptp(moved) == 0:
        return matched_change(before, after, level=level)
    return mean(moved, Sample.rows(len(moved), people.to_numpy(object)), level=level)


def _share(right: np.ndarray) -> Measure:
    n = len(right)
    return Measure.of(right.mean(), *wilson(int(right.sum()), n), n)
