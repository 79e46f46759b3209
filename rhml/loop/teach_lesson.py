"""What becomes of a lesson: teach the team, teach the model, to one's own drills, not yet, withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draw
from rhml.errors import LessonRefused
from rhml.loop import permit
from rhml.store import lessons as kept
from rhml.store.engine import Store, Transaction
from rhml.store.lessons import VERBS, LessonEvent, StoredLesson

DELAY = timedelta(days=14)
"""Teaching starts at a random moment within this time: what changes then, and not at the press, is the teaching."""

OWN = ("to own drills", "not yet", "withdrawn")
TEAM = ("teach the team", "teach the model", "not yet", "withdrawn")


def teach(
    store: Store, domain: DecisionDomain, lesson_id: str, verb: str, *, by: str, why: str, at: datetime
) -> StoredLesson:
    """Record what is to become of a lesson; a lead's act on the team's lessons, one's own on one's own."""
    if verb not in VERBS:
        raise LessonRefused(
            f"{verb!r} is nothing that can be done with a lesson. Choose: {', '.join(VERBS)}."
        )
    lot = draw(store.secret, "lesson start", domain.name, lesson_id)

    def unit(tx: Transaction) -> None:
        lesson = _one(tx, domain, lesson_id, by)
        if lesson.manager is None:
            permit.lead(store, by, f"say “{verb}” of a lesson of the team")
        _fits(lesson, verb, why)
        starts = {"teach the team": at + DELAY * lot, "to own drills": at}.get(verb)
        kept.happen(tx, domain.name, lesson_id, LessonEvent(verb, by, why.strip(), at, starts))

    store.write(unit)
    return next(x for x in kept.held(store, domain) if x.lesson_id == lesson_id)


def may_see(lesson: StoredLesson, person: str) -> bool:
    """Whether a lesson may be shown to somebody: the team's to all, a person's to that person alone."""
    return lesson.for_person(person)


def _one(tx: Transaction, domain: DecisionDomain, lesson_id: str, by: str) -> StoredLesson:
    """The lesson, if there is one that this person may know of."""
    found = next((x for x in kept.held(tx, domain) if x.lesson_id == lesson_id and may_see(x, by)), None)
    if found is None:
        raise LessonRefused(
            f"There is no lesson {lesson_id!r} that you may act on. Look at the list of lessons."
        )
    return found


def _fits(lesson: StoredLesson, verb: str, why: str) -> None:
    """Refuse what makes no sense with this lesson as it stands."""
    if verb not in (TEAM if lesson.manager is None else OWN):
        whose = "the team's" if lesson.manager is None else "your own"
        raise LessonRefused(
            f"This lesson is {whose}: choose one of {', '.join(TEAM if lesson.manager is None else OWN)}."
        )
    if lesson.manager is None and not why.strip():
        raise LessonRefused("Say why in a sentence: the reason stays on record.")
    if lesson.state == "withdrawn":
        raise LessonRefused("This lesson was withdrawn. A new look finds it again if it still holds.")
    if lesson.state == verb:
        raise LessonRefused("That is how it stands already.")
    if verb == "teach the model" and lesson.learner != "model":
        raise LessonRefused("Here the model is right and people are not, so the model has nothing to learn.")
