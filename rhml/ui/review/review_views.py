"""The page Review: three lists, each in its order, one of them open."""

from __future__ import annotations

import streamlit as st

from rhml.errors import RhmlError
from rhml.loop.review import sign
from rhml.ui import keys, words
from rhml.ui.review import review_conflicts, review_desk, review_opinion, review_sign
from rhml.ui.shell import Here

VIEWS = {
    "To sign": review_sign.draw,
    "Second opinions": review_opinion.draw,
    "Conflicts": review_conflicts.draw,
}
ACTS = {**review_sign.ACTS, **review_opinion.ACTS, **review_conflicts.ACTS}


def draw(here: Here) -> None:
    """Do what was pressed, then the list that the address names; the first of the reader's own where it names none."""
    _carry_out(here)
    view = _view(here, {name: len(ids) for name, ids in _ids(here).items()})
    review_desk.told(here)
    try:
        VIEWS[view](here)
    except RhmlError as refused:  # gone meanwhile: say so, with the list a press away
        st.warning(words.plain(str(refused)))


def _view(here: Here, counts: dict[str, int]) -> str:
    """The list that the address names. The control is told on every run: bound to the address, its counts would be
    part of what the address has to say."""
    own = "To sign" if sign.may_sign(here.domain, here.role) else "Second opinions"
    asked = st.query_params.get("view")
    current = asked if asked in VIEWS else own if here.decides else "Conflicts"
    st.session_state["review_view"] = current
    st.segmented_control(
        "View", list(VIEWS), key="review_view", required=True, label_visibility="collapsed", on_change=_turn,
        format_func=lambda name: f"{name} · {words.number(counts[name])}" if counts[name] else name,
    )  # fmt: skip
    return current


def _turn() -> None:
    """Another list: nothing of it is open."""
    review_desk.go(None)
    st.query_params["view"] = st.session_state["review_view"]


def _carry_out(here: Here) -> None:
    """Do what was pressed; a refusal is kept to be shown above the item, which stays as it was."""
    asked = keys.pressed()
    if asked is None:
        return
    act, about, *more = asked
    if act in ("review_open", "review_list", "review_next"):
        _move(here, act, about)
    elif act in ACTS:
        st.session_state.pop("reviewed", None)
        try:
            ACTS[act](here, about, *more)
        except RhmlError as refused:  # not for the frame: it would take what is typed away
            st.session_state["review_refused"] = str(refused)


def _move(here: Here, act: str, about: str) -> None:
    """Open an item, the one after it, or the list."""
    if act == "review_next":
        found = next((many for many in _ids(here).values() if about in many), [])
        review_desk.go(review_desk.following(found, about))
    else:
        review_desk.go(about if act == "review_open" else None)


def _ids(here: Here) -> dict[str, list[str]]:
    found = review_desk.mine(here)
    return {
        "To sign": [one.decision_id for one in found.signatures],
        "Second opinions": [one.case_id for one in found.opinions],
        "Conflicts": [one.conflict_id for one in found.conflicts],
    }
