"""What courses changed in a team: the pairs of all who finished one, together and by segment; never of a person.

A person's pairs stay matched; of each person only the first finished course counts, so that nobody counts twice. Fewer
than three people have no mean of theirs shown: two would read each other's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.stats.intervals import mean, wilson
from rhml.stats.matched import matched_change
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from rhml.stats.verdicts import Verdict, verdict

FEWEST_PEOPLE = 3
EXACT = 200
"""Pairs up to which the interval of matched pairs is the exact one."""


@dataclass(frozen=True)
class Gained:
    """Both tests of some people's pairs: shares right, and the change with its verdict."""

    name: str
    column: str
    people: int
    before: Measure
    after: Measure
    verdict: Verdict

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "column": self.column,
            "segment": self.name,
            "people": self.people,
            "before": self.before.as_dict(),
            "after": self.after.as_dict(),
            **self.verdict.as_dict(),
        }


def team_gain(
    pairs: pd.DataFrame, *, smallest: float, columns: tuple[str, ...] = ()
) -> tuple[Gained, tuple[Gained, ...]]:
    """The change of all, and of each segment's pairs, the largest change first.

    pairs: person, before and after (bool), and for each of `columns` the segment that both cases of a pair share, missing
    where they do not. Words about segments rest on intervals so wide that one false word in twenty tables is the most. Both
    hold at one look, not over all that courses finishing one by one allow, and the page says so.
    """
    whole = _gained(pairs, "", "", smallest=smallest, level=0.95)
    parts = [
        (column, str(name), rows)
        for column in columns
        for name, rows in pairs.groupby(column, sort=True)
        if rows["person"].nunique() >= FEWEST_PEOPLE
    ]
    level = 1 - 0.05 / max(len(parts), 1)
    found = [_gained(rows, name, column, smallest=smallest, level=level) for column, name, rows in parts]
    known = [one for one in found if one.verdict.change.known]
    return whole, tuple(sorted(known, key=lambda one: -(one.verdict.change.value or 0.0)))


def _gained(pairs: pd.DataFrame, name: str, column: str, *, smallest: float, level: float) -> Gained:
    people, n = pairs["person"].nunique(), len(pairs)
    if people < FEWEST_PEOPLE:
        many = "nobody has" if not people else "1 person has" if people == 1 else f"{people} people have"
        none = Measure.unknown(
            f"So far {many} finished a course; a team’s gain is shown from {FEWEST_PEOPLE} people on.", n
        )
        return Gained(name, column, people, none, none, Verdict("too few to say", none))
    before, after = (pairs[side].to_numpy(bool) for side in ("before", "after"))
    plain, wide = (_change(before, after, pairs["person"], at) for at in (0.95, level))
    said = verdict(wide, smallest=smallest, level=level)
    return Gained(name, column, people, _share(before), _share(after), Verdict(said.words, plain, said.more))


def _change(before: np.ndarray, after: np.ndarray, people: pd.Series, level: float) -> Measure:
    """For these people: pairs vary, the people are those who took part."""
    if len(before) <= EXACT:
        return matched_change(before, after, level=level)
    moved = after.astype(float) - before.astype(float)
    return mean(moved, Sample.rows(len(moved), people.to_numpy(object)), level=level)


def _share(right: np.ndarray) -> Measure:
    n = len(right)
    return Measure.of(right.mean(), *wilson(int(right.sum()), n), n)
