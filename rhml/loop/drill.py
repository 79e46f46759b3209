"""A person practises on past cases: begin a drill, answer each case once, stop, and go on where one was.

Practice is opt-in and never work: its answers are no decisions and no unaided calls. What may be seen of a case is
given here, so a page cannot show an outcome that was not called for yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draw
from rhml.errors import DrillRefused, NotPermitted
from rhml.human.drills.mixing import TARGET, mix
from rhml.loop.drill_pool import material
from rhml.store import case_file, drill_cases, drills, organization
from rhml.store.drills import LEFT_OUT, Answer, Drill, Event
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id

KIND = "drill"
LONGEST = 3_600.0
"""Seconds that are believed of one case."""


@dataclass(frozen=True)
class Asked:
    """The case that a drill asks now: its facts, and nothing else; `number` of `of` counts from 1."""

    place: int
    number: int
    of: int
    facts: dict[str, Any]


def permitted(store: Store, person: str) -> None:
    """Practice is for everybody who works here, whatever the role; not for a name of nobody."""
    if not person.strip() or organization.role(store, person) == organization.LEFT:
        who = f"{person} has left" if person.strip() else "Practice belongs to a named person"
        raise NotPermitted(f"{who}. Choose a name under 'You are'.")


def begin(store: Store, domain: DecisionDomain, person: str, *, at: datetime) -> Drill:
    """Draw a drill and record it with its plan; DrillRefused while one is open, or without enough past cases.

    The seed comes from the log's secret, the person and how many drills were begun: reloading changes nothing.
    """
    permitted(store, person)
    if drills.open_of(store, domain.name, person, KIND) is not None:
        raise DrillRefused("Your drill is open already. Go on with it, or end it first.")
    found = material(store, domain, person, at=at)
    if not found.size:
        raise DrillRefused(found.why)
    count = drills.begun(store, domain.name, person, KIND)
    seed = int(draw(store.secret, "drill", domain.name, f"{person}\x1f{count}") * 2**53)
    places = mix(found.pool, size=found.size, due=found.due, lessons=found.fresh, seed=seed)
    plan = {"places": [place.as_dict() for place in places], "target": TARGET, "seed": seed}
    drill_id = new_id()
    store.write(
        lambda tx: drills.begin(tx, domain.name, drill_id, manager=person, kind=KIND, plan=plan, at=at)
    )
    return drills.held(store, domain.name, drill_id)


def asked(store: Store, domain: DecisionDomain, drill: Drill, *, at: datetime) -> Asked | None:
    """The case to call now, facts only; None when the drill is done.

    A case that may not be practised on any more is left out, and the log says so.
    """
    name = drill.drill_id
    while drill.ended is None:
        place = drill.next_place
        if place >= len(drill.plan["places"]):
            store.write(lambda tx: _finish(tx, domain, name, at))
            return None
        case_id = drill.plan["places"][place]["case_id"]
        if drill_cases.right_now(store, domain, case_id) is not None:
            done = sum(p not in drill.left_out for p in range(place))
            of = len(drill.plan["places"]) - len(drill.left_out)
            return Asked(place, done + 1, of, case_file.facts(store, domain, case_id))
        gone = Event(LEFT_OUT, {"place": place}, at)
        store.write(lambda tx, event=gone: _leave_out(tx, domain, name, event))
        drill = drills.held(store, domain.name, name)
    return None


def _leave_out(tx: Transaction, domain: DecisionDomain, drill_id: str, event: Event) -> None:
    drill = drills.held(tx, domain.name, drill_id)
    if drill.ended is None and drill.next_place == event.content["place"]:
        drills.happen(tx, domain.name, drill_id, event)


def _finish(tx: Transaction, domain: DecisionDomain, drill_id: str, at: datetime) -> None:
    drill = drills.held(tx, domain.name, drill_id)
    if drill.ended is None and drill.next_place >= len(drill.plan["places"]):
        drills.happen(tx, domain.name, drill_id, Event("finished", {}, at))
        drills.keep_half_done(tx, domain.name, drill, {"summary": True} if drill.answers else None)


def choose(
    store: Store, domain: DecisionDomain, drill_id: str, place: int, action: str | None, *, person: str
) -> None:
    """Keep which action is chosen in a place before it is answered; None takes the choice back."""
    if action is not None and action not in domain.action_keys:
        raise DrillRefused("This is none of the actions. Choose one of those on the page.")

    def unit(tx: Transaction) -> None:
        drill = _own(tx, domain, drill_id, person)
        if drill.ended is None and drill.next_place == place:
            half = {"place": place, "action": action} if action else None
            drills.keep_half_done(tx, domain.name, drill, half)

    store.write(unit)


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
    """Record a call with what has proved right; DrillRefused if the place is not the one that is asked.

    The last answer finishes the drill in the same commit.
    """
    permitted(store, person)
    check(domain, action, confidence)
    taken = bounded(seconds)

    def unit(tx: Transaction) -> Answer:
        drill = drills.held(tx, domain.name, drill_id)
        planned = _planned(drill, place)
        right = drill_cases.right_now(tx, domain, planned["case_id"])
        if right is None:
            raise DrillRefused(
                "This case may not be practised on any more. It is left out; go on with the next."
            )
        new = Answer(drill_id, place, planned["source"], planned["case_id"], person, planned["lesson_id"], action,
                     confidence, right, taken, at)  # fmt: skip
        drills.answer(tx, domain.name, new)
        drills.keep_half_done(tx, domain.name, drill, {"told": place})
        if drills.held(tx, domain.name, drill_id).next_place >= len(drill.plan["places"]):
            drills.happen(tx, domain.name, drill_id, Event("finished", {}, at))
        return new

    return store.write(unit)


def _planned(drill: Drill, place: int) -> dict[str, Any]:
    """What the plan says of a place, if that is the one to be answered; the store refuses what was answered."""
    places = drill.plan.get("places", [])
    there = type(place) is int and 0 <= place < len(places) and drill.kind == KIND
    if not there or (place not in drill.answers and place != drill.next_place):
        raise DrillRefused("This is not the case that is asked now. Open the Practice page anew.")
    return places[place]


def check(domain: DecisionDomain, action: str, confidence: float | None) -> None:
    """Refuse an action that the domain does not know, and a confidence that is no probability."""
    if action not in domain.action_keys:
        raise DrillRefused("This is none of the actions. Choose one of those on the page.")
    if confidence is not None and not (isfinite(confidence) and 0 <= confidence <= 1):
        raise DrillRefused(f"A confidence is a probability between 0 and 1, not {confidence}.")


def bounded(seconds: float | None) -> float | None:
    """For how long a case was on screen, at most an hour; None where it was not measured."""
    timed = seconds is not None and isfinite(seconds) and seconds >= 0
    return min(float(seconds), LONGEST) if timed else None


def go_on(store: Store, domain: DecisionDomain, drill_id: str, place: int, *, person: str) -> None:
    """What came of a place was read: on to the next one, or to the summary; a second press does nothing."""

    def unit(tx: Transaction) -> None:
        drill = _own(tx, domain, drill_id, person)
        if drills.half_done(tx, domain.name, drill).get("told") == place:
            drills.keep_half_done(tx, domain.name, drill, {"summary": True} if drill.ended else None)

    store.write(unit)


def _own(tx: Transaction, domain: DecisionDomain, drill_id: str, person: str) -> Drill:
    """A drill of this person's; DrillRefused for anybody else's."""
    drill = drills.held(tx, domain.name, drill_id)
    if drill.manager != person:
        raise DrillRefused("This is another person's practice. Begin one of your own.")
    return drill


def stop(store: Store, domain: DecisionDomain, drill_id: str, *, person: str, at: datetime) -> None:
    """End a drill early; what was answered counts."""

    def unit(tx: Transaction) -> None:
        drill = _own(tx, domain, drill_id, person)
        drills.happen(tx, domain.name, drill_id, Event("stopped", {}, at))
        drills.keep_half_done(tx, domain.name, drill, {"summary": True} if drill.answers else None)

    store.write(unit)


def put_away(store: Store, domain: DecisionDomain, drill_id: str, *, person: str) -> None:
    """The summary was read."""

    def unit(tx: Transaction) -> None:
        drill = _own(tx, domain, drill_id, person)
        if drill.ended:
            drills.keep_half_done(tx, domain.name, drill, None)

    store.write(unit)
