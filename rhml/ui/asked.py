"""Colleagues' questions on Pending, whole: a table's cell shows the beginning of a long one only."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.ui import words
from rhml.ui.shell import Here, staying_in

FITS = 24
"""Letters of a question that its cell in the list shows on a narrow screen."""


def questions(here: Here, rows: list[dict[str, Any]]) -> None:
    """The long questions of the cases on this page, each with the way to its case."""
    asked = [row for row in rows if row["escalated_by"] and len(row["escalation"] or "") > FITS]
    if not asked:
        return
    with st.expander(f"What colleagues ask ({words.number(len(asked))})", icon=":material/help_center:"):
        for row in asked:
            st.page_link(
                "pages/decide.py", label=words.plain(row["case_id"]), icon=":material/open_in_new:",
                query_params={"case": row["case_id"], **staying_in(here.domain)},
            )  # fmt: skip
            who = (
                "You ask"
                if row["escalated_by"] == here.person
                else f"{words.plain(row['escalated_by'])} asks"
            )
            st.markdown(f"{who}: {words.plain(row['escalation'])}")
