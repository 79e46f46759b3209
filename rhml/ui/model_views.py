"""What the Models page shows, one view at a time: the register first, then what the model learned and from whom."""

from __future__ import annotations

import streamlit as st

from rhml.ui import corrections, evidence, humility, insight, promotion, proposals, taught, versions
from rhml.ui.records import registered
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view that the address names; *Versions* where it names none."""
    view = st.segmented_control(
        "View", list(VIEWS), key="view", bind="query-params", default="Versions", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    VIEWS[view](here)


def register(here: Here) -> None:
    """Which version is live, which there are, how they compare, and what a lead may do about it."""
    found = versions.held(here)
    promotion.begin_anew(here, found)
    versions.standing(found, here.domain)
    humility.alarm(here)
    busy = promotion.work(here, found)
    promotion.retrain(here, busy=busy)

    if not versions.nothing(here, found):
        versions.table(found)
        version = evidence.pick(found)
        evidence.verdict(version, found, here.domain)
        promotion.look_again(here, found, version, busy=busy)
        promotion.promotion(here, found)
        evidence.taught(version)
        evidence.card(version, here.domain)
    versions.audit(found)


VIEWS = {
    "Versions": register,
    "Register": registered.draw,
    "What people taught": taught.draw,
    "Corrections": corrections.draw,
    "Proposals": proposals.draw,
    "Explanation": insight.draw,
    "Trust": humility.draw,
}
