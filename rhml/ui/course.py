"""The course on the screen: what was pressed, then where the course stands; leaving or a restart changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from rhml.loop import course as verbs
from rhml.loop.course_record import Course
from rhml.store.opening import utc_now
from rhml.ui import certificate, course_card, course_start, keys, practising, resources
from rhml.ui.shell import Here, boundary


@st.fragment
def draw(here: Here) -> None:
    """Do what was pressed, then draw the open course where it stands, else its result and the way to begin one."""
    with boundary("practice"):
        here = replace(here, now=utc_now())
        practising.carry_out(here, keys.pressed(), "course_", _do)
        _stand(here)


def _stand(here: Here) -> None:
    """Outcome, case, certificate or start: read from the log on every run, so that a restart shows the same."""
    course = verbs.standing(here.store, here.domain, here.person)
    if course and course.drill.ended is None:
        course = verbs.resume(here.store, here.domain, course, at=here.now)
    if course is None or course.drill.ended:
        if course:
            certificate.draw(here, course)
        course_start.draw(here, course)
        return
    half = verbs.half_done(here.store, here.domain, course)
    if half.get("told") in course.drill.answers:
        found = verbs.told(
            here.store, here.domain, course, half["told"],
            words_of=lambda version: resources.model_words(here.domain.name, version),
        )  # fmt: skip
        course_card.told(unprotected(here), course, found)
    else:
        chosen = half.get("action") if half.get("place") == course.now else None
        facts = verbs.facts(here.store, here.domain, course)
        course_card.ask(unprotected(here), course, facts, chosen)


def unprotected(here: Here) -> Here:
    """The same place without the facts that nobody should learn to decide by."""
    features = tuple(f for f in here.domain.features if f.name not in here.domain.segments.protected)
    return replace(here, domain=here.domain.model_copy(update={"features": features}))


def _do(here: Here, act: str, *about: Any) -> None:
    match act, about:
        case "course_begin", ():
            size = int(st.session_state.get("course_size") or verbs.USUAL)
            verbs.begin(here.store, here.domain, here.person, size=size, at=here.now)
        case "course_choose", (drill_id, place, action):
            if course := _mine(here, drill_id):
                verbs.choose(here.store, here.domain, course, place, action or None)
        case "course_answer", (drill_id, place, action, tenths):
            verbs.answer(
                here.store, here.domain, drill_id, place, action, person=here.person, at=here.now,
                confidence=tenths / 10 if tenths else None, seconds=practising.seconds(here, drill_id, place),
            )  # fmt: skip
        case "course_next", (drill_id, place):
            course = _mine(here, drill_id)
            if course and verbs.half_done(here.store, here.domain, course).get("told") == place:
                verbs.go_on(here.store, here.domain, course)
        case "course_stop", (drill_id,):
            verbs.stop(here.store, here.domain, drill_id, person=here.person, at=here.now)
        case "course_keys", ():
            practising.toggle_keys()


def _mine(here: Here, drill_id: str) -> Course | None:
    """The open course, if it is the one that was meant."""
    course = verbs.standing(here.store, here.domain, here.person)
    return course if course and course.drill.drill_id == drill_id and not course.drill.ended else None
