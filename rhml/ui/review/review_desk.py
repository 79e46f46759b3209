"""What the three lists of Review have in common: which one is open, the list itself, and what was done last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.review.review import Mine
from rhml.ui import resources, words
from rhml.ui.keys import button
from rhml.ui.shell import Here

PARAMETER = "item"
SHOWN = 25
"""Rows of a list; it is worked from the top, so more are only counted."""


KINDS = {
    "signature refused": "the second signature was refused",
    "opinion differs": "a blind second opinion differs",
    "sure model": "decided against a very sure model",
    "escalation": "a lead’s answer differs from the call of who asked",
    "raised": "somebody disputes it",
}
"""Why a decision is in the conflict room."""


def mine(here: Here) -> Mine:
    """The reader's lists, as the log stands."""
    return resources.to_review(here.domain.name, here.person, here.role)


def item() -> str | None:
    """What is open: the address names it."""
    return st.query_params.get(PARAMETER)


def go(to: str | None) -> None:
    """Open something, or the list."""
    if to is None:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = to


def lying(here: Here, about: str) -> dict[str, Any]:
    """What is half done with the open item: fresh when another is opened."""
    named = {"domain": here.domain.name, "item": about, "person": here.person}
    held = st.session_state.get("review", {})
    if any(held.get(name) != value for name, value in named.items()):
        held = {**named, "opened": here.now, "action": None, "result": None, "refusing": False}
        st.session_state["review"] = held
    return held


def seconds(here: Here, about: str) -> float:
    """How long the item has been open."""
    return (here.now - lying(here, about)["opened"]).total_seconds()


def tell(here: Here, said: str) -> None:
    """Keep a line for the next run: what was just done."""
    st.session_state["reviewed"] = {"domain": here.domain.name, "person": here.person, "said": said}


def told(here: Here) -> None:
    """What was done last, and why the last press changed nothing."""
    if refused := st.session_state.pop("review_refused", None):
        st.error(words.plain(refused), icon=":material/block:")
    last = st.session_state.get("reviewed")
    if last and (last["domain"], last["person"]) == (here.domain.name, here.person):
        st.markdown(f":material/check: {last['said']}")


def on_the_way(ids: Sequence[str], about: str) -> None:
    """Back to the list, and on to the next one."""
    with st.container(horizontal=True, vertical_alignment="center"):
        button("Back to the list", "review_list", about, icon=":material/arrow_back:", type="tertiary")
        if following(ids, about):
            button("Next, leave this one", "review_next", about, shortcut="N", type="tertiary")
        if about in ids:
            place = f"{words.number(list(ids).index(about) + 1)} of {words.number(len(ids))}"
            st.caption(place, width="content")


def following(ids: Sequence[str], about: str) -> str | None:
    """What comes after this one in a list; after the last one the first, None where there is no other."""
    others = [one for one in ids if one != about]
    after = [one for one in ids[list(ids).index(about) + 1 :] if one != about] if about in ids else others
    return next(iter(after or others), None)


def worked(
    ids: Sequence[str], *, one: Callable[[str], None], rows: Callable[[], list[dict[str, Any]]],
    nothing: Callable[[], str], start: str, alt: str,
) -> bool:  # fmt: skip
    """The item that the address names, else the list, or why it is empty; whether it was an item."""
    if (about := item()) is not None:
        on_the_way(ids, about)
        one(about)
        return True
    if ids:
        listed(rows(), ids, start=start, alt=alt)
    else:
        st.info(nothing())
    return False


def listed(rows: list[dict[str, Any]], ids: Sequence[str], *, start: str, alt: str) -> None:
    """The list in its order, with the one next step; a click on a number opens it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        button(start, "review_open", ids[0], shortcut="N", type="primary")
        st.caption("The most pressing first. Click a number to open it.", width="content")
    kept = rows[:SHOWN]
    table = pd.DataFrame(kept).dropna(axis=1, how="all")
    shown = st.dataframe(
        table, hide_index=True, height="content", on_select="rerun", selection_mode=["single-cell"],
        key=f"review-{hashlib.sha256('|'.join(ids[:SHOWN]).encode()).hexdigest()[:12]}", alt=alt,
        column_config={table.columns[0]: st.column_config.TextColumn(pinned=True, help="Click to open")},
    )  # fmt: skip
    for row, column in shown.selection.cells:
        if column == table.columns[0]:
            go(ids[row])
            st.rerun()
    if len(rows) > SHOWN:
        st.caption(f"{words.number(SHOWN)} of {words.number(len(rows))}; the rest follows as you go on.")


def stake(domain: DecisionDomain, value: float | None) -> str | None:
    """What is at stake as text; None where nothing is."""
    return None if value is None else words.money(value, domain.value.unit)


def headed(here: Here, case_id: str, said: str) -> None:
    """Which case, and why it is here."""
    name = words.plain(here.domain.terms.case.capitalize())
    st.header(f"{name} {words.plain(case_id)}", anchor=False)
    st.markdown(said)


def ago(here: Here, at: datetime) -> str:
    """'3 days ago'."""
    days = (here.now - at).days
    return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''} ago"
