"""What a decided case's page says of review: hidden from who may judge it blind, where it stands, the way to dispute it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.loop.review import conflict
from rhml.store.review import conflicts, reviews
from rhml.ui import words
from rhml.ui.review import review_desk
from rhml.ui.shell import Here, staying_in


def hidden(here: Here, case_id: str) -> None:
    """A decided case on which a second opinion is asked: nothing of it shows, and where one may be given."""
    one = words.plain(here.domain.terms.case)
    st.info(
        f"A second opinion is asked on this {one}, blind: what was decided, and what the model suggested, shows to other "
        f"{words.plain(here.domain.terms.manager)}s once somebody has given it.",
        icon=":material/visibility_off:",
    )
    if here.decides:
        _to(here, "Second opinions", case_id, "Give it, if you have not had this case before you")


def _to(here: Here, view: str, item: str, label: str) -> None:
    st.page_link(
        "pages/review.py", label=label, icon=":material/rule:",
        query_params={review_desk.PARAMETER: item, **staying_in(here.domain, view=view)},
    )  # fmt: skip


def standing(here: Here, events: list[dict[str, Any]], undone: set[str]) -> None:
    """Whether the last decision is in force, and the ways from here."""
    made = [
        e for e in events if e["what"] == "decided" and not e["imported"] and e["decision_id"] not in undone
    ]
    if not made or not here.decides:
        return
    decision_id = made[-1]["decision_id"]
    disputes = conflicts.of_decision(here.store.read, here.domain.name, decision_id)
    known = here.leads or here.person in dict(
        conflicts.parties(here.store.read, here.domain.name, decision_id)
    )
    if disputes:
        conflict_id, settled = disputes[-1]
        if known:
            _to(here, "Conflicts", conflict_id, "How it was settled" if settled else "In the conflict room")
    else:
        if reviews.signature_state(here.store.read, here.domain.name, decision_id) == "asked":
            st.caption("It is not in force yet: it awaits a second signature.")
        if made[-1]["actor"] != here.person:  # who made it takes it back
            _dispute(here, decision_id)


def _dispute(here: Here, decision_id: str) -> None:
    """Bring a decision into the conflict room, with a sentence."""
    with st.expander("Dispute this decision"), st.form("dispute", border=False):
        why = st.text_input(
            "What do you disagree with?", help="A lead who has no side settles it; its author is told."
        )
        if st.form_submit_button("Bring it to the conflict room") and conflict.raise_it(
            here.store, here.domain, decision_id, by=here.person, why=why, at=here.now
        ):
            st.rerun()
