"""One past case to be called: its facts and the form, and nothing that would tell what proved right."""

from __future__ import annotations

import streamlit as st

from rhml.loop.card import Card
from rhml.loop.drill import Asked
from rhml.store.drills import Drill
from rhml.ui import cards, practising, words
from rhml.ui.keys import button
from rhml.ui.shell import Here

KEYS = {
    "1–9": "choose an action, then say in how many of 10 you would be right (0 is 10)",
    "Enter": "answer without saying how sure you are",
    "Esc": "choose another action",
    "N": "next",
    "H": "this list",
}


def draw(here: Here, drill: Drill, asked: Asked, chosen: str | None) -> None:
    """Facts on the one side, the call on the other."""
    practising.opened(here, drill.drill_id, asked.place)
    st.header(
        f"{words.plain(here.domain.terms.case.capitalize())} {asked.number} of {asked.of}", anchor=False
    )
    left, right = st.columns([4, 3], gap="large")
    with left:
        facts(here, asked.facts)
    with right:
        st.markdown(f"**{words.plain(here.domain.question) or 'What is your call?'}**")
        _actions(here, drill.drill_id, asked.place, chosen)
        if chosen:
            practising.how_sure(here, "drill", (drill.drill_id, asked.place), chosen)
        leave(here, drill)


def facts(here: Here, known: dict) -> None:
    """The facts as a card shows them before anything of the model."""
    cards.facts(
        here.domain,
        Card(
            case_id=known["case_id"], facts=known, mode="first_call", stage="first call", recommendation=None,
            features=tuple(f.name for f in here.domain.inputs), first_call=None, waiting=None,
        ),
    )  # fmt: skip


def _actions(here: Here, drill_id: str, place: int, chosen: str | None) -> None:
    """The actions, by number while none is chosen."""
    with st.container(horizontal=True, gap="small"):
        for number, action in enumerate(here.domain.actions, start=1):
            button(
                words.plain(action.label), "drill_choose", here.domain.name, drill_id, place, action.key,
                shortcut=str(number) if chosen is None and number <= 9 else None,
                icon=":material/check_circle:" if action.key == chosen else ":material/circle:",
            )  # fmt: skip


def leave(here: Here, drill: Drill) -> None:
    """The way out, and the keys for who wants them."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not drill.ended:
            button("End this session", "drill_stop", here.domain.name, drill.drill_id, type="tertiary")
        button("Keys", "drill_keys", here.domain.name, shortcut="H", type="tertiary")
    practising.listed(KEYS)
    if not drill.ended:
        st.caption("Leave whenever you like: the session waits where you are.")
