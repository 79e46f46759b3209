"""What a drill and a course on the screen share: a press that came too late, how long a case is open, the keys."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from rhml.errors import DrillRefused
from rhml.ui import words
from rhml.ui.shell import Here


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


def toggle_keys() -> None:
    """Show the list of keys, or put it away."""
    st.session_state["practice_keys"] = not st.session_state.get("practice_keys", False)


def listed(keys: dict[str, str]) -> None:
    """Every key and what it does, while the list is asked for."""
    if st.session_state.get("practice_keys"):
        rows = "\n".join(f"| **{key}** | {what} |" for key, what in keys.items())
        st.markdown(f"| Key | |\n|---|---|\n{rows}")
