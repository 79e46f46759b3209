"""How long decisions took: the usual time and how far it may be off, and whether overriding took longer.

Times are skewed, a few are an hour at lunch: so medians and quartiles, never means.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rhml.stats.measure import Measure
from rhml.stats.medians import Median, between, combined

SIDES = ("all", "agreed", "overrode")
NONE = Median(float("nan"), float("nan"), 0)


@dataclass(frozen=True)
class Times:
    """The time per decision under one name, in seconds: medians with intervals, quartiles, and what has no time."""

    names: tuple[str | None, ...]
    every: Measure
    agreed: Measure
    overrode: Measure
    longer: Measure
    quartiles: tuple[float, float] | None
    untimed: int
    imported: int


def durations(times: pd.DataFrame) -> list[Times]:
    """What each name's times come to.

    times: name_0 … (none where all names of a dimension are together), side ('all', 'agreed', 'overrode'), n, first,
    median, third, below, above, untimed, imported.
    """
    names = [name for name in times.columns if name.startswith("name_")]
    if times.empty:
        return []
    groups = times.groupby(names, sort=False, dropna=False) if names else [((), times)]
    return [_times(tuple(None if pd.isna(name) else str(name) for name in at), rows) for at, rows in groups]


def _times(names: tuple[str, ...], rows: pd.DataFrame) -> Times:
    by_side = {row.side: row for row in rows.itertuples(index=False)}
    every, agreed, overrode = (_median(by_side.get(side)) for side in SIDES)
    whole = by_side["all"]
    return Times(
        names,
        combined([(1, every)]),
        combined([(1, agreed)]),
        combined([(1, overrode)]),
        combined([(1, overrode), (-1, agreed)]),
        (float(whole.first), float(whole.third)) if whole.n else None,
        int(whole.untimed),
        int(whole.imported),
    )


def _median(row) -> Median:
    if row is None or not row.n:
        return NONE
    return between(float(row.median), float(row.below), float(row.above), int(row.n))
