"""The pictures: people, model and team in their three colours, each told apart by shape and line too.

Figures have no background and no fonts of their own, so that they read on light and on dark.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rhml.printed.marks import NEUTRAL, SIDES, WHO, Mark
from rhml.stats.measure import Measure
from rhml.ui import words
from rhml.ui.measured import difference, period, share

LEAST_POINTS = 2
COURSE = 290
AT_FOOT = {"y": 0, "yanchor": "bottom"}
APART = 0.13
BARE = {"displayModeBar": False, "scrollZoom": False}


def draw(figure: go.Figure, *, key: str, alt: str) -> None:
    """Show a figure with the text that stands for it where it cannot be seen."""
    st.plotly_chart(literal(figure), key=key, alt=alt, config=BARE)


def literal(figure: go.Figure) -> go.Figure:
    """The figure with every name and text in it as it was typed: Plotly would make bold type and links of them.

    >>> literal(go.Figure(go.Bar(y=["<b>x</b>"], x=[1], hovertemplate="%{y}<extra></extra>"))).data[0].y
    ('&lt;b>x&lt;/b>',)
    """
    for part in (*figure.data, figure.layout):
        held = {key: value for key, value in part.to_plotly_json().items() if key != "template"}
        changed = {key: now for key, value in held.items() if (now := _literal(value)) is not value}
        if changed:
            part.update(changed, overwrite=True)
    return figure


_OWN = re.compile(r"<(?!/?(?:br|extra)/?>)")
"""What begins a tag, but for those two that the product's own texts hold."""


def _literal(value: Any) -> Any:
    """The value with no tag in any text of it; itself where there is none."""
    if isinstance(value, str):
        return _OWN.sub("&lt;", value) if "<" in value else value
    if isinstance(value, dict):
        parts = {key: _literal(each) for key, each in value.items()}
        return parts if any(parts[key] is not value[key] for key in parts) else value
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
        each = [_literal(one) for one in value]
        return each if any(now is not was for now, was in zip(each, value, strict=True)) else value
    return value


def course(
    series: tuple[dict[str, object], ...],
    cut: pd.Timestamp | None,
    promoted: tuple[tuple[str, pd.Timestamp], ...] = (),
) -> go.Figure | None:
    """The share right by period with interval bars; None where fewer than two periods say anything.

    promoted: versions with the moment since when they are live, each a line of its own.
    """
    spoken = [point for point in series if any(point[who].known for who in WHO)]
    if len(spoken) < LEAST_POINTS:
        return None
    labels = [period(str(point["period"])) for point in spoken]
    figure = steps(labels, [(mark.name, mark, [p[who] for p in spoken]) for who, mark in WHO.items()])
    if cut is not None:
        figure.add_vline(x=_place(spoken, cut), line={"color": NEUTRAL, "width": 1, "dash": "dot"},
                         annotation={"text": "earlier | later", "xanchor": "center", **AT_FOOT})  # fmt: skip
    for version, at in promoted:
        if _within(spoken, at):
            figure.add_vline(x=_place(spoken, at), line={"color": WHO["model"].colour, "width": 1, "dash": "dash"},
                             annotation={"text": f"{version} live", "xanchor": "left", **AT_FOOT})  # fmt: skip
    return figure


def steps(labels: list[str], sides: list[tuple[str, Mark, list[Measure]]]) -> go.Figure | None:
    """Shares right from step to step, one line a side; None where fewer than two steps say anything.

    sides: name, mark and a measure for each label.
    """
    if sum(any(found[i].known for _, _, found in sides) for i in range(len(labels))) < LEAST_POINTS:
        return None
    figure = go.Figure()
    for side, (name, mark, found) in enumerate(sides):
        if any(m.known for m in found):
            x = [i + APART * (side - (len(sides) - 1) / 2) for i in range(len(found))]
            hover = [f"{label}: {share(m)}" for label, m in zip(labels, found, strict=True)]
            figure.add_trace(_points(mark, name, x, found, hover, line=True))
    figure.update_xaxes(tickvals=list(range(len(labels))), ticktext=labels, showgrid=False)
    figure.update_yaxes(tickformat=".0%", title="Share right")
    return laid_out(figure, COURSE)


def segments(found: list) -> go.Figure | None:
    """People, model and team in each segment, one line a segment; None where no segment says anything."""
    spoken = [s for s in found if any(getattr(s, who).known for who in WHO)]
    if not spoken:
        return None
    figure = go.Figure()
    for shift, (who, mark) in zip((APART * 1.7, 0.0, -APART * 1.7), WHO.items(), strict=True):
        known = [(i, getattr(s, who)) for i, s in enumerate(reversed(spoken)) if getattr(s, who).known]
        if known:
            places, measures = zip(*known, strict=True)
            y = [i + shift for i in places]
            figure.add_trace(
                _points(mark, SIDES[who], y, measures, [share(m) for m in measures], across=True)
            )
    labels = [s.segment for s in reversed(spoken)]
    figure.update_yaxes(tickvals=list(range(len(labels))), ticktext=labels, showgrid=False)
    figure.update_xaxes(tickformat=".0%", title="Share right")
    return laid_out(figure, 120 + 52 * len(labels))


def breakdown(parts: dict[str, tuple[Measure, int]], total: Measure) -> go.Figure:
    """A waterfall: each gain and loss begins where the one before ended, and the last bar is their sum."""
    names = [*parts, "Together − first call"]
    moves = [sign * m.value for m, sign in parts.values()]
    starts = [sum(moves[:i]) for i in range(len(moves))] + [0.0]
    signed = [*parts.values(), (total, 1)]
    colours = [WHO["human"].colour if sign > 0 else WHO["model"].colour for _, sign in parts.values()]
    figure = go.Figure(
        go.Bar(
            y=names, x=[*moves, total.value], base=starts, orientation="h",
            marker={"color": [*colours, WHO["team"].colour],
                    "pattern": {"shape": ["" if sign > 0 else "/" for _, sign in signed]}},
            error_x={"array": [_up(m, sign) for m, sign in signed], "symmetric": False,
                     "arrayminus": [_up(m, -sign) for m, sign in signed], "color": NEUTRAL, "thickness": 1.5},
            hovertext=[f"{name}: {difference(m, sign)}" for name, (m, sign) in zip(names, signed, strict=True)],
            hoverinfo="text",
        )
    )  # fmt: skip
    figure.update_xaxes(
        tickformat="+.0%", title=words.own("Points of all cases"), zeroline=True, zerolinecolor=NEUTRAL
    )
    figure.update_yaxes(autorange="reversed")
    return laid_out(figure, 300)


def reliability(rows: list[tuple[float, Measure]], action: str) -> go.Figure | None:
    """What was said against how often it came true; on the dashed line the two are the same."""
    if len(rows) < LEAST_POINTS:
        return None
    mark = WHO["model"]
    figure = go.Figure(
        go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="said = came true",
                   line={"color": NEUTRAL, "dash": "dash", "width": 1}, hoverinfo="skip")
    )  # fmt: skip
    hover = [f"said {words.percent(stated)}: came true {share(found)}" for stated, found in rows]
    figure.add_trace(
        _points(mark, "Model", [stated for stated, _ in rows], [m for _, m in rows], hover, line=True)
    )
    figure.update_xaxes(tickformat=".0%", title=f"Probability of “{action}”, as said", range=[-0.02, 1.02])
    figure.update_yaxes(tickformat=".0%", title="How often it came true", range=[-0.02, 1.02])
    return laid_out(figure, 380)


def importance(rows: list[tuple[str, float]]) -> go.Figure:
    """By how many points each factor moves the probability in an average case, strongest on top."""
    rows = rows[::-1]
    figure = go.Figure(
        go.Bar(y=[name for name, _ in rows], x=[points * 100 for _, points in rows], orientation="h",
               marker={"color": WHO["model"].colour}, hovertemplate="%{y}: %{x:.1f} points<extra></extra>")
    )  # fmt: skip
    figure.update_xaxes(title=words.own("Points in an average case"))
    return laid_out(figure, 110 + 30 * len(rows))


def _within(points: list[dict[str, object]], moment: pd.Timestamp) -> bool:
    first, last = (pd.Period(str(points[i]["period"])) for i in (0, -1))
    return first.start_time <= moment <= last.end_time


def _place(points: list[dict[str, object]], cut: pd.Timestamp) -> float:
    """Where a moment lies among periods that stand at 0, 1, 2 …"""
    spans = [pd.Period(str(point["period"])) for point in points]
    at = max((i for i, span in enumerate(spans) if span.start_time <= cut), default=0)
    share = (cut - spans[at].start_time) / (spans[at].end_time - spans[at].start_time)
    return at - 0.5 + min(max(share, 0.0), 1.0)


def _points(mark: Mark, name: str, places, found, hover, *, line: bool = False, across: bool = False):
    """Markers with interval bars, along one axis or across it; a measure without a value leaves a gap."""
    bars = {"type": "data", "symmetric": False, "array": [_up(m, 1) for m in found],
            "arrayminus": [_up(m, -1) for m in found], "color": mark.colour, "thickness": 1.5, "width": 3}  # fmt: skip
    values = [m.value for m in found]
    return go.Scatter(
        **({"x": values, "y": places, "error_x": bars} if across else {"x": places, "y": values, "error_y": bars}),
        name=name,
        mode="lines+markers" if line else "markers",
        marker={"color": mark.colour, "symbol": mark.symbol, "size": 9},
        line={"color": mark.colour, "dash": mark.dash, "width": 1.5},
        hovertext=hover,
        hoverinfo="text+name",
    )  # fmt: skip


def _up(found: Measure, sign: int) -> float:
    """The length of the interval bar above (+1) or below (−1) the value."""
    end = found.high if sign > 0 else found.low
    return 0.0 if end is None or found.value is None else abs(end - found.value)


def laid_out(figure: go.Figure, height: int) -> go.Figure:
    """Size, margins and legend as every figure has them; nothing reacts to dragging."""
    return figure.update_layout(
        height=height,
        margin={"l": 10, "r": 10, "t": 36, "b": 10},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemclick": False,
                "itemdoubleclick": False},
        dragmode=False,
        hovermode="closest",
    )  # fmt: skip
