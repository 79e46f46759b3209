"""When you say 8 in 10: a person's calibration beside the model's, in a chart, in a sentence, and where it matters next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.policy import confidence_edges
from rhml.human.calibration import Band, Calibration, calibration, in_one_sentence
from rhml.human.oversure import Ground, oversure
from rhml.store import next_cases
from rhml.ui import charts, measured, words
from rhml.ui.charts import WHO
from rhml.ui.shell import Here, staying_in

NEXT = 5
"""Cases offered at once."""

WHAT = {
    "clear": "is clear",
    "leaning": "is leaning",
    "toss-up": "finds it a toss-up",
}
"""How sure the model is, in the words of the cards."""


def draw(here: Here, own: pd.DataFrame) -> None:
    """Whether the person's "8 in 10" means eight in ten, the model's beside it, and the next cases where it matters."""
    st.header("When you say 8 in 10", anchor=False)
    sides = {who: calibration(own, domain=here.domain, who=who) for who in ("human", "model")}
    if not any(side.bands for side in sides.values()):
        st.info(words.own(sides["human"].why))
        return
    st.markdown(words.told(in_one_sentence(own, domain=here.domain)))
    drawn = figure(sides, {"human": "You", "model": "The model"})
    if drawn is not None:
        charts.draw(
            drawn, key="calibration", alt="What was said against how often it came true, you and the model"
        )
    measured.how(
        "On the dashed line, what was said is what came true: above it somebody was too modest, below it too sure. "
        "The bars hold the true share in 95 of 100 such counts; bands with fewer than 20 calls are not drawn. The sentence "
        "takes the band in which what you said missed most clearly. Where you made no call of your own before the "
        "recommendation, your final decision counts.",
        key="calibration",
        table=_bands(sides),
    )
    _next(here, own)


def _bands(sides: dict[str, Calibration]) -> pd.DataFrame:
    """Every band of both sides as a table."""
    return pd.DataFrame(
        [
            {"Who": "You" if who == "human" else "The model", "Said, of 10": words.number(10 * b.said, 1),
             "Came true, of 10": words.number(10 * b.came_true, 1) if b.spoken else "too few to say",
             "Between": f"{words.number(10 * b.low, 1)} and {words.number(10 * b.high, 1)}" if b.spoken else "—",
             "Calls": b.n}
            for who, side in sides.items()
            for b in side.bands
        ]
    )  # fmt: skip


def _next(here: Here, own: pd.DataFrame) -> None:
    """Waiting cases on the ground where this person is most clearly too sure; or that there is no such ground."""
    st.subheader("Where to look twice next", anchor=False)
    found = oversure(own, domain=here.domain)
    if found.ground is None:
        kinds = "1 kind of case" if found.compared == 1 else f"{words.number(found.compared)} kinds of case"
        none = f"On none of {kinds} are you surer than it turns out by more than chance explains."
        st.info(words.own(found.why or none))
        return
    st.markdown(ground_sentence(here.domain, found.ground, found.compared))
    if not here.decides:
        return
    waiting = _waiting(here, found.ground)
    many = words.plain(here.domain.terms.many)
    if not waiting:
        st.caption(f"No such {words.plain(here.domain.terms.case)} waits for you now.")
        return
    st.caption(f"The next of these {many} that wait for you:")
    with st.container(horizontal=True):
        for row in waiting:
            st.page_link(
                "pages/decide.py", label=f"{words.plain(row['case_id'])} ({words.due(row['due_at'], here.now)})",
                icon=":material/open_in_new:", query_params={"case": row["case_id"], **staying_in(here.domain)},
            )  # fmt: skip


def _waiting(here: Here, ground: Ground) -> list[dict[str, Any]]:
    """Chosen by what may be shown: a segment, or how sure the model is where the card shows that at once."""
    if ground.column is not None:
        return next_cases.of_segment(
            here.store, here.domain, here.person, ground.column, ground.level, now=here.now, limit=NEXT
        )
    low, high = confidence_edges(ground.level, len(here.domain.actions))
    return next_cases.of_sureness(here.store, here.domain, here.person, low, high, now=here.now, limit=NEXT)


def ground_sentence(domain: DecisionDomain, ground: Ground, compared: int) -> str:
    """'Where **Sector: retail**, you said 8 in 10 and were right 6 in 10: too sure by 20 points (…).'"""
    if ground.column is None:
        where = f"Where the model **{WHAT[ground.level]}**"
    else:
        label = domain.feature(ground.column).label or ground.column
        where = f"Where **{words.plain(label)}: {words.plain(ground.level)}**"
    gap = ground.gap
    return (
        f"{where}, you said {words.number(10 * ground.said, 1)} in 10 on average and were right "
        f"{words.number(10 * ground.came_true, 1)} in 10: too sure by **{words.points(gap.value, signed=False)} points** "
        f"(between {words.points(gap.low)} and {words.points(gap.high)}; {words.number(gap.n)} calls; most clearly so "
        f"of {words.number(compared)} kinds of case compared)."
    )


def figure(sides: dict[str, Calibration], names: dict[str, str]) -> go.Figure | None:
    """The duel: what each side said against how often it came true; None where no band has enough calls."""
    spoken = {who: [b for b in side.bands if b.spoken] for who, side in sides.items()}
    if not any(spoken.values()):
        return None
    drawn = go.Figure(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="said = came true", hoverinfo="skip",
                   line={"color": charts.NEUTRAL, "dash": "dash", "width": 1})
    )  # fmt: skip
    for who, bands in spoken.items():
        if bands:
            drawn.add_trace(_points(WHO[who], names[who], bands))
    drawn.update_xaxes(title="Said", tickformat=".0%", range=[-0.02, 1.02])
    drawn.update_yaxes(title="Came true", tickformat=".0%", range=[-0.02, 1.02])
    return charts.laid_out(drawn, 360)


def _points(mark: charts.Mark, name: str, bands: list[Band]) -> go.Scatter:
    return go.Scatter(
        x=[b.said for b in bands], y=[b.came_true for b in bands], name=_escaped(name),
        mode="lines+markers", line={"color": mark.colour, "dash": mark.dash},
        marker={"symbol": mark.symbol, "size": 10, "color": mark.colour},
        error_y={"array": [b.high - b.came_true for b in bands], "symmetric": False,
                 "arrayminus": [b.came_true - b.low for b in bands], "color": mark.colour, "thickness": 1.5},
        hovertext=[f"said {words.percent(b.said)}, came true {words.percent(b.came_true)} "
                   f"({words.percent(b.low)} to {words.percent(b.high)}; n {words.number(b.n)})" for b in bands],
        hoverinfo="text",
    )  # fmt: skip


def _escaped(text: str) -> str:
    """Plotly reads a few HTML tags in names; typed text gets none of them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
