"""What a drill and a course on the screen share: a late press, how long a case is open, how sure somebody is, the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from rhml.errors import DrillRefused
from rhml.ui import words
from rhml.ui.keys import button
from rhml.ui.shell import Here, staying_in


def carry_out(here: Here, pressed: tuple[Any, ...] | None, begins: str, do: Callable[..., None]) -> None:
    """Do what was pressed, if its act begins so and it was meant here; what came too late changes nothing."""
    if pressed is None or not str(pressed[0]).startswith(begins) or pressed[1] != here.domain.name:
        return
    try:
        do(here, pressed[0], *pressed[2:])
    except DrillRefused as refused:
        st.warning(words.plain(str(refused)), icon=":material/info:")


def opened(here: Here, drill_id: str, place: int) -> None:
    """Remember since when this case is on screen."""
    about = (here.domain.name, drill_id, place)
    if st.session_state.get("practised", {}).get("about") != about:
        st.session_state["practised"] = {"about": about, "since": here.now}


def seconds(here: Here, drill_id: str, place: int) -> float | None:
    """For how long the case has been on screen; None where another one is."""
    held = st.session_state.get("practised", {})
    if held.get("about") != (here.domain.name, drill_id, place):
        return None
    since: datetime = held["since"]
    return (here.now - since).total_seconds()


def how_sure(here: Here, kind: str, at: tuple[str, int], chosen: str) -> None:
    """How sure, in tenths, with one key; or nothing said. Either answers the case."""
    about = (f"{kind}_answer", here.domain.name, *at, chosen)
    st.markdown(
        f"**{words.plain(here.domain.label(chosen))}.** Of 10 {words.plain(here.domain.terms.many)} like this, in how "
        "many would you be right? That answers."
    )
    with st.container(horizontal=True, gap="small"):
        for tenths in range(-(-10 // len(here.domain.actions)), 11):
            button(f"{tenths} in 10", *about, tenths, shortcut=str(tenths % 10))
        button("Rather not say", *about, 0, shortcut="Enter")
    button("Back", f"{kind}_choose", here.domain.name, *at, "", shortcut="Esc", type="tertiary")


def none_yet(here: Here, what: str, why: str) -> None:
    """What belongs here, why there is none yet, and what would help."""
    st.info(f"{what} {words.told(why)}")
    if here.domain.outcome is not None:
        st.page_link(
            "pages/organization.py", label="Bring outcomes", icon=":material/fact_check:",
            query_params=staying_in(here.domain),
        )  # fmt: skip


def toggle_keys() -> None:
    """Show the list of keys, or put it away."""
    st.session_state["practice_keys"] = not st.session_state.get("practice_keys", False)


def listed(keys: dict[str, str]) -> None:
    """Every key and what it does, while the list is asked for."""
    if st.session_state.get("practice_keys"):
        rows = "\n".join(f"| **{key}** | {what} |" for key, what in keys.items())
        st.markdown(f"| Key | |\n|---|---|\n{rows}")
