"""Buttons with a key of their own, and what was pressed last.

A press is remembered with the case it was meant for and carried out at the top of the next run. So a second
press that arrives late still names the first case, and never decides the one that has taken its place.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

KEYS = {
    "A": "agree with the recommendation",
    "D": "decide differently",
    "1–9": "choose an action or a reason",
    "M": "make this my call, where your own comes first",
    "Ctrl+Enter": "save a different decision, also while you write its reason",
    "S": "skip: to the end of your own queue",
    "Z": "snooze: hide it from everyone for a while",
    "E": "escalate: ask a lead",
    "N": "next, and leave this one as it is",
    "U": "undo the last decision",
    "W": "why: every factor in a picture",
    "H": "this list",
}
"""C and R belong to Streamlit. No key acts while somebody types, except Ctrl+Enter."""


LOOKS = ("differ", "next", "panel")
"""Acts that record nothing. Their buttons stay the same from case to case, so the browser need not build them
anew; a late press of one only opens or passes the case that is on screen by then."""


def button(label: str, act: str, *about: Any, shortcut: str | None = None, **look: Any) -> None:
    """A button that asks for `act` on what `about` names; its first part is the case."""
    named = about[1:] if act in LOOKS else about
    st.button(
        label,
        key="-".join((act, *(str(part) for part in named))),
        shortcut=shortcut,
        on_click=_press,
        args=(act, *about),
        **look,
    )


def _press(act: str, *about: Any) -> None:
    st.session_state["pressed"] = (act, *about)


def pressed() -> tuple[Any, ...] | None:
    """What was pressed since the last run: the act, then what it is about. Asked once, it is gone."""
    return st.session_state.pop("pressed", None)


def choice(
    options: dict[str, str], chosen: str | None, act: str, case_id: str, *, numbered: bool = True
) -> None:
    """One of several, the chosen one ticked; the first nine have number keys."""
    with st.container(horizontal=True, gap="small"):
        for place, (key, label) in enumerate(options.items(), start=1):
            button(
                label, act, case_id, key, shortcut=str(place) if numbered and place <= 9 else None,
                icon=":material/check_circle:" if key == chosen else ":material/circle:",
            )  # fmt: skip


def listed() -> None:
    """Every key and what it does."""
    st.markdown("| Key | |\n|---|---|\n" + "\n".join(f"| **{key}** | {what} |" for key, what in KEYS.items()))
    st.caption("No key acts while you write, except Ctrl+Enter.")
