"""Earlier and later: the same day for everybody, or each person's own earlier and later calls.

Which of the two can answer is settled by who decided when, never by what came of it. *Calendar*: the earlier
and the later half of the log. *Practice*: each person's own earlier and later half, at whatever dates, which is
what a study has where everybody sits once and the halves of the calendar hold different people.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

CALENDAR, PRACTICE = "calendar", "practice"
ENOUGH_SHARED = 0.5
"""The share of a full comparison of people with themselves from which the calendar answers."""

FEW_CASES, SEEN_BY, SAME_PLACE = 400, 3, 0.05
"""So few cases, each called by so many, at so nearly the same place of everybody's order: one fixed order."""

FIXED_ORDER = (
    "Everybody saw the same cases in the same order, so an easier case later on cannot be told from "
    "better calls: not separable."
)


@dataclass(frozen=True, eq=False)
class Cut:
    """A way to part rows into earlier and later: its name, the later rows, and the rows it can place.

    `shared` says how much it compares people with themselves: 1 where everybody has as many calls on either
    side, 0 where nobody has any on both.
    """

    name: str
    later: np.ndarray
    placed: np.ndarray
    shared: float
    people: int


def middle(times: pd.Series) -> pd.Timestamp:
    """The first moment of the later half; what happened at one moment stays together."""
    ordered = np.sort(times.to_numpy())
    found = ordered[len(ordered) // 2]
    before, upto = (np.searchsorted(ordered, found, side) for side in ("left", "right"))
    if upto < len(ordered) and len(ordered) / 2 - before > upto - len(ordered) / 2:
        found = ordered[upto]
    return pd.Timestamp(found)


def calendar(times: pd.Series, managers: np.ndarray, at: pd.Timestamp) -> Cut:
    """Rows from a moment on are the later ones."""
    later, placed = (times >= at).to_numpy(bool), times.notna().to_numpy(bool)
    return Cut(CALENDAR, later, placed, *_shared(later[placed], managers[placed]))


def practice(times: pd.Series, managers: np.ndarray) -> Cut:
    """The later half of each person's own calls; calls of one moment stay together.

    Whoever made all calls at one moment has no earlier and later, and is not placed.
    """
    who = pd.Series(pd.factorize(np.asarray(managers), use_na_sentinel=False)[0], index=times.index)
    timed = times.notna()
    own = times[timed].groupby(who[timed])
    # A row's place is where its moment begins among the person's calls; the later half begins at the place
    # nearest to the middle, which is never the first.
    place = own.rank(method="min") - 1
    far = (place - own.transform("size") / 2).abs().where(place > 0)
    nearest = far == far.groupby(who[timed]).transform("min")
    begins = place.where(nearest).groupby(who[timed]).transform("min").reindex(times.index)
    placed = begins.notna().to_numpy(bool)
    later = (place.reindex(times.index) >= begins).to_numpy(bool)
    return Cut(PRACTICE, later, placed, *_shared(later[placed], np.asarray(managers)[placed]))


def answering(by_calendar: Cut, by_practice: Cut) -> Cut:
    """The cut that can answer, from who decided when alone.

    The calendar, unless its halves hold mostly different people while several people have earlier and later
    calls of their own.
    """
    if by_calendar.shared >= ENOUGH_SHARED or by_practice.people < 2:
        return by_calendar
    return by_practice if by_practice.shared > by_calendar.shared else by_calendar


def same_moves(first: np.ndarray, second: np.ndarray, managers: np.ndarray) -> float:
    """How far two ways to part rows are one for people themselves: squared correlation within managers."""
    who = pd.factorize(np.asarray(managers), use_na_sentinel=False)[0]
    counts = np.maximum(np.bincount(who), 1)
    u, v = (x - (np.bincount(who, x) / counts)[who] for x in (first.astype(float), second.astype(float)))
    spread = float((u @ u) * (v @ v))
    return float((u @ v) ** 2 / spread) if spread else 0.0


def one_order(times: pd.Series, managers: np.ndarray, cases: np.ndarray) -> bool:
    """Whether everybody saw the same few cases at the same places, so that place and case are one."""
    frame = pd.DataFrame({"who": managers, "case": cases, "at": times.to_numpy()})
    distinct = frame["case"].nunique()
    if not 0 < distinct <= FEW_CASES or len(frame) < SEEN_BY * distinct:
        return False
    place = frame.groupby("who")["at"].rank(pct=True)
    total = float(((place - place.mean()) ** 2).sum())
    within = float(((place - place.groupby(frame["case"]).transform("mean")) ** 2).sum())
    return total > 0 and within < SAME_PLACE * total


def _shared(later: np.ndarray, managers: np.ndarray) -> tuple[float, int]:
    if not len(later):
        return 0.0, 0
    who = pd.factorize(np.asarray(managers), use_na_sentinel=False)[0]
    calls, after = np.bincount(who), np.bincount(who, later)
    spread = after * (calls - after) / calls
    return float(4 * spread.sum() / len(later)), int((spread > 0).sum())
