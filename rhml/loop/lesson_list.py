"""The lessons somebody may see, in words and as plain values: the team's, and one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.lessons.wording import counted
from rhml.loop.look import seen
from rhml.loop.teach_lesson import may_see
from rhml.stats.rules.rule import Rule
from rhml.store import frames, organization
from rhml.store import lessons as kept
from rhml.store.engine import Store
from rhml.store.lessons import StoredLesson


def visible(store: Store, domain: DecisionDomain, *, by: str, at: datetime) -> list[StoredLesson]:
    """The team's lessons and one's own.

    A name that the organization does not know holds the log's file anyway and sees all; each person's are then on
    record for that person as looked at.
    """
    held = kept.held(store, domain)
    if organization.role(store, by) is not None:
        return [lesson for lesson in held if may_see(lesson, by)]
    seen(store, domain, [x.manager for x in held if x.manager], by=by, what="lessons", at=at)
    return held


def listed(store: Store, domain: DecisionDomain, *, by: str, at: datetime) -> list[dict[str, Any]]:
    """Each lesson with its rule, counts, state and the decided cases that it covers."""
    held = visible(store, domain, by=by, at=at)
    if not held:
        return []
    cases, decided = frames.cases(store, domain), frames.decided(store, domain)[["case_id", "manager"]]
    return [_told(lesson, domain, cases, decided) for lesson in held]


def _told(
    lesson: StoredLesson, domain: DecisionDomain, cases: pd.DataFrame, decided: pd.DataFrame
) -> dict[str, Any]:
    rule = Rule.of(lesson.content)
    covered = cases.loc[rule.covers(cases), "case_id"]
    own = decided if lesson.manager is None else decided[decided["manager"] == lesson.manager]
    newest = lesson.last("confirmed", "refuted")
    return {
        "lesson_id": lesson.lesson_id,
        "learner": lesson.learner,
        "manager": lesson.manager,
        "state": lesson.state,
        "sentence": lesson.sentence,
        "rule": rule.words(domain),
        "conditions": lesson.content["conditions"],
        "found": lesson.evidence["found"],
        "confirmed": lesson.evidence["later"],
        "since": newest.evidence["later"] if newest and newest.evidence else None,
        "counted": counted(lesson.evidence["unaided"], lesson.evidence["covered"]),
        "starts_at": lesson.starts_at,
        "found_at": lesson.found_at,
        "case_ids": sorted(set(covered) & set(own["case_id"])),
    }


def in_words(found: list[dict[str, Any]]) -> str:
    """One line a lesson."""
    lines = [f"{x['lesson_id']} ({x['state']}): {x['sentence']}" for x in found]
    return "\n".join(lines) or "No lesson so far."
