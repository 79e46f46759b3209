"""What My learning shows, one view at a time: what came of one's decisions first, then what may be learned from it."""

from __future__ import annotations

import streamlit as st

from rhml.ui import alarms, computed, honesty, learning, lesson_tests, lessons, who_looked
from rhml.ui import skill as own_skill
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names; *Since your last visit* where it names none."""
    view = st.segmented_control(
        "View", list(VIEWS), key="view", bind="query-params", default="Since your last visit", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    VIEWS[view](here)


def arrived(here: Here) -> None:
    """What came of the person's decisions since the last visit, and the lessons that wait for an answer."""
    learning.since_last_visit(here, own(here))
    lesson_tests.mine(here)


def skill(here: Here) -> None:
    """The person's own calls beside the model's, and the ground on which they prove right most and least."""
    own_skill.mine(here)
    learning.against_the_model(here, own(here))
    learning.segments(here, own(here))


def calibration(here: Here) -> None:
    """Whether the person's "8 in 10" means eight in ten."""
    honesty.draw(here, own(here))


def own(here: Here):
    """The person's own decisions; nobody else's."""
    return computed.own_decisions(here.domain.name, here.person)


VIEWS = {
    "Since your last visit": arrived,
    "Skill": skill,
    "Calibration": calibration,
    "Reliance": alarms.mine,
    "Lessons": lessons.mine,
    "Who looked": who_looked.draw,
}
