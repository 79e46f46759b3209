"""What is guessed of an uploaded table, computed once a file, a template and a choice of roles."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.intake.drafting.draft import Roles, candidates, replanned, with_roles
from rhml.intake.drafting.planning import Plan
from rhml.intake.drafting.sketching import Sketch, sketch
from rhml.intake.tables import Table


@st.cache_data(max_entries=4, show_spinner="Reading the columns …")
def sketched(file_id: str, _table: Table) -> tuple[Sketch, dict[str, list[str]]]:
    """The columns of a file, and the headings that may stand in each role; `file_id` is the identity of its content."""
    found = sketch(_table)
    return found, candidates(_table, found)


@st.cache_data(max_entries=16, show_spinner="Looking for columns that know too much …")
def planned(
    file_id: str, name: str, lending: str, roles: Roles | None, _table: Table, _lent: DecisionDomain | None
) -> Plan:
    """The plan for a file by a template (named by `lending`) and by the roles that somebody confirmed."""
    found = sketched(file_id, _table)[0]
    if roles is not None and roles != Roles.of(found):
        found = with_roles(_table, found, roles)
    return replanned(_table, found, name=name, template=_lent)
