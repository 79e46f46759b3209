"""Automation bias: people follow the model more often where it is wrong than they did before.

Among decisions whose recommendation proved wrong (where an own call was made, only those in which it was right and
so could be lost). Raised at a look if the whole interval of the change lies above zero in every reading of the
cases, and people follow the model no less elsewhere: harder cases make people's own calls meet the model's
mistakes more often, but part from its right calls too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.reliance.agreement import agreement, columns
from rhml.human.reliance.alarm import Alarm, Looked, nothing
from rhml.human.reliance.calls import Rows
from rhml.human.reliance.like_cases import dummies, segments
from rhml.human.reliance.looking import PLAIN, all_looks, changed, level_of, rises, span
from rhml.human.reliance.rounds import rounds
from rhml.stats.measure import Measure

KIND = "automation bias"
ALPHA = 0.0025
EARLY = ((250, 0.3), (500, 0.3))
"""Wrong recommendations are few, so the early rounds may use more than they do for calls."""


def automation_bias(rows: Rows, *, domain: DecisionDomain) -> Alarm:
    """The alarm as it stands, its looks replayed in the order in which outcomes came."""
    wrong = np.flatnonzero(
        rows.advised & rows.judged & (rows.shown != rows.right) & (rows.first != rows.shown)
    )
    calls, begun = len(wrong), rounds(len(wrong), EARLY)
    if rows.why or not begun or calls < begun[0].start + begun[0].step:
        return _too_few(rows, calls)
    rows, wrong = rows.near(wrong, begun)
    advice = columns(rows)
    mixes = _readings(rows, domain)
    looked = []
    for one, look in all_looks(begun, calls, ALPHA):
        at = span(rows, wrong, one, look.calls)
        found = _change(rows, at, mixes, level_of(look.bar))
        raised = rises(found) and _no_less(agreement(rows, advice, at, PLAIN))
        moment = pd.Timestamp(rows.known[wrong[one.start + look.calls - 1]]).to_pydatetime()
        looked.append((one, Looked(look.calls, one.baseline, moment, found, raised)))
    current = looked[-1][0]
    at = span(rows, wrong, current, len(wrong[current.start : current.end]))
    hit = [look for _, look in looked if look.raised]
    return Alarm(
        KIND, "raised" if hit else "quiet", hit[0].at if hit else None,
        _change(rows, at, mixes, PLAIN), agreement(rows, advice, at, PLAIN),
        tuple(look for one, look in looked if one == current), "",
        more=begun[-1].until_next(calls), detail={"calls": calls, "baseline": current.baseline},
    )  # fmt: skip


def _readings(rows: Rows, domain: DecisionDomain) -> list[np.ndarray]:
    """What the cases are like, and whether an own call stood before the recommendation."""
    own = dummies((rows.first >= 0).astype(int) + 1)
    plain = np.hstack([segments(rows, domain), own])
    return [plain, np.hstack([columns(rows)[0], plain])]


def _change(rows: Rows, at, mixes: list[np.ndarray], level: float) -> Measure:
    followed = rows.final == rows.shown
    return changed(rows, at.rows, at.later, followed, mixes, level)


def _no_less(agreement: Measure) -> bool:
    return agreement.value is not None and agreement.value > 0


def _too_few(rows: Rows, calls: int) -> Alarm:
    if rows.why:
        return nothing(KIND, rows.why)
    more = max(300 - calls, 1)
    why = (
        f"{calls:,} recommendations that people could act on proved wrong so far. The first look comes at 300: "
        f"about {more:,} more."
    )
    return nothing(KIND, why, more)
