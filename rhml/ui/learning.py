"""A manager's own numbers: what came of the decisions, own calls beside the model's, calibration, strengths."""

from __future__ import annotations

from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.human.calibration import Band, Calibration, calibration
from rhml.human.feedback import Feedback, duel, feedback
from rhml.human.strengths import Skill, strengths
from rhml.loop import teach
from rhml.store import organization
from rhml.ui import charts, words
from rhml.ui.charts import WHO
from rhml.ui.shell import Here, staying_in

SHOWN = 5
"""Outcomes told one by one; the rest stands in a table below them."""


def since_last_visit(here: Here, own: pd.DataFrame) -> None:
    """Outcomes that arrived since the person last said *Got it*."""
    seen = organization.last_visit(here.store, here.person, here.domain.name)
    found = feedback(own, since=seen)
    st.header("Outcomes since your last visit", anchor=False)
    if not found.total:
        said = f"since {words.when(seen)}" if seen else "so far"
        st.info(f"No outcome of the {words.plain(here.domain.terms.many)} you decided has arrived {said}.")
        return
    st.markdown(
        f"**{words.number(found.total)}** {'outcome' if found.total == 1 else 'outcomes'} arrived; "
        f"your decision proved right in **{words.number(found.right)}**."
    )
    for one in found.newest[:SHOWN]:
        _told(one, here.domain)
    if found.total > SHOWN:
        listed = len(found.newest)
        which = "All" if listed == found.total else "The newest"
        with st.expander(f"{which} {words.number(listed)} as a table"):
            _table(found.newest, here.domain)
    if st.button("Got it", key="got_it", type="primary", icon=":material/done_all:"):
        teach.acknowledge(here.store, here.domain, here.person, until=found.until)
        st.rerun()


def _told(one: Feedback, domain: DecisionDomain) -> None:
    """One outcome in words, with the way to its case."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.page_link(
            "pages/decide.py", label=words.plain(one.case_id), icon=":material/open_in_new:", width=170,
            query_params={"case": one.case_id, **staying_in(domain)},
        )  # fmt: skip
        st.markdown(
            f"{_sign(one)} {words.plain(one.words)}  \n:small[{_calls(one, domain)}]", width="stretch"
        )


def _sign(one: Feedback) -> str:
    right = one.final_action == one.right_action
    return ":material/check_circle:" if right else ":material/cancel:"


def _calls(one: Feedback, domain: DecisionDomain) -> str:
    named = (
        ("your own call", one.first_action),
        ("the model's", one.recommended_action),
        ("your decision", one.final_action),
        ("proved right", one.right_action),
    )
    return " · ".join(f"{words.plain(what)}: **{words.plain(domain.label(a))}**" for what, a in named if a)


def _table(found: tuple[Feedback, ...], domain: DecisionDomain) -> None:
    rows = [
        {
            domain.terms.case.capitalize(): f.case_id,
            "Open": "/decide?" + urlencode({"case": f.case_id, **staying_in(domain)}),
            "Your own call": domain.label(f.first_action),
            "The model's": domain.label(f.recommended_action),
            "Your decision": domain.label(f.final_action),
            "Proved right": domain.label(f.right_action),
            "In words": f.words,
        }
        for f in found
    ]
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, key="outcomes", alt="Every outcome that arrived, newest first",
        column_config={"Open": st.column_config.LinkColumn(display_text="Open")},
    )  # fmt: skip


def against_the_model(here: Here, own: pd.DataFrame) -> None:
    """Unaided calls and the model's on the same cases."""
    st.header("Your own calls beside the model's", anchor=False)
    if here.domain.selective:  # else far more outcomes than cases would look like a mistake
        st.caption(
            "From here on only cases drawn by lot for exploration count: an outcome that is seen only after some "
            "decisions would flatter whoever decided."
        )
    found = duel(own, domain=here.domain)
    if not found.mine.known:
        st.info(f"{found.mine.why} Your own calls are those you make before you see the recommendation.")
        if found.mine_alone.known:
            st.markdown(f"All your own calls: {words.measure(found.mine_alone)}.")
        return
    rows = [("You, unaided: share right", found.mine), ("The model, same cases: share right", found.model)]
    for place, (label, measure) in zip(st.columns(2), rows, strict=True):
        place.metric(label, words.percent(measure.value))
        place.caption(f"between {words.percent(measure.low)} and {words.percent(measure.high)}; "
                      f"{words.number(measure.n)} calls")  # fmt: skip
    st.markdown(_gap(found.difference))
    _how("A call counts as yours alone when you made it before the recommendation appeared. Both are judged "
         "on the same cases. The true share lies in the span given in 95 of 100 such comparisons.")  # fmt: skip


def _gap(found) -> str:
    if not found.known:
        return found.why
    who = "ahead of" if found.value > 0 else "behind" if found.value < 0 else "level with"
    sure = "" if found.low is None or found.low <= 0 <= found.high else " That is more than chance explains."
    note = "" if sure else " Chance alone may explain it."
    span = (
        f" (between {words.points(found.low)} and {words.points(found.high)})"
        if found.low is not None
        else ""
    )
    return (
        f"You are **{words.points(found.value, signed=False)} points {who}** the model{span}.{sure or note}"
    )


def honesty(here: Here, own: pd.DataFrame) -> None:
    """Whether "8 in 10" means eight in ten: the person's and the model's."""
    st.header("When you say 8 in 10", anchor=False)
    sides = {who: calibration(own, domain=here.domain, who=who) for who in ("human", "model")}
    if not any(side.bands for side in sides.values()):
        st.info(sides["human"].why)
        return
    figure = _figure(sides)
    if figure is not None:
        charts.draw(
            figure, key="calibration", alt="What was said against how often it came true, you and the model"
        )
    for place, (who, side) in zip(st.columns(2), sides.items(), strict=True):
        place.markdown("**You**" if who == "human" else "**The model**")
        if side.why:
            place.caption(words.plain(side.why))
        for band in side.bands:
            place.markdown(f"- {words.plain(band.words)}")
    _how("On the dashed line, what was said is what came true: above it somebody was too modest, below it too "
         "sure. Bands with fewer than 20 calls are not drawn.")  # fmt: skip


def _figure(sides: dict[str, Calibration]) -> go.Figure | None:
    spoken = {who: [b for b in side.bands if b.spoken] for who, side in sides.items()}
    if not any(spoken.values()):
        return None
    figure = go.Figure(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="said = came true", hoverinfo="skip",
                   line={"color": charts.NEUTRAL, "dash": "dash", "width": 1})
    )  # fmt: skip
    for who, bands in spoken.items():
        if bands:
            figure.add_trace(_points(who, bands))
    figure.update_xaxes(title="Said", tickformat=".0%", range=[-0.02, 1.02])
    figure.update_yaxes(title="Came true", tickformat=".0%", range=[-0.02, 1.02])
    figure.update_layout(
        height=340, margin={"l": 10, "r": 10, "t": 10, "b": 10}, legend={"orientation": "h", "y": 1.12},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip
    return figure


def _points(who: str, bands: list[Band]) -> go.Scatter:
    mark = WHO[who]
    return go.Scatter(
        x=[b.said for b in bands], y=[b.came_true for b in bands], name="You" if who == "human" else "The model",
        mode="lines+markers", line={"color": mark.colour, "dash": mark.dash},
        marker={"symbol": mark.symbol, "size": 10, "color": mark.colour},
        error_y={"array": [b.high - b.came_true for b in bands], "symmetric": False,
                 "arrayminus": [b.came_true - b.low for b in bands], "color": mark.colour, "thickness": 1.5},
        hovertext=[b.words for b in bands], hoverinfo="text",
    )  # fmt: skip


def segments(here: Here, own: pd.DataFrame) -> None:
    """Where the person's decisions prove right most and least often."""
    st.header("Your strongest and weakest ground", anchor=False)
    found = strengths(own, domain=here.domain)
    if found.strongest is None:
        st.info(found.why)
        return
    for place, (what, skill) in zip(
        st.columns(2), (("Strongest", found.strongest), ("Weakest", found.weakest)), strict=True
    ):
        place.metric(f"{what}: {_named(here.domain, skill)}", words.percent(skill.right.value))
        place.caption(
            f"between {words.percent(skill.right.low)} and {words.percent(skill.right.high)}; "
            f"{words.number(skill.right.n)} decisions. "
            + ("More than chance explains." if skill.beyond_chance else "Chance alone may explain it.")
        )
    _how(f"Share of your decisions that proved right, of the {found.compared} segments with at least 20 of them; "
         "each was compared with all your others, and the comparisons were counted.")  # fmt: skip


def _named(domain: DecisionDomain, skill: Skill) -> str:
    label = domain.feature(skill.column).label or skill.column
    return words.plain(f"{label}: {skill.segment}")


def _how(text: str) -> None:
    with st.expander("How to read this"):
        st.markdown(text)


def nothing_yet(here: Here) -> None:
    """A person without decisions: what belongs here, and the next step."""
    st.info(
        f"What came of your decisions appears here. You have decided no {here.domain.terms.case} yet "
        f"about {words.plain(here.domain.title)}."
    )
    st.page_link("pages/pending.py", label="See what waits", icon=":material/inbox:",
                 query_params=staying_in(here.domain))  # fmt: skip
