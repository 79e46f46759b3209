"""An analyst's question: starters, one SELECT, its answer as table, picture and file, and the dictionary."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from pandas.api import types

from rhml.store import organization, question, registry
from rhml.store.question import MEGABYTES, ROWS, SECONDS, Answer
from rhml.store.starters import starters
from rhml.store.statement import LONGEST
from rhml.ui import charts, computed, exports, veiled, words
from rhml.ui.shell import Here

LINK = 2_000
"""Characters of a question that a link carries; addresses beyond this get cut on the way."""

BARS = 40

ANSWER = "#4a6fa5"
"""Readable on light and dark; none of the three colours of people, model and team."""


def form(here: Here) -> str | None:
    """Choose or write a question; the text to answer, or None while nobody has pressed Run."""
    known = {s.title: s.sql for s in starters(here.domain)}
    st.pills(
        "Questions to begin with", list(known), key="starter", on_change=_take, args=(here.domain.name, known)
    )
    if "question" not in st.session_state:
        st.session_state["question"] = st.query_params.get("q", "")[:LINK]
    with st.form("ask", border=False):
        text = st.text_area(
            "One SELECT over the views below", key="question", height=190, max_chars=LONGEST,
            placeholder="SELECT manager, count(*) FROM overrides GROUP BY ALL",
        )  # fmt: skip
        pressed = st.form_submit_button("Run", type="primary", icon=":material/play_arrow:")
    st.caption(
        f"It only reads: nothing can be changed here. At most {words.number(ROWS)} rows, "
        f"{words.number(SECONDS)} seconds and {MEGABYTES} MB. Ctrl+Enter runs it too."
    )
    if pressed:
        st.session_state["asked"] = [here.domain.name, text]
    if st.session_state.get("asked") == [here.domain.name, text]:
        return text
    if text and text == st.query_params.get("q"):
        st.info("This question came with the link and has not been run. Read it, then press Run.")
    return None


def _take(domain: str, known: dict[str, str]) -> None:
    """Put a starter into the box and run it."""
    chosen = known.get(st.session_state["starter"] or "")
    if chosen:
        st.session_state["question"] = chosen
        st.session_state["asked"] = [domain, chosen]


def answer(here: Here, text: str) -> None:
    """The answer, with its picture and files; a refused question is not asked again by itself."""
    st.session_state.pop("asked", None)
    _look(here, text)
    found = computed.answered(here.domain.name, text, only=_only(here), veil=veiled.veil(here))
    st.session_state["asked"] = [here.domain.name, text]
    _keep_link(text)
    rows = len(found.table)
    if not rows:
        st.info("The answer has no rows: nothing in the log matches the question.")
        return
    more = " There are more; narrow the question or count in SQL." if found.cut else ""
    st.markdown(f"**{words.number(rows)} {'row' if rows == 1 else 'rows'}.**{more}")
    figure = picture(found.table)
    if figure is not None:
        charts.draw(figure, key="answer_chart", alt="The answer's numbers, one bar or point a row")
    st.dataframe(found.table, hide_index=True, key="answer", alt="The answer, row by row")
    _files(here, text, found)


def _look(here: Here, text: str) -> None:
    """Put on record whose decisions the text can read under their own names; even a refusal may tell of them."""
    named = veiled.veil(here).named
    if named and question.tells_who(text):
        veiled.looked(here, named, "question", text)


def _keep_link(text: str) -> None:
    """The address of the page carries the question, where it is short enough to be shared."""
    if len(text) <= LINK:
        st.query_params["q"] = text
        st.caption(
            "The address of this page is a link to this question; whoever opens it sees the text first."
        )
    else:
        st.query_params.pop("q", None)
        st.caption(
            f"Questions over {words.number(LINK)} characters do not fit a link; share the text instead."
        )


def _files(here: Here, text: str, found: Answer) -> None:
    print_ = exports.about(
        f"Question: {here.domain.title}", filters=" ".join(text.split()) + (f" (decisions of {here.person})" if _only(here) else ""), rows=len(found.table),
        what="rows, and there are more" if found.cut else "rows",
        versions=[v.version for v in registry.versions(here.store, here.domain.name)], at=here.now,
    )  # fmt: skip
    name = f"answer-{here.domain.name}-{here.now:%Y-%m-%d}"
    left, right = st.columns(2)
    for place, ending, make, mime in (
        (left, "csv", exports.csv_bytes, "text/csv"),
        (right, "parquet", exports.parquet_bytes, "application/vnd.apache.parquet"),
    ):
        place.download_button(
            f"Answer as {'CSV' if ending == 'csv' else 'Parquet'}",
            lambda make=make: make(found.table, print_), f"{name}.{ending}", mime,
            key=f"answer_{ending}", icon=":material/download:", on_click="ignore", width="stretch",
        )  # fmt: skip


def picture(table: pd.DataFrame) -> go.Figure | None:
    """Bars or a line where one column names or dates the rows and another counts; else None."""
    names = [c for c in table if not types.is_numeric_dtype(table[c])]
    numbers = [c for c in table if types.is_numeric_dtype(table[c]) and not types.is_bool_dtype(table[c])]
    if len(names) != 1 or not numbers or not 2 <= len(table) <= ROWS:
        return None
    over, height = table[names[0]], table[numbers[-1]]
    in_time = types.is_datetime64_any_dtype(over)
    if (not in_time and (len(table) > BARS or over.duplicated().any())) or over.isna().all():
        return None
    if in_time:
        mark = go.Scatter(x=over, y=height, mode="lines+markers", line={"color": ANSWER})
    else:
        labels = over.astype(object).where(over.notna(), "none").astype(str).str.slice(0, 40)
        mark = go.Bar(x=list(range(len(table))), y=height, marker={"color": ANSWER},
                      hovertext=labels, hovertemplate="%{hovertext}: %{y}<extra></extra>")  # fmt: skip
    figure = go.Figure(mark)
    if not in_time:
        figure.update_xaxes(tickvals=list(range(len(table))), ticktext=labels.map(_as_text))
    figure.update_yaxes(title=_as_text(str(numbers[-1])[:40]), rangemode="tozero")
    figure.update_layout(height=300, margin={"l": 10, "r": 10, "t": 20, "b": 10},
                         paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)")  # fmt: skip
    return figure


def _as_text(label: str) -> str:
    """Plotly reads a few HTML tags in labels; typed text gets none of them."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def dictionary(here: Here) -> None:
    """Every view and column with its meaning, searchable."""
    st.header("Data dictionary", anchor=False)
    held = question.dictionary(here.store, here.domain)
    wanted = st.text_input(
        "Search views, columns and meanings", key="term", icon=":material/search:", bind="query-params"
    ).strip()
    listed = held[_mentions(held, wanted)] if wanted else held
    if listed.empty:
        st.info("No view or column mentions this. Try another word.")
        return
    listed = listed.rename(columns=str.capitalize)
    st.dataframe(listed, hide_index=True, key="dictionary", height=320,
                 alt="The views with their columns, types and meanings")  # fmt: skip


def _mentions(held: pd.DataFrame, wanted: str) -> pd.Series:
    whole = held.fillna("").agg(" ".join, axis=1).str.lower()
    return whole.str.contains(wanted.lower(), regex=False)


def _only(here: Here) -> str | None:
    """A manager or trainee sees the own decisions; analysts and leads see the team's."""
    return here.person if here.role in organization.OWN_ONLY else None


def about(here: Here) -> None:
    """What the views are, in a sentence."""
    st.markdown(
        f"Ask the log of **{words.plain(here.domain.title)}** anything: *decided*, *overrides*, *pending*, "
        "*resolved* and *versions* are views you can SELECT from."
    )
    if _only(here):
        st.info(
            "You see your own decisions here, without the cases kept aside to judge models. "
            "Analysts and leads see the team's."
        )
    else:
        st.caption(veiled.said(here))
