"""The Equal treatment view: questions first, then every measure by protected kind of case, with its way to the cases."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.compared_kinds import AMOUNT, Compared
from rhml.reports.equal_treatment import Column, EqualTreatment
from rhml.reports.treatment_questions import Question
from rhml.stats.measure import Measure
from rhml.ui import cases_behind, charts, filters, measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

SIDES = {"override_high": "high-side", "override_low": "low-side"}


def draw(here: Here, span: Span) -> None:
    """What there is to ask, then the measures of one protected column."""
    found: EqualTreatment = reported.part(
        "equal_treatment", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header(words.own("Are cases treated alike?"), anchor=False)
    if found.why:
        st.info(words.told(found.why))
        return
    st.markdown(f"**{words.told(found.said)}**")
    if found.outcomes:
        st.caption(words.plain(f"{found.outcomes} So only decisions are compared, not who was right."))
    for number, question in enumerate(found.questions):
        _question(here, span, question, number)
    column, measure = _chosen(found, here.domain)
    _measure(here, span, found, column, measure)


def _question(here: Here, span: Span, question: Question, number: int) -> None:
    with st.container(border=True, key=f"question_{number}"):
        st.markdown(f":material/help: {words.told(question.sentence)}")
        if question.also:
            st.caption(words.plain(f"It shows also in: {'; '.join(question.also)}."))
        with st.container(horizontal=True):
            key = f"treated:{question.column}:{question.measure}:{question.value}"
            cases_behind.link(here, span, key, words.own("The cases behind it"))
            _overrides(here.domain, question.column, question.value, question.measure)


def _overrides(domain: DecisionDomain, column: str, value: str, measure: str) -> None:
    """A way to the overrides of this kind of case, in the direction that is asked about."""
    side = {"in_direction": SIDES[measure]} if measure in SIDES else {}
    st.page_link("pages/overrides.py", label="Overrides there", icon=":material/alt_route:",
                 query_params={f"in_{column}": value, **side, **staying_in(domain)})  # fmt: skip


def _chosen(found: EqualTreatment, domain: DecisionDomain) -> tuple[Column, dict]:
    """The column and the measure that are looked at, kept in the URL."""
    columns = {column.column: column for column in found.columns}
    measures = {one["name"]: one for one in found.measures}
    first = found.questions[0] if found.questions else None
    names, kinds = list(columns), list(measures)
    with st.container(horizontal=True):
        by = st.selectbox(
            "Protected column", names, key="protected", bind="query-params", width=260,
            index=names.index(first.column) if first else 0, format_func=lambda c: filters.label(domain, c),
        )  # fmt: skip
        which = st.selectbox(
            "Measure", kinds, key="treated", bind="query-params", width=420,
            index=kinds.index(first.measure) if first else 0, format_func=lambda m: measures[m]["label"],
        )  # fmt: skip
    return columns[by], measures[which]


def _measure(here: Here, span: Span, found: EqualTreatment, column: Column, measure: dict) -> None:
    rows = [(value.value, value.measures[measure["name"]]) for value in column.values]
    unit = found.unit if measure["kind"] == "amount" else ""
    figure = _forest(rows) if not unit else None
    if figure is not None:
        said = "; ".join(f"{name} {_apart(one.alike, unit)}" for name, one in rows)
        charts.draw(
            figure,
            key="treated_chart",
            alt=f"{measure['label']}: {words.own('difference on like cases')}. {said}.",
        )
    st.dataframe(
        _table(rows, column, unit),
        hide_index=True,
        column_config={column.label: st.column_config.Column(pinned=True)},
        alt=f"{measure['label']} by {column.label}",
    )
    _how(found, measure)
    told = [name for name, one in rows if one.here.known]
    if told and measure["name"] != AMOUNT:
        with st.container(horizontal=True):
            for name in told:
                key = f"treated:{column.column}:{measure['name']}:{name}"
                cases_behind.link(here, span, key, words.plain(f"{column.label} {name}"))


def _table(rows: list[tuple[str, Compared]], column: Column, unit: str) -> pd.DataFrame:
    said = (lambda m: measured.amount(m, unit)) if unit else measured.share
    return pd.DataFrame(
        {
            column.label: [name for name, _ in rows],
            "In words": [_in_words(one) for _, one in rows],
            "There": [said(one.here) for _, one in rows],
            "All others": [said(one.rest) for _, one in rows],
            "Difference as counted": [_apart(one.difference, unit) for _, one in rows],
            words.own("Difference on like cases"): [_apart(one.alike, unit) for _, one in rows],
        }
    )


def _in_words(one: Compared) -> str:
    return one.words if not one.question else "a question: is there a reason?"


def _apart(found: Measure, unit: str) -> str:
    return measured.amount(found, unit) if unit else measured.difference(found)


def _forest(rows: list[tuple[str, Compared]]) -> go.Figure | None:
    """Each kind of case against the rest: on like cases filled, as counted hollow; None where nothing is told."""
    told = [(name, one) for name, one in reversed(rows) if one.alike.known]
    if not told:
        return None
    places = list(range(len(told)))
    figure = go.Figure()
    for shift, which, symbol, colour in (
        (0.12, "alike", "square", WHO["team"].colour),
        (-0.12, "difference", "square-open", NEUTRAL),
    ):
        found = [getattr(one, which) for _, one in told]
        figure.add_trace(
            go.Scatter(
                x=[m.value for m in found], y=[place + shift for place in places], mode="markers",
                name=words.own("On like cases") if which == "alike" else "As counted",
                marker={"color": colour, "symbol": symbol, "size": 10},
                error_x={"type": "data", "symmetric": False, "array": [m.high - m.value for m in found],
                         "arrayminus": [m.value - m.low for m in found], "color": colour, "thickness": 1.5},
                hovertext=[measured.difference(m) for m in found], hoverinfo="text+name",
            )
        )  # fmt: skip
    labels = [f"{name} ?" if one.question else name for name, one in told]
    figure.update_yaxes(tickvals=places, ticktext=labels, showgrid=False)
    figure.update_xaxes(tickformat="+.0%", title="There − all others", zeroline=True, zerolinecolor=NEUTRAL)
    return charts.laid_out(figure, 120 + 46 * len(told))


def _how(found: EqualTreatment, measure: dict) -> None:
    measured.how(
        f"**{words.plain(str(measure['label']))}.** {words.plain(str(measure['about']))}\n\n"
        "A flag is a question, never an accusation: what the log does not hold may be a good reason.\n\n"
        f"*On like cases* holds alike: {words.plain('; '.join(found.held_alike))}. What differs there is not explained by "
        "any of these. If a fact stands in for the protected column, holding it alike hides what goes through it; "
        "*as counted* shows it.\n\n"
        f"A question needs a difference on like cases that is more than {words.number(100 * found.smallest)} point and "
        f"that chance would not show in all {words.number(found.tests)} comparisons of this view together "
        "(Benjamini–Hochberg, 5 %, at each reading), so it asks more than the 95 % intervals shown, which are for these "
        "people. What the model alone did is shown for comparison.",
        key="treated",
    )
