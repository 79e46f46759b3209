"""What people can do without the model: gather calls, cases and taught lessons, compute, hand over."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.skill.skill import Skill, none
from rhml.human.skill.skill import skill as compute
from rhml.human.skill.transfer import Taught, discovered_until
from rhml.machine import difficulty as yardsticks
from rhml.reports.calls import Calls
from rhml.reports.sides import ALPHA, looks_of
from rhml.reports.unaided import calls_for_difficulty, compared, rows_for_difficulty, rows_of
from rhml.stats.bands import segment_names
from rhml.stats.periods import middle
from rhml.stats.rules.rule import Rule
from rhml.store import frames, lessons
from rhml.store.engine import Store

NO_TIMES = "The decisions carry no times, so earlier and later cannot be told apart."
NO_CALLS = "No unaided call has an outcome and a time yet."
TO_TEAM = "teach the team"


def difficulty(
    store: Store,
    domain: DecisionDomain,
    decisions: pd.DataFrame,
    *,
    calls: Calls | None = None,
    seed: int = 7,
) -> pd.DataFrame | None:
    """How hard each resolved case is, told by other cases and other people; None where nothing can tell.

    calls: of the decisions, where they are read already.
    """
    calls = calls or Calls.of(decisions, domain)
    at = rows_for_difficulty(calls)
    if not len(at):
        return None
    facts = [f.name for f in domain.inputs if f.kind in frames.FACTS]
    if set(facts) <= set(decisions.columns):
        cases = decisions[["case_id", "right_action", *facts]].take(at).drop_duplicates("case_id")
    else:
        wanted = decisions["case_id"].take(at).drop_duplicates()
        cases = frames.cases(store, domain, only="o.right_action IS NOT NULL")
        cases = cases[cases["case_id"].isin(wanted)]
    own = calls_for_difficulty(calls)
    return yardsticks.difficulty(cases.reset_index(drop=True), own, domain=domain, seed=seed)


def skill(
    store: Store,
    domain: DecisionDomain,
    decisions: pd.DataFrame | None = None,
    *,
    hard: pd.DataFrame | None = None,
    calls: Calls | None = None,
    courses: bool = False,
    seed: int = 7,
) -> Skill:
    """The standardized change of unaided accuracy; decisions, `hard` and calls, where they are read and computed already.

    courses: each person's own course too.
    """
    if decisions is None:
        decisions = frames.decided(store, domain, facts=True)
        hard = difficulty(store, domain, decisions, seed=seed)
    calls, smallest = calls or Calls.of(decisions, domain), domain.report.smallest_change
    at, why = rows_of(calls)
    if not len(at):
        judged, _ = calls.judged()
        return none(why or (NO_TIMES if (judged & calls.unaided).any() else NO_CALLS), smallest)
    # The moment that parts all resolved decisions, as on the Improvement page.
    judged, _ = calls.judged()
    times = pd.to_datetime(decisions["decided_at"])
    found, words = compared(calls, at, moment=middle(times[judged & times.notna()]), difficulty=hard)
    own = decisions.iloc[at].reset_index(drop=True)
    named = {column: segment_names(own, column, domain) for column in domain.segment_columns if column in own}
    return compute(
        found,
        names=_names(calls),
        segments=named,
        smallest=smallest,
        adjusted_for=words,
        courses=courses,
        level=looks_of(calls, at[found.cut.placed]).level(ALPHA),
        lessons=taught(store, domain, own["case_id"], found.times),
        seed=seed,
    )


def _names(calls: Calls) -> np.ndarray:
    """The manager of each code."""
    names = np.empty(int(calls.manager.max()) + 1, object)
    names[calls.manager] = calls.rows["manager"].to_numpy(object)
    return names


def taught(store: Store, domain: DecisionDomain, case_ids: pd.Series, times: pd.Series) -> tuple[Taught, ...]:
    """The lessons the team is being taught, each with the calls that its rule covers and the end of those it was
    looked for on; one case and one time a call."""
    shown = [
        lesson
        for lesson in lessons.held(store, domain)
        if lesson.state == TO_TEAM and lesson.learner == "people" and lesson.starts_at
    ]
    if not shown:
        return ()
    cases = frames.called(store, domain).set_index("case_id").reindex(case_ids).reset_index()
    return tuple(
        Taught(
            lesson.lesson_id,
            lesson.sentence,
            Rule.of(lesson.content).covers(cases),
            lesson.drawn_until or discovered_until(times, lesson.found_at),
            lesson.starts_at,
            lesson.manager,
            _by_lot(lesson),
        )
        for lesson in shown
    )


def _by_lot(lesson: lessons.StoredLesson) -> bool:
    """Whether the start was drawn: teaching the team begins after a delay that nobody chooses."""
    told: datetime | None = lesson.last(TO_TEAM).at
    return told is not None and lesson.starts_at > told
