"""What the Practice page shows, one view at a time."""

from __future__ import annotations

import streamlit as st

from rhml.ui import course, drills
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names; *Drills* where it names none."""
    if len(VIEWS) > 1:
        view = st.segmented_control(
            "View", list(VIEWS), key="view", bind="query-params", default="Drills", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
    else:
        view = "Drills"
    VIEWS[view](here)


VIEWS = {
    "Drills": drills.draw,
    "Course": course.draw,
}
