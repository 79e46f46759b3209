"""Whom segments are asked about: pairs of judges on the same cases, and which of their cases came first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls

EARLIER = 0.6
"""The share of the cases on which rules are looked for: many rules are searched there, few are asked of the rest."""

FEWEST = 200
"""Cases below which nothing is looked for."""


@dataclass(frozen=True, eq=False)
class Group:
    """Rows in which person and model judged the same case.

    own: the person's call was made unaided; else it is the final decision, made with the recommendation in view.
    rows: places among the decisions. lead: 1 where the person alone was right, −1 where the model alone was.
    both: 1 where both were wrong. case: codes 0 … k−1. early: the case was first decided before `split`.
    """

    own: bool
    rows: np.ndarray
    lead: np.ndarray
    both: np.ndarray
    person: np.ndarray
    model: np.ndarray
    case: np.ndarray
    early: np.ndarray
    split: pd.Timestamp | None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def cases(self) -> int:
        """How many different cases there are."""
        return int(self.case.max()) + 1 if len(self.case) else 0

    def score(self, weak: bool) -> np.ndarray:
        """What is asked of each row: whether both were wrong, or who led."""
        return self.both if weak else self.lead


def groups(calls: Calls) -> tuple[list[Group], str]:
    """The unaided calls and the decisions made in view of the recommendation; why there are none."""
    judged, why = calls.judged()
    if why:
        return [], why
    # What an intent moved shows neither where the model is wrong nor where people know better.
    known = judged & (calls.recommended >= 0) & ~calls.moved
    unaided = calls.unaided
    found = [
        _group(calls, known & unaided, own=True),
        _group(calls, known & ~unaided & (calls.final >= 0), own=False),
    ]
    enough = [group for group in found if group.cases >= FEWEST]
    most = max(group.cases for group in found)
    return (
        enough,
        ""
        if enough
        else f"{most} judged cases with a call and a recommendation so far; {FEWEST} are needed.",
    )


def _group(calls: Calls, keep: np.ndarray, *, own: bool) -> Group:
    rows = np.flatnonzero(keep)
    person = calls.hits("first" if own else "final")[rows]
    model = calls.hits("recommended")[rows]
    case = _codes(calls.case[rows])
    early, split = _early(calls.rows["decided_at"], rows, case)
    lead = person.astype(float) - model
    return Group(own, rows, lead, (~person & ~model).astype(float), person, model, case, early, split)


def _codes(case: np.ndarray) -> np.ndarray:
    if not len(case):
        return case
    seen = np.zeros(int(case.max()) + 1, bool)
    seen[case] = True
    return (np.cumsum(seen) - 1)[case]


def _early(
    decided_at: pd.Series, rows: np.ndarray, case: np.ndarray
) -> tuple[np.ndarray, pd.Timestamp | None]:
    """Whether each row's case was first decided among the earlier ones; without times the log's order tells."""
    if not len(rows):
        return np.zeros(0, bool), None
    times = pd.to_datetime(decided_at).to_numpy("datetime64[us]")[rows]
    timed = not np.isnat(times).all()
    at = np.where(np.isnat(times), np.iinfo(np.int64).min, times.astype(np.int64)) if timed else rows
    first = np.full(int(case.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, case, at)
    split = np.partition(first, int(EARLIER * len(first)))[int(EARLIER * len(first))]
    stated = timed and split > np.iinfo(np.int64).min
    return first[case] < split, pd.Timestamp(int(split), unit="us") if stated else None
