"""Earlier statements of what mattered: who stated what and why, what it promised, and what outcomes have said since."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent_words import short
from rhml.loop.intent import statement as loop_intent
from rhml.loop.intent.statement import StoredIntent
from rhml.ui import words
from rhml.ui.intent import promised
from rhml.ui.shell import Here

SHOWN = 5


def toggle(here: Here, trying: dict) -> None:
    """The button that shows them or puts them away."""
    open_now = trying.get("earlier", False)
    st.button(
        "Hide earlier statements" if open_now else "Earlier statements", key="intent_earlier", type="tertiary",
        icon=":material/history:", on_click=_turn, args=(trying,),
    )  # fmt: skip


def _turn(trying: dict) -> None:
    trying["earlier"] = not trying.get("earlier", False)


def draw(here: Here, trying: dict) -> None:
    """The last few, newest first, each with what it promised and what is known of it by now."""
    if not trying.get("earlier"):
        return
    past = loop_intent.history(here.store, here.domain)
    if not past:
        st.caption("Nothing has been stated here yet.")
    for one in past[:SHOWN]:
        left, right = st.columns([5, 2], vertical_alignment="center")
        left.markdown(said(here.domain, one))
        with right:
            promised.open_by(here, one.intent_id)
    if len(past) > SHOWN:
        st.caption(f"{words.number(len(past) - SHOWN)} older ones are in the audit trail.")


def said(domain: DecisionDomain, one: StoredIntent) -> str:
    """One statement: what, when, by whom, why; until when it held; what it promised."""
    until = f" until {words.when(one.ended_at)}" if one.ended_at else ""
    why = f": “{words.plain(one.why)}”" if one.why else ""
    return (
        f"**{words.plain(short(domain, one.intent))}** "
        f":small[{words.plain(words.when(one.at) + until)}, by {words.plain(one.by)}{why}]  \n"
        f":small[{words.plain(str(one.promise.get('sentence', '')))}]"
    )
