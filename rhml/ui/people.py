"""People and roles: who manages, who analyses, who leads; given, changed and ended on record."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.loop import teams
from rhml.store import organization
from rhml.ui import words
from rhml.ui.shell import Here

MEANINGS = {
    "manager": "decides cases",
    "analyst": "asks what the decisions say",
    "lead": "may also promote models, import data and manage people",
    "trainee": "practises on past cases and decides none",
}


def first_lead(here: Here) -> None:
    """A log without people: the first one is its lead."""
    st.info(
        "Nobody is named yet. The first person is the lead, who brings data, promotes models and names others."
    )
    with st.form("first_lead", border=True):
        name = st.text_input("Your name", key="first_name", max_chars=teams.LONGEST).strip()
        if st.form_submit_button("Start as lead", type="primary", icon=":material/how_to_reg:"):
            teams.set_role(here.store, name, "lead", by=name, at=here.now)
            st.rerun()


def roles(here: Here) -> None:
    """The list of people, and the two forms a lead has for it."""
    people = organization.people(here.store)
    st.dataframe(
        pd.DataFrame(
            [(p, role, MEANINGS[role]) for p, role in people.items()], columns=["Name", "Role", "Which means"]
        ),
        hide_index=True,
        key="people",
        alt="Everyone who may act here, with the role",
    )
    if not here.leads:
        st.caption("A lead may add people and change roles.")
        return
    left, right = st.columns(2)
    with left, st.form("add_person", border=True, clear_on_submit=True):
        st.markdown("**Add a person**")
        name = st.text_input("Name", key="new_name", max_chars=teams.LONGEST).strip()
        role = _role("Role", "new_role")
        if st.form_submit_button("Add", icon=":material/person_add:"):
            _add(here, people, name, role)
    with right, st.form("change_person", border=True):
        st.markdown("**Change or end a role**")
        person = st.selectbox("Person", list(people), key="changed_person")
        changed = _role("New role", "changed_role", ending=True)
        if st.form_submit_button("Change", icon=":material/manage_accounts:"):
            teams.set_role(here.store, person, changed, by=here.person, at=here.now)
            st.rerun()
    st.caption("Every change stays in the audit trail. At least one lead always remains.")


def _add(here: Here, people: dict[str, str], name: str, role: str) -> None:
    if name in people:
        st.warning(f"{words.plain(name)} is here already. Change the role in the form beside this one.")
        return
    teams.set_role(here.store, name, role, by=here.person, at=here.now)
    st.rerun()


def _role(label: str, key: str, *, ending: bool = False) -> str:
    options = [*organization.ROLES, *([organization.LEFT] if ending else [])]
    said = {organization.LEFT: "ended (leaves the organization)"}
    return st.selectbox(label, options, key=key, format_func=lambda r: said.get(r) or f"{r}: {MEANINGS[r]}")
