"""Organization: domains and their data, people and roles, the audit trail, copies of the log."""

import streamlit as st

from rhml.ui import api_keys, audit, backup, erasure, intake, people, shell
from rhml.ui.records import record_packs

SECTIONS = {
    "Data": intake.data,
    "People": people.roles,
    "Audit trail": audit.trail,
    "Records": record_packs.section,
    "Erasure": erasure.section,
    "Backup": backup.copies,
    "Other systems": api_keys.section,
}
OPEN_TO = {
    "lead": list(SECTIONS),
    "analyst": ["Data", "People", "Audit trail"],
    "manager": ["Data", "People"],
    "trainee": ["Data", "People"],
}

with shell.page("organization") as here:
    if not here.person:
        people.first_lead(here)
        st.stop()
    section = st.segmented_control(
        "Section", OPEN_TO[here.role], key="section", bind="query-params", default="Data", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    SECTIONS[section](here)
