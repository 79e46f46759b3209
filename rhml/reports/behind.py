"""The rows behind a verdict: exactly the calls whose earlier and later half it compares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.parting import CALL, Parted, parted
from rhml.reports.unaided import rows_of
from rhml.stats.periods import answering, calendar, middle, practice

HALVES = ("earlier", "later")


@dataclass(frozen=True, eq=False)
class Half:
    """Positions of the calls of one half, whether each was right, and the versions that gave them, where that parts them."""

    at: np.ndarray
    right: np.ndarray
    versions: tuple[str, ...] = ()


def behind_side(
    decisions: pd.DataFrame, *, domain: DecisionDomain, who: str, half: str, calls: Calls | None = None
) -> Half:
    """The calls of one half of human, model or team: those that `improvement` counts in its `earlier` and `later`."""
    calls = calls or Calls.of(decisions, domain)
    judged, _ = calls.judged()
    times = pd.to_datetime(calls.column("decided_at"))
    judged = judged & times.notna().to_numpy()
    if not judged.any():
        return Half(np.zeros(0, np.int64), np.zeros(0, bool))
    moment = middle(times[judged])
    part = _people(calls, times, moment) if who == "human" else parted(calls, who, judged, times, moment)
    at = part.rows[part.later if half == "later" else ~part.later]
    return Half(at, calls.hits(CALL[who])[at], part.newer if half == "later" else part.older)


def _people(calls: Calls, times: pd.Series, moment: pd.Timestamp) -> Parted:
    own, _ = rows_of(calls)
    when, managers = times.iloc[own].reset_index(drop=True), calls.manager[own]
    cut = answering(calendar(when, managers, moment), practice(when, managers))
    return Parted(own[cut.placed], cut.later[cut.placed], cut.name)
