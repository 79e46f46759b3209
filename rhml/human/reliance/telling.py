"""What the alarms say in a sentence, and what they propose: more first calls, and drills where skill fell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.human.reliance.alarm import Alarm
from rhml.human.reliance.automation_bias import automation_bias
from rhml.human.reliance.calls import Rows
from rhml.human.reliance.deskilling import KIND as FALLING
from rhml.human.reliance.deskilling import Watched, deskilling
from rhml.human.reliance.looking import Span, falls, rises, span
from rhml.human.reliance.rounds import rounds
from rhml.stats.change import change
from rhml.stats.measure import MINIMUM
from rhml.stats.verdicts import more_needed

LEAST_RAISE, MOST = 0.1, 0.5
PLACES = 0.05


def alarms(decisions, *, domain: DecisionDomain) -> tuple[Alarm, ...]:
    """Both alarms as they stand, in words, with what a raised one proposes.

    decisions: the frame of live decisions, better with a column for each fact of the case.
    """
    rows = Rows.of(decisions, domain)
    skill, bias = deskilling(rows, domain=domain), automation_bias(rows, domain=domain)
    return (
        _told(skill, _falling_in_words, rows, domain),
        _told(bias, _bias_in_words, rows, domain),
    )


def _told(alarm: Alarm, in_words: Callable[[Alarm], str], rows: Rows, domain: DecisionDomain) -> Alarm:
    if alarm.state == "too few to say":
        return alarm
    proposal = _proposal(alarm, rows, domain) if alarm.state == "raised" else None
    return replace(alarm, sentence=in_words(alarm), proposal=proposal)


def _falling_in_words(alarm: Alarm) -> str:
    if alarm.state == "raised":
        what = (
            f"alone, people are right {_points(alarm.change)}"
            if alarm.detail["by"] == "accuracy"
            else f"people keep their own call where it is right {_points(alarm.detail['self_reliance'])}"
        )
        return (
            f"Deferring, not learning: {what} than in their first {alarm.detail['baseline']:,} calls, while they follow "
            f"the model {_points(alarm.agreement)}."
        )
    return (
        f"{_so_far(falls(alarm.change), 'fall')} Watched: whether people alone are right less often than in their first "
        f"{alarm.detail['baseline']:,} calls while they follow the model more. The next look comes after "
        f"{_calls(alarm.more, 'resolved unaided call')}."
    )


def _bias_in_words(alarm: Alarm) -> str:
    if alarm.state == "raised":
        return (
            f"Where the model is wrong, people follow it {_points(alarm.change)} than in the first "
            f"{alarm.detail['baseline']:,} such cases."
        )
    return (
        f"{_so_far(rises(alarm.change), 'rise')} Watched: whether people follow the model more often where it is wrong than in the first "
        f"{alarm.detail['baseline']:,} such cases. The next look comes after "
        f"{_calls(alarm.more, 'wrong recommendation')}."
    )


def _so_far(alone: bool, what: str) -> str:
    """What may be said while nothing is raised; one look alone would say more than many looks allow."""
    if alone:
        return f"A {what} may be beginning, and is not sure enough for an alarm."
    return f"No {what} is shown."


def _points(found) -> str:
    if found.value is None:
        return "less often"
    word = "more" if found.value > 0 else "less"
    ends = sorted((abs(found.low) * 100, abs(found.high) * 100))
    between = f" (between {ends[0]:.1f} and {ends[1]:.1f})" if found.low * found.high > 0 else ""
    return f"{abs(found.value) * 100:.1f} points {word} often{between}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def _calls(count: int, noun: str) -> str:
    return f"{count:,} more {noun}{'' if count == 1 else 's'}"


def _proposal(alarm: Alarm, rows: Rows, domain: DecisionDomain) -> dict[str, Any]:
    """More first calls: as many more as the next verdict needs in the time that the last ones took."""
    share = domain.modes.first_call
    drills = _where(rows, domain) if alarm.kind == FALLING else []
    needed = more_needed(alarm.change, smallest=domain.report.smallest_change) if alarm.change.known else None
    later = alarm.looks[-1].calls if alarm.looks else 1
    wanted = share * (1 + (needed or later) / max(later, 1))
    most = min(MOST, 1 - domain.modes.evidence_only)
    to = min(max(ceil(round(wanted / PLACES, 6)) * PLACES, share + LEAST_RAISE), most)
    if to <= share:
        return {
            "kind": "drills",
            "drills": drills,
            "sentence": f"{_percent(share)} of cases already ask for the own call first.",
        }
    said = (
        f"Ask for the own call first on {_percent(to)} of new {domain.terms.many} instead of {_percent(share)}: people practise more, "
        f"and a verdict on whether that helps comes sooner{f' (about {needed:,} calls)' if needed else ''}."
    )
    return {
        "kind": "first_call",
        "from": share,
        "to": round(to, 2),
        "needed": needed,
        "drills": drills,
        "sentence": said,
    }


def _where(rows: Rows, domain: DecisionDomain) -> list[dict[str, Any]]:
    """Segments whose own fall leaves out zero, all segments tested together (Bonferroni), worst first."""
    watched = Watched.of(rows, domain)
    rows = watched.rows
    begun = [one for one in rounds(len(watched.own)) if one.start + one.step <= len(watched.own)]
    at = span(rows, watched.own, begun[-1], len(watched.own[begun[-1].start : begun[-1].end]))
    names = [(column, name) for column in _open_segments(domain, rows) for name in sorted(rows.frame[column].dropna().unique())]  # fmt: skip
    found = [(column, name, _fall(rows, at, column, name, len(names))) for column, name in names]
    hit = [(column, name, one) for column, name, one in found if falls(one)]
    return [
        {"feature": column, "value": str(name), "change": one.as_dict()}
        for column, name, one in sorted(hit, key=lambda f: f[2].value)
    ]


def _open_segments(domain: DecisionDomain, rows: Rows) -> list[str]:
    """Segment columns that hold words, protected ones left out: nobody is drilled on those."""
    return [
        column
        for column in domain.segments.columns
        if column in rows.frame
        and column not in domain.segments.protected
        and domain.feature(column).kind == "category"
    ]


def _fall(rows: Rows, at: Span, column: str, name: object, tested: int):
    there = (rows.frame[column].to_numpy()[at.rows] == name) & np.ones(len(at.rows), bool)
    picked, later = at.rows[there], at.later[there]
    if min((~later).sum(), later.sum()) < MINIMUM:
        return change([], [])
    right = (rows.first == rows.right)[picked]
    return change(
        right, later, cases=rows.case[picked], managers=rows.manager[picked], level=1 - 0.05 / tested
    )
