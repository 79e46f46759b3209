"""What a person's course is drawn from: past cases that are new to them, others' calls on these, lessons taught."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.course_record import courses_of, seen
from rhml.loop.drill_pool import refusal
from rhml.store import drill_cases, drills
from rhml.store.engine import Store

NEWEST = 3_000
"""Cases whose outcome came last, among which the forms are matched."""


@dataclass(frozen=True, eq=False)
class Material:
    """Past cases that a person has neither decided nor practised on, with other people's calls on them.

    cases: as `frames.cases`. calls: case_id, action, recommended_action, recommended_confidence. `used` counts
    those that a course has asked before. `why` says why there can be no course at all.
    """

    cases: pd.DataFrame
    calls: pd.DataFrame
    used: int = 0
    why: str = ""


def material(store: Store, domain: DecisionDomain, person: str) -> Material:
    """Gather what a course of this person may be drawn from."""
    cases = drill_cases.pool(store, domain, [], newest=NEWEST)
    calls = drill_cases.calls_on(store, domain, list(cases["case_id"]))
    if why := refusal(store, domain):
        return Material(cases.iloc[:0], _said(calls.iloc[:0]), why=why)
    own = set(calls.loc[calls["manager"] == person, "case_id"])
    asked = seen(courses_of(store, domain, person))
    practised = set(drills.answers(store, domain, manager=person)["case_id"])
    practised |= _drilled_now(store, domain, person)
    fresh = cases[~cases["case_id"].isin(own | asked | practised)].reset_index(drop=True)
    return Material(fresh, _said(calls[calls["manager"] != person]), len(asked))


def _drilled_now(store: Store, domain: DecisionDomain, person: str) -> set[str]:
    """The cases of a drill that is open: it will show their outcomes."""
    drill = drills.open_of(store, domain.name, person, "drill")
    return {place["case_id"] for place in drill.plan["places"]} if drill else set()


def _said(calls: pd.DataFrame) -> pd.DataFrame:
    """Each call as it was made before anything was shown, where it was, else as decided."""
    own = calls["first_action"].notna()
    return pd.DataFrame(
        {
            "case_id": calls["case_id"],
            "action": calls["first_action"].where(own, calls["final_action"]),
            "recommended_action": calls["recommended_action"],
            "recommended_confidence": calls["recommended_confidence"],
        }
    ).reset_index(drop=True)
