"""What the Improvement page shows, one view at a time: the answer first; each view computes its own part alone."""

from __future__ import annotations

import streamlit as st

from rhml.ui import (
    answer,
    cases_behind,
    cycles,
    equal_treatment,
    filters,
    forecasts,
    growth,
    ledger,
    methods,
    saved,
    segments_map,
    together,
    versions_report,
)
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names, of the months and the segment that it names; *Answer* where it names none.

    An address may ask for the cases behind a number instead.
    """
    if cases_behind.asked():
        cases_behind.draw(here, filters.chosen(here.domain))
        return
    saved.opened(here, "improvement")
    names = list(VIEWS)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        view = st.segmented_control(
            "View", names, key="view", bind="query-params", default=names[0], required=True,
            label_visibility="collapsed", wrap=True,
        )  # fmt: skip
        with st.container(horizontal=True, width="content"):
            span = filters.chosen(here.domain)
            saved.control(here, "improvement")
    filters.looking_at(span, here.domain)
    VIEWS[view](here, span)


VIEWS = {
    "Answer": answer.draw,
    "Who taught whom": ledger.draw,
    "Growth": growth.draw,
    "Cycles": cycles.draw,
    "Versions": versions_report.draw,
    "Segments": segments_map.draw,
    "Together": together.draw,
    "Forecasts": forecasts.draw,
    "Equal treatment": equal_treatment.draw,
    "Methods": methods.draw,
}
"""In the order of a reader's questions: the answer, then because of whom, where, how together, how fair, how sure."""
