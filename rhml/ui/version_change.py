"""What changed between two versions: weights, where probabilities moved, and which waiting cases changed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.insight import CHANGES
from rhml.stats.measure import Measure
from rhml.store import studies
from rhml.ui import insight_charts, measured, resources, words
from rhml.ui.reasons import feature_of
from rhml.ui.shell import Here
from rhml.ui.versions import Held

MOST = 8


def draw(here: Here, found: Held, version: str) -> None:
    """The comparison that is on record, and the way to another one."""
    others = [v.version for v in found.versions if v.version != version]
    if not others:
        return
    st.header("What changed with it", anchor=False)
    known = studies.newest(here.store, here.domain.name, CHANGES, version)
    against = known.content["against"] if known else None
    chosen = st.selectbox("Compared with", others, key="against", width=220,
                          index=others.index(against) if against in others else 0)  # fmt: skip
    if known is None or chosen != against:
        st.markdown(f"{words.plain(version)} has not been compared with {words.plain(chosen)} yet.")
        if st.button(f"Compare with {chosen}", key="compare"):
            asked = {"version": version, "against": chosen}
            resources.ask_for("insight", domain=here.domain.name, by=here.person, arguments=asked)
            st.rerun()
        return
    overall(here.domain, known.content)
    weights(here.domain, known.content)
    shifts(here.domain, known.content)
    waiting(here, known.content, words.when(known.made_at))


def overall(domain: DecisionDomain, content: dict[str, Any]) -> None:
    """On average, and in how many cases it comes to another recommendation."""
    first = words.plain(domain.label(domain.actions[0].key))
    moved, different = Measure(**content["overall"]), Measure(**content["different"])
    st.markdown(
        f"It recommends something else in **{measured.share(different)}** of {words.plain(domain.terms.many)}; the "
        f"probability of “{first}” moved by **{measured.difference(moved)}** on average."
    )


def weights(domain: DecisionDomain, content: dict[str, Any]) -> None:
    """The factors whose weight changed most."""
    rows = [
        {
            "Factor": insight_charts.label(domain, w["feature"]),
            "Before": words.number(100 * w["before"], 1),
            "Now": words.number(100 * w["after"], 1),
            "Difference": measured.difference(Measure(**w["difference"])),
        }
        for w in content["weights"][:MOST]
    ]
    st.subheader("Factors that weigh more or less", anchor=False)
    measured.table_of(pd.DataFrame(rows), alt="Factors by how much their weight changed, in points")
    measured.how(
        "By how many points each factor moves an average case in the one version and in the other; the difference is "
        "taken case by case, with its 95 % interval.",
        key="heavier",
    )


def shifts(domain: DecisionDomain, content: dict[str, Any]) -> None:
    """Where the probability of the first action moved furthest."""
    rows = [
        {
            "Where": f"{insight_charts.label(domain, s['factor'])}: {insight_charts.part_name(feature_of(domain, s['factor']), s)}",
            "Moved by": measured.difference(Measure(**s["moved"])),
        }
        for s in content["shifts"][:MOST]
        if s["moved"]["value"]
    ]  # fmt: skip
    st.subheader(f"Where “{words.plain(domain.actions[0].label)}” became more or less likely", anchor=False)
    if not rows:
        st.markdown("Nowhere.")
        return
    measured.table_of(
        pd.DataFrame(rows), alt=words.own("Parts of the cases by how far the probability moved")
    )
    measured.how(
        f"The parts that moved furthest of {words.number(content['looked_at'])} looked at: segments, levels and bands of "
        "factors. The intervals hold for all of them together at 95 %.",
        key="shifts",
    )


def waiting(here: Here, content: dict[str, Any], when: str) -> None:
    """The waiting cases for which the two versions recommend different actions."""
    domain, many = here.domain, words.plain(here.domain.terms.many)
    st.subheader(f"Waiting {many} that change with it", anchor=False)
    if not content["waiting"]:
        st.markdown(f"No {many} waited when this was worked out ({when}).")
        return
    listed = content["cases"]
    most = (
        f" {words.number(len(listed))} of them are listed: none that asks for an own call first."
        if len(listed) < content["changed"]
        else ""
    )
    st.markdown(
        f"**{words.number(content['changed'])} of {words.number(content['waiting'])}** that waited on {when} get another "
        f"recommendation.{most}"
    )
    if listed:
        st.dataframe(
            pd.DataFrame(
                {
                    domain.terms.case.capitalize(): [c["case_id"] for c in listed],
                    "Before": [_said(domain, c["before"], c["before_probability"]) for c in listed],
                    "Now": [_said(domain, c["after"], c["after_probability"]) for c in listed],
                    "Moved most by": [_factor(domain, c) for c in listed],
                }
            ),
            hide_index=True,
            alt=words.own("Waiting cases whose recommendation differs between the two versions"),
        )


def _said(domain: DecisionDomain, action: str, probability: float) -> str:
    return f"{domain.label(action)}, {words.number(100 * probability)} of 100"


def _factor(domain: DecisionDomain, case: dict[str, Any]) -> str:
    if case["factor"] is None:
        return ""
    return f"{insight_charts.label(domain, case['factor'])} ({words.points(case['points'])})"
