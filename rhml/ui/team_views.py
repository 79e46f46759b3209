"""What the Team page shows, one view at a time: the team's numbers for everyone, people for those who may."""

from __future__ import annotations

import streamlit as st

from rhml.ui import alarms, lessons, modes, person_record, skill, training
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names; the first where it names none."""
    names = list(VIEWS)
    view = st.segmented_control(
        "View", names, key="view", bind="query-params", default=names[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    VIEWS[view](here)


VIEWS = {
    "Skill": skill.team,
    "Lessons": lessons.team,
    "Training": training.draw,
    "Modes": modes.draw,
    "Alarms": alarms.team,
    "People": person_record.draw,
}
"""Skill, Lessons, Alarms and Modes first, each with a line of its own; People last."""
