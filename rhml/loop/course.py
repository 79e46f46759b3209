"""A trainee takes a course: a test, practice with feedback and lessons, a second test, and what it came to.

Drawn from past cases that are new to the person. The plan is drawn once, from the log's secret, and each answer
counts once; no outcome of a test is given before both are done. Practice is never work: its answers are no
decisions and no unaided calls.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import DrillRefused
from rhml.human.course import certificate
from rhml.loop import drill_told
from rhml.loop.course_plan import USUAL, plan, practised
from rhml.loop.course_record import CERTIFIED, DRAWN, PRACTICE, Course, Place, verification
from rhml.loop.drill import bounded, check, permitted
from rhml.store import case_file, drill_cases, drills
from rhml.store.courses import KIND
from rhml.store.drills import LEFT_OUT, Answer, Event
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id


def begin(store: Store, domain: DecisionDomain, person: str, *, size: int = USUAL, at: datetime) -> Course:
    """Draw both tests and record them as the course's plan; DrillRefused while one is open or history is short."""
    permitted(store, person)
    if drills.open_of(store, domain.name, person, KIND) is not None:
        raise DrillRefused("Your course is open already. Go on with it, or end it first.")
    drawn, drill_id = plan(store, domain, person, size), new_id()
    store.write(
        lambda tx: drills.begin(tx, domain.name, drill_id, manager=person, kind=KIND, plan=drawn, at=at)
    )
    return Course(drills.held(store, domain.name, drill_id))


def standing(store: Store, domain: DecisionDomain, person: str) -> Course | None:
    """The open course of a person, else the one that ended last; None before the first."""
    drill = drills.open_of(store, domain.name, person, KIND) or drills.last_of(
        store, domain.name, person, KIND
    )
    return Course(drill) if drill else None


def resume(store: Store, domain: DecisionDomain, course: Course, *, at: datetime) -> Course:
    """The course with what comes next in place: the practice drawn, what cannot be asked left out, the end told.

    Safe at any moment and any number of times: a page calls it on every run.
    """
    name = course.drill.drill_id
    while (place := course.now) is not None:
        if course.phase == PRACTICE and course.practised is None:
            places = [asdict(one) for one in practised(store, domain, course, at)]
            event = Event(DRAWN, {"places": places}, at)
            store.write(lambda tx, e=event: _once(tx, domain, name, e))
        elif (case_id := course.places[place].case_id) and drill_cases.right_now(store, domain, case_id):
            return course
        else:
            gone = Event(LEFT_OUT, {"place": place}, at)
            store.write(lambda tx, e=gone: _leave_out(tx, domain, name, e))
        course = Course(drills.held(store, domain.name, name))
    return course if course.drill.ended else finish(store, domain, course, at=at)


def _once(tx: Transaction, domain: DecisionDomain, drill_id: str, event: Event) -> None:
    drill = drills.held(tx, domain.name, drill_id)
    if not any(held.kind == event.kind for held in drill.events):
        drills.happen(tx, domain.name, drill_id, event)


def _leave_out(tx: Transaction, domain: DecisionDomain, drill_id: str, event: Event) -> None:
    drill = drills.held(tx, domain.name, drill_id)
    if drill.ended is None and drill.next_place == event.content["place"]:
        drills.happen(tx, domain.name, drill_id, event)


def answer(
    store: Store,
    domain: DecisionDomain,
    drill_id: str,
    place: int,
    action: str,
    *,
    person: str,
    at: datetime,
    confidence: float | None = None,
    seconds: float | None = None,
) -> Answer:
    """Record a call; DrillRefused if the place is not the one asked, the course another's, or the action unknown."""
    permitted(store, person)
    check(domain, action, confidence)
    taken = bounded(seconds)

    def unit(tx: Transaction) -> Answer:
        drill = drills.held(tx, domain.name, drill_id)
        asked = _asked(Course(drill), place, person)
        right = drill_cases.right_now(tx, domain, asked.case_id)
        if right is None:
            raise DrillRefused("This case may not be asked any more. It is left out; go on with the next.")
        new = Answer(drill_id, place, asked.phase, asked.case_id, person, asked.lesson_id, action, confidence,
                     right, taken, at)  # fmt: skip
        drills.answer(tx, domain.name, new)
        drills.keep_half_done(tx, domain.name, drill, {"told": place} if asked.phase == PRACTICE else None)
        return new

    return store.write(unit)


def _asked(course: Course, place: int, person: str) -> Place:
    """The place that is to be answered, if it is the one asked; the store refuses what was answered already."""
    if course.drill.manager != person or course.drill.kind != KIND:
        raise DrillRefused("This is another person's course. Begin one of your own.")
    if type(place) is not int or (place not in course.drill.answers and place != course.now):
        raise DrillRefused("This is not the case that is asked now. Open the Practice page anew.")
    return course.places[place]


def facts(store: Store, domain: DecisionDomain, course: Course) -> dict[str, Any]:
    """The facts of the case that is asked, by feature; nothing that is protected, and nothing of its outcome."""
    case_id = course.places[course.now].case_id
    held = case_file.facts(store, domain, case_id)
    shown = [f.name for f in domain.features if f.name not in domain.segments.protected]
    return {name: held[name] for name in shown}


def choose(store: Store, domain: DecisionDomain, course: Course, place: int, action: str | None) -> None:
    """Keep which action is chosen in a place before it is answered; None takes the choice back."""
    if action is not None and action not in domain.action_keys:
        raise DrillRefused("This is none of the actions. Choose one of those on the page.")
    half = {"place": place, "action": action} if action else None
    store.write(lambda tx: drills.keep_half_done(tx, domain.name, course.drill, half))


def half_done(store: Store, domain: DecisionDomain, course: Course) -> dict[str, Any]:
    """What is chosen but not said yet ('place', 'action'), or which practised place is being told ('told')."""
    return drills.half_done(store, domain.name, course.drill)


def told(
    store: Store, domain: DecisionDomain, course: Course, place: int, *, words_of: Any
) -> drill_told.Told:
    """What came of a practised case; DrillRefused for a case of a test, and before the call."""
    if course.places[place].phase != PRACTICE:
        raise DrillRefused("A test tells nothing of a single case. Its result comes after the second test.")
    # The nearest case that went the other way must be none that is still to be asked.
    named = {"places": [{"case_id": one.case_id} for one in course.places]}
    return drill_told.told(store, domain, replace(course.drill, plan=named), place, words_of=words_of)


def go_on(store: Store, domain: DecisionDomain, course: Course) -> None:
    """What came of a practised case was read."""
    store.write(lambda tx: drills.keep_half_done(tx, domain.name, course.drill, None))


def finish(store: Store, domain: DecisionDomain, course: Course, *, at: datetime) -> Course:
    """Record what a course came to, once every place is done; DrillRefused before."""
    name = course.drill.drill_id

    def unit(tx: Transaction) -> None:
        done = Course(drills.held(tx, domain.name, name))
        if done.drill.ended:
            return
        if done.now is not None:
            raise DrillRefused("The course is not done yet: some of its cases are still to be called.")
        drills.happen(tx, domain.name, name, Event(CERTIFIED, certified(store.secret, domain, done, at), at))
        drills.happen(tx, domain.name, name, Event("finished", {}, at))
        drills.keep_half_done(tx, domain.name, done.drill, None)

    store.write(unit)
    return Course(drills.held(store, domain.name, name))


def certified(secret: bytes, domain: DecisionDomain, course: Course, at: datetime) -> dict[str, Any]:
    """The certificate as a fact: who, what, when, how large, what came out, and the number that vouches for it."""
    found, equal, smallest = course.gain(domain), course.equated(), domain.report.smallest_change
    said = {
        "person": course.drill.manager,
        "domain": domain.name,
        "title": domain.title,
        "begun_at": course.drill.begun_at.isoformat(),
        "finished_at": at.isoformat(),
        "planned": course.size,
        "practised": len(course.answered(PRACTICE)),
        "smallest_change": smallest,
        "result": certificate.verdict_of(found),
        **found.as_dict(),
        "forms": asdict(equal),
        "headline": certificate.HEADLINES[certificate.verdict_of(found)],
        "line": certificate.line(found),
        "sentence": certificate.sentence(found, smallest=smallest),
        "sureness": certificate.sureness(found),
        "method": certificate.method(equal, found.n, smallest=smallest),
    }
    return {**said, "verification": verification(secret, domain, course, said)}


def stop(store: Store, domain: DecisionDomain, drill_id: str, *, person: str, at: datetime) -> None:
    """End a course early: its answers stay on record, and nothing is claimed."""

    def unit(tx: Transaction) -> None:
        drill = drills.held(tx, domain.name, drill_id)
        if drill.manager != person or drill.kind != KIND:
            raise DrillRefused("This is another person's course. Begin one of your own.")
        drills.happen(tx, domain.name, drill_id, Event("stopped", {}, at))
        drills.keep_half_done(tx, domain.name, drill, None)

    store.write(unit)
