"""Fields that are being collected, asked for on the card of a case that has none yet."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain, Feature
from rhml.errors import RhmlError
from rhml.loop import collect
from rhml.loop.card import Card
from rhml.ui import resources, words
from rhml.ui.shell import Here


def ask(here: Here, card: Card) -> None:
    """A short form for what is missing; it asks nothing where nothing is collected."""
    wanted = collect.missing(here.domain, card.facts)
    if not wanted:
        return
    with st.form(f"collect-{card.case_id}", border=True):
        st.markdown("**Being collected** (optional)")
        given = {name: _field(here.domain.feature(name), card.case_id) for name in wanted}
        if st.form_submit_button("Save what you know", icon=":material/edit_note:"):
            _save(here, card.case_id, {name: text for name, text in given.items() if text})
    st.caption(_why(here.domain, card, wanted))


def _field(feature: Feature, case_id: str) -> str | None:
    """The widget for one field; its answer as it would stand in a file."""
    label, key = words.plain(feature.label), f"collect-{feature.name}-{case_id}"
    if feature.kind == "yes_no":
        return st.radio(label, ["yes", "no"], index=None, key=key, horizontal=True)
    if feature.kind == "category" and feature.levels:
        return st.selectbox(label, feature.levels, index=None, key=key)
    if feature.kind == "date":
        day = st.date_input(label, value=None, key=key)
        return day.isoformat() if day else None
    if feature.kind == "number":
        number = st.number_input(f"{label} {words.plain(feature.unit)}".strip(), value=None, key=key)
        return None if number is None else repr(number)
    return st.text_input(label, key=key, max_chars=200) or None


def _save(here: Here, case_id: str, given: dict[str, str]) -> None:
    try:
        changed = collect.fill(here.store, here.domain, case_id, given, by=here.person, at=here.now)
    except RhmlError as refused:  # not for the frame: it would take the half-written decision away
        st.error(words.plain(str(refused)))
        return
    if changed:
        resources.ask_for("recommend", domain=here.domain.name, by=here.person)
        st.rerun(scope="app")
    st.warning("Nothing was filled in.")


def _why(domain: DecisionDomain, card: Card, wanted: list[str]) -> str:
    read = [name for name in wanted if name in card.features]
    if read:
        return "The model reads this: a new recommendation follows within seconds."
    return f"No model reads this until enough {words.plain(domain.terms.many)} have a value."
