"""The picture of an answer on the page, and the reader's choice of another one."""

from __future__ import annotations

from datetime import datetime
from zlib import crc32

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from pandas.api import types
from streamlit.delta_generator import DeltaGenerator

from rhml.ui import charts, words
from rhml.ui.questions.answer_chart import KINDS, Picture, choose, is_share, roles, said, why_not

AUTOMATIC, NONE = "automatic", "none"
COLOURS = ("#4a6fa5", "#b5651d", "#6b8e23", "#9b5fb0", "#2f8f8f", "#c0506a", "#8c7355", "#7a828c")
"""3:1 on light and on dark; none of the three colours of people, model and team."""
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "star", "hexagon")
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash")
PATTERNS = ("", "/", "\\", "x", "-", "|", "+", ".")
"""Each colour has its own symbol, line and hatching, so that nothing is told by colour alone."""
HEIGHT, LONGEST = 320, 40


def draw(table: pd.DataFrame, choice: DeltaGenerator) -> None:
    """The picture that fits the answer, or the one its reader makes at `choice`; nothing where none makes sense."""
    found = roles(table)
    if len(table) < 2 or not found.numbers or table.columns.has_duplicates:
        return
    automatic = choose(table)
    with choice:
        picture = _chosen(table, automatic)
    if picture is None:
        return
    if refused := why_not(table, picture):
        st.caption(refused)
        return
    charts.draw(figure(table, picture), key="answer_chart", alt=said(table, picture))


def _chosen(table: pd.DataFrame, automatic: Picture | None) -> Picture | None:
    found, mark = roles(table), crc32("\x1f".join(map(str, table.columns)).encode())
    options = {AUTOMATIC: "Automatic" if automatic else "Automatic (none fits)", **KINDS, NONE: "No chart"}
    with st.popover("Chart", icon=":material/bar_chart:", key="chart"):
        kind = st.selectbox("Type", list(options), format_func=options.get, key=f"chart_kind_{mark}")
        if kind in (AUTOMATIC, NONE):
            return automatic if kind == AUTOMATIC else None
        names = [*found.times, *found.names]
        along = [*names, *found.numbers] if kind != "points" else found.numbers
        start = automatic or Picture(kind, along[0], tuple(found.numbers[:1]))
        over = st.selectbox("Along", along, _place(along, start.over), key=f"chart_over_{kind}_{mark}")
        heights = st.multiselect("Heights", found.numbers, list(start.heights), key=f"chart_heights_{mark}")
        by = st.selectbox("A colour for each", names, None if start.by is None else _place(names, start.by),
                          key=f"chart_by_{mark}", placeholder="One colour for each height")  # fmt: skip
    return Picture(kind, over, tuple(heights), by)


def _place(names: list[str], wanted: str) -> int:
    return names.index(wanted) if wanted in names else 0


def figure(table: pd.DataFrame, picture: Picture) -> go.Figure:
    """A picture of a table; every text of the table is shown as it is, and nothing in it is acted on."""
    drawn = table.sort_values(picture.over) if picture.kind == "line" else table
    series, named = _series(drawn, picture), not _measured(drawn[picture.over])
    places = {cell: i for i, cell in enumerate(dict.fromkeys(_cells(drawn[picture.over])))}
    made = go.Figure()
    for i, (name, rows, height) in enumerate(series):
        along = _cells(rows[picture.over])
        hover = [f"{_label(a)}: {_as_text(str(v))}" for a, v in zip(along, rows[height], strict=True)]
        x = [places[a] for a in along] if named else rows[picture.over]
        made.add_trace(_trace(picture.kind, i, name, x, rows[height], hover))
    if named:
        # Names that don't fit beside each other end below their bar: one that ran on past the edge would be left out.
        made.update_xaxes(
            tickvals=list(places.values()), ticktext=[_label(cell) for cell in places],
            autotickangles=[0, -30, -90], ticklabeloverflow="allow",
        )  # fmt: skip
    made.update_xaxes(title=_as_text(picture.over))
    title = (
        picture.heights[0]
        if len(picture.heights) == 1
        else "share"
        if is_share(table[picture.heights[0]])
        else "number"
    )
    made.update_yaxes(title=_as_text(title), rangemode="normal" if picture.kind == "points" else "tozero")
    if all(is_share(table[h]) for h in picture.heights):
        made.update_yaxes(tickformat=".0%")
    return _laid_out(made, stacked=picture.kind == "stacked", legend=len(series) > 1)


def _series(table: pd.DataFrame, picture: Picture) -> list[tuple[str, pd.DataFrame, str]]:
    if picture.by is None:
        return [(_as_text(height), table, height) for height in picture.heights]
    cells = pd.Series(_cells(table[picture.by]), index=table.index, dtype=object)
    return [
        (_label(cell), table[cells.map(lambda held, cell=cell: held == cell)], picture.heights[0])
        for cell in dict.fromkeys(cells)
    ]


def _trace(kind: str, i: int, name: str, x: object, y: pd.Series, hover: list[str]) -> go.Bar | go.Scatter:
    colour, told = COLOURS[i % len(COLOURS)], {"hovertext": hover, "hoverinfo": "text", "name": name}
    y = y.astype(float)
    if kind in ("bars", "stacked"):
        shape = {
            "shape": PATTERNS[i % len(PATTERNS)],
            "fillmode": "overlay",
            "fgcolor": "#ffffff",
            "fgopacity": 0.6,
        }
        return go.Bar(x=x, y=y, marker={"color": colour, "pattern": shape}, **told)
    mark = {"color": colour, "symbol": SYMBOLS[i % len(SYMBOLS)], "size": 7}
    if kind == "points":
        return go.Scatter(x=x, y=y, mode="markers", marker=mark, **told)
    return go.Scatter(x=x, y=y, mode="lines+markers", marker=mark,
                      line={"color": colour, "dash": DASHES[i % len(DASHES)]}, **told)  # fmt: skip


def _laid_out(made: go.Figure, *, stacked: bool, legend: bool) -> go.Figure:
    return made.update_layout(
        height=HEIGHT + 40 * legend, margin={"l": 10, "r": 10, "t": 20, "b": 10}, showlegend=legend,
        barmode="stack" if stacked else "group", legend={"orientation": "h", "y": -0.28},
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
    )  # fmt: skip


def _measured(column: pd.Series) -> bool:
    """Whether a column has a place on an axis by itself."""
    return types.is_datetime64_any_dtype(column) or (
        types.is_numeric_dtype(column) and not types.is_bool_dtype(column)
    )


def _cells(column: pd.Series) -> list[object]:
    """The cells of a column, what is missing as None: several names of nothing are one."""
    return [None if cell is None or cell != cell else cell for cell in column]


def _label(cell: object) -> str:
    if isinstance(cell, datetime):
        return words.when(cell)
    return "none" if cell is None else _as_text(str(cell))


def _as_text(label: str) -> str:
    """Plotly reads a few HTML tags in labels; typed text gets none of them."""
    short = f"{label[: LONGEST - 1]}…" if len(label) > LONGEST else label
    return short.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
