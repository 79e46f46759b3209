"""People's unaided calls, ready to be compared: right or wrong, earlier or later, and what their cases are like."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.like_cases import like_cases
from rhml.stats.compared import Compared
from rhml.stats.periods import middle, practice

MOST = 60_000
"""Calls that are compared; of more, those on cases drawn by lot: they tell a fifth of a point already."""

LOT = 271_828


def by_lot(calls: Calls, at: np.ndarray, most: int = MOST) -> np.ndarray:
    """So many of the rows at some positions at most, all those of a case or none.

    A case keeps its lot while the log grows, so that a verdict does not change because others were drawn.
    """
    if len(at) <= most:
        return at
    draw = np.random.default_rng(LOT).random(int(calls.case.max()) + 1)[calls.case[at]]
    return at[draw < np.partition(draw, most)[most]]


def rows_of(calls: Calls) -> tuple[np.ndarray, str]:
    """Positions of the unaided calls that are compared, or why there are none."""
    judged, why = calls.judged()
    timed = calls.column("decided_at").notna().to_numpy()
    return by_lot(calls, np.flatnonzero(judged & timed & calls.unaided)), why


def compared(
    calls: Calls,
    at: np.ndarray,
    *,
    moment: pd.Timestamp,
    model_scores: pd.DataFrame | None = None,
    difficulty: pd.DataFrame | None = None,
) -> tuple[Compared, tuple[str, ...]]:
    """The unaided calls at some positions, parted at a moment; and what is held alike, in words.

    model_scores: case_id and p_<action> of a frozen model that did not learn from these cases. difficulty: case_id, p_<action>, people, fact_….
    """
    own = calls.take(at)
    mix, kinds = like_cases(own, "human", model_scores=model_scores, difficulty=difficulty)
    times = pd.to_datetime(own.column("decided_at")).reset_index(drop=True)
    found = Compared.of(own.hits("first"), own.manager, own.case, times, mix.readings, kinds, at=moment)
    return found, mix.words


def rows_for_difficulty(calls: Calls) -> np.ndarray:
    """Positions of all rows whose cases the yardsticks must speak of: those of people, model and team."""
    judged, _ = calls.judged()
    timed = np.flatnonzero(judged & calls.column("decided_at").notna().to_numpy())
    sides = [by_lot(calls, timed[side[timed] >= 0]) for side in (calls.recommended, calls.final)]
    return np.unique(np.concatenate([rows_of(calls)[0], *sides]))


def calls_for_difficulty(calls: Calls) -> pd.DataFrame:
    """Unaided calls as the yardsticks learn from them: case_id, right, and whose, one a manager and half of the time."""
    at, _ = rows_of(calls)
    own = calls.take(at)
    times = pd.to_datetime(own.column("decided_at")).reset_index(drop=True)
    halves = 2 * practice(times, own.manager).later
    halves += (times >= middle(times)).to_numpy() if len(times) else 0
    return pd.DataFrame(
        {
            "case_id": own.column("case_id").to_numpy(),
            "right": own.hits("first").astype(float),
            "whose": own.manager * 4 + halves,
        }
    )
