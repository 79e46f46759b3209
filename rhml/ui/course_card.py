"""One case of a course: its facts and the call; in practice also what came of it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.loop.card import Card
from rhml.loop.course_record import AFTER, BEFORE, PRACTICE, Course
from rhml.loop.drill_told import Told
from rhml.ui import cards, drill_outcome, practising, words
from rhml.ui.keys import button
from rhml.ui.shell import Here

NAMES = {BEFORE: "First test", PRACTICE: "Practice", AFTER: "Second test"}

ABOUT = {
    BEFORE: "What you can do now. No result is shown before the second test is done.",
    PRACTICE: "After each call: what proved right, and why.",
    AFTER: "Other cases, as hard as those of the first test. Then both results.",
}

KEYS = {
    "1–9": "choose an action, then say in how many of 10 you would be right (0 is 10)",
    "Enter": "answer without saying how sure you are",
    "Esc": "choose another action",
    "N": "next",
    "H": "this list",
}


def ask(here: Here, course: Course, facts: dict[str, Any], chosen: str | None) -> None:
    """The case that is asked: facts on the one side, the call on the other; nothing of a model, no number."""
    place, at = course.places[course.now], (course.drill.drill_id, course.now)
    practising.opened(here, *at)
    _head(here, course, course.now)
    left, right = st.columns([4, 3], gap="large")
    with left:
        _facts(here, "", {**facts, "received_at": None})
    with right:
        st.markdown(f"**{words.plain(here.domain.question) or 'What is your call?'}**")
        _actions(here, at, chosen)
        if chosen:
            practising.how_sure(here, "course", at, chosen)
        _leave(here, course)
        st.caption(ABOUT[place.phase])


def told(here: Here, course: Course, found: Told) -> None:
    """What came of a practised case."""
    place, answer = course.places[found.answer.place], found.answer
    _head(here, course, answer.place)
    st.markdown(f"### {drill_outcome.verdict(here, found)}\n\n:small[{_why(place.why, answer.confidence)}]")
    left, right = st.columns([4, 3], gap="large")
    with right:
        st.markdown("  \n".join(drill_outcome.to_take(here, found)))
        button(
            "Next",
            "course_next",
            here.domain.name,
            answer.drill_id,
            answer.place,
            shortcut="N",
            type="primary",
        )
        drill_outcome.opposite(here, found)
        _leave(here, course)
    with left:
        _facts(here, answer.case_id, {**found.facts, "received_at": None})


def _why(why: str, confidence: float | None) -> str:
    """Why this case was chosen, and how sure the call was."""
    chosen = {"a lesson": "Chosen for a lesson", "mixed in": "A plain case between"}.get(
        why, f"Chosen: {why}"
    )
    return f"{chosen}; you said {round(10 * confidence)} in 10." if confidence is not None else f"{chosen}."


def _head(here: Here, course: Course, at: int) -> None:
    """Which of the three parts, and how far."""
    place = course.places[at]
    st.header(f"{NAMES[place.phase]}: {words.number(place.number)} of {words.number(place.of)}", anchor=False)
    parts = " → ".join(f"**{name}**" if phase == place.phase else name for phase, name in NAMES.items())
    st.caption(
        f"{parts} · {words.number(len(course.drill.answers))} of {words.number(len(course.places))} done"
    )


def _facts(here: Here, case_id: str, known: dict[str, Any]) -> None:
    """The facts as a card shows them before anything of the model."""
    cards.facts(
        here.domain,
        Card(
            case_id=case_id, facts=known, mode="first_call", stage="first call", recommendation=None,
            features=tuple(f.name for f in here.domain.inputs), first_call=None, waiting=None,
        ),
    )  # fmt: skip


def _actions(here: Here, at: tuple[str, int], chosen: str | None) -> None:
    """The actions, by number while none is chosen."""
    with st.container(horizontal=True, gap="small"):
        for number, action in enumerate(here.domain.actions, start=1):
            button(
                words.plain(action.label), "course_choose", here.domain.name, *at, action.key,
                shortcut=str(number) if chosen is None and number <= 9 else None,
                icon=":material/check_circle:" if action.key == chosen else ":material/circle:",
            )  # fmt: skip


def _leave(here: Here, course: Course) -> None:
    """The way out, and the keys for who wants them."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        with st.popover("End this course", type="tertiary"):
            st.markdown(
                "It ends without a result; your answers stay on record. To pause, simply leave: it waits."
            )
            button("End it now", "course_stop", here.domain.name, course.drill.drill_id)
        button("Keys", "course_keys", here.domain.name, shortcut="H", type="tertiary")
    practising.listed(KEYS)
