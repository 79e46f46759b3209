"""What the Overrides page shows, one view at a time: each reads the log under the same filters."""

from __future__ import annotations

import streamlit as st

from rhml.ui import computed, reading, saved, veiled
from rhml.ui.overrides import (
    agreement,
    explorer,
    override_compare,
    override_limits,
    override_overview,
    override_pivot,
    override_time,
    wrote,
)
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names, of the decisions that its filters leave; *Overview* where it names none."""
    saved.opened(here, "overrides")
    names = list(VIEWS)
    view = st.segmented_control(
        "View", names, key="view", bind="query-params", default=names[0], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    looked_at = explorer.chosen(here)
    explorer.looking_at(looked_at, here.domain)
    explorer.bank_left_out(looked_at, here.domain)
    reading.line(here)
    if view in OF_RECOMMENDATIONS and not _anything(here):
        override_overview.nothing_yet(here.domain)
    else:
        VIEWS[view](here, looked_at)


def _anything(here: Here) -> bool:
    """Whether any recommendation was decided on."""
    return bool(computed.override_names(here.domain.name, veiled.veil(here))["final_action"])


VIEWS = {
    "Overview": override_overview.draw,
    "Pivot": override_pivot.draw,
    "Compare": override_compare.draw,
    "What they wrote": wrote.draw,
    "Agreement": agreement.draw,
    "Limits": override_limits.draw,
    "Time": override_time.draw,
}
"""In the order of an analyst's questions; each value draws a view of the filtered log."""

OF_RECOMMENDATIONS = ("Overview", "Pivot", "Compare", "Time")
"""Views that have nothing to say before a recommendation was decided on."""
