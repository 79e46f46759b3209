"""Who brought the growth: people's part and the model's, which add up to the whole."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.growth import MOVED, Growth
from rhml.stats.measure import Measure
from rhml.ui import cases_behind, charts, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

PARTS = {"people": ("People", "human"), "model": ("The model", "model"), "total": ("Both", "team")}
POSSIBLE = {
    "00": "Earlier people, earlier model",
    "10": "Later people, earlier model",
    "01": "Earlier people, later model",
    "11": "Later people, later model",
}


def draw(here: Here, span: Span) -> None:
    """The parts in words, then as bars, and the cases behind them."""
    found: Growth = reported.part(
        "growth", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header("Who brought the growth?", anchor=False)
    if found.why:
        _nothing(found, here.domain)
        return
    left, right = st.columns([3, 4])
    with left:
        st.markdown(f"**{words.plain(found.sentence)}**")
        if found.total.verdict.words not in MOVED:
            st.markdown(
                f"Both together: **{found.total.verdict.words}**. {measured.difference(found.total.change)}"
            )
        _compared(found)
    with right:
        said = "; ".join(
            f"{label} {measured.difference(getattr(found, name).change)}"
            for name, (label, _) in PARTS.items()
        )
        charts.draw(bars(found), key="growth", alt=f"Growth in points. {said}.")
    with st.container(horizontal=True, vertical_alignment="center", key="growth_behind"):
        cases_behind.link(here, span, "growth:earlier", "People’s earlier calls")
        cases_behind.link(here, span, "growth:later", "People’s later calls")
        if found.versions and not found.same_version:
            first, newest = found.versions
            cases_behind.link(here, span, f"versions:{newest}:{first}", f"Only {newest} right")
            cases_behind.link(here, span, f"versions:{first}:{newest}", f"Only {first} right")
        _how(found)


def bars(found: Growth) -> go.Figure:
    """People, model and both: each change with its interval."""
    figure = go.Figure()
    for name, (label, who) in reversed(PARTS.items()):
        change, mark = getattr(found, name).change, WHO[who]
        figure.add_trace(
            go.Bar(
                y=[label], x=[100 * change.value], orientation="h", width=0.55,
                marker={"color": mark.colour},
                error_x=_whiskers(change), hovertext=[f"{label}: {measured.difference(change)}"], hoverinfo="text",
            )
        )  # fmt: skip
    figure.update_xaxes(title="Points", zeroline=True, zerolinecolor=NEUTRAL)
    return charts.laid_out(figure, 220).update_layout(showlegend=False)


def _whiskers(change: Measure) -> dict[str, object]:
    low, high = (change.value if end is None else end for end in (change.low, change.high))
    return {"type": "data", "symmetric": False, "array": [100 * (high - change.value)],
            "arrayminus": [100 * (change.value - low)], "color": NEUTRAL, "thickness": 1.5}  # fmt: skip


def _compared(found: Growth) -> None:
    start, cut, end = found.times
    models = (
        f"{words.plain(found.versions[0])} in both"
        if found.same_version
        else f"{words.plain(found.versions[0])} with {words.plain(found.versions[1])}"
    )
    counts = found.counts
    lot = (
        f", a lot of {words.number(counts['bank_cases'])}"
        if counts["bank_replayed"] < counts["bank_cases"]
        else ""
    )
    st.caption(
        f"Points: how many more of 100 like {words.own('cases')} come out right, if advice is used as before. "
        f"Compared: {words.day(start)} to {words.day(cut)} with {words.day(cut)} to {words.day(end)}; model {models}; "
        f"{words.number(counts['calls'])} unaided calls of {words.number(counts['managers'])} people, "
        f"{words.number(counts['bank_replayed'])} bank {words.own('cases')}{lot}."
    )


def _nothing(found: Growth, domain: DecisionDomain) -> None:
    st.info(words.told(found.why))
    if domain.outcome and "annot be known" not in found.why:
        st.page_link("pages/team.py", label="Ask for own calls first", icon=":material/arrow_forward:",
                     query_params=staying_in(domain, view="Modes"))  # fmt: skip


def _how(found: Growth) -> None:
    both = measured.difference(found.interaction)
    measured.how(
        "**What is compared.** How often a person’s own call and the model, put together in one unchanging way, would be "
        f"right on the same bank cases: earlier or later people with the earlier or the later model (the table). "
        f"{words.plain(found.combiner.said)} How people *use* advice is thus left out; see Together.\n\n"
        "**Where it comes from.** Both versions are asked anew about every bank case with an outcome; no version ever learned "
        "from these. People’s calls are their unaided first calls, each person’s earlier against own later ones, as if on like "
        f"cases. Taken out: {words.plain('; '.join(found.adjusted_for))}.\n\n"
        "**Two parts, one sum.** Each part is the mean of bringing in its gain first and last (Shapley 1953), so they add up "
        f"exactly. What the two gained from each other, {both}, sits half in each; it is no third part.\n\n"
        "**How sure.** 95 % intervals; each case counts once, however many judged it. The words rest on wider intervals: over "
        "all three, and however often one looks at one pair of versions, chance says *improved* or *fell* in at most 1 log in 20; "
        "another pair asks anew. The four shares of the table are point values without intervals: read their differences, "
        "which have them. Assumed: the bank "
        "and the mode of a case are drawn by lot, and what is taken out is all that made cases harder or easier.",
        key="growth",
        table=_table(found),
    )


def _table(found: Growth) -> pd.DataFrame:
    rows = [
        {"What": f"{label}, points", "Value": measured.difference(getattr(found, name).change)}
        for name, (label, _) in PARTS.items()
    ]
    rows += [
        {"What": label, "Value": f"{words.percent(found.values[key], 1)} (point value)"}
        for key, label in POSSIBLE.items()
    ]
    if found.in_value:
        rows += [
            {
                "What": f"{label}, {words.plain(found.unit)} a case saved",
                "Value": measured.amount(found.in_value[name], ""),
            }
            for name, (label, _) in PARTS.items()
        ]
    return pd.DataFrame(rows)
