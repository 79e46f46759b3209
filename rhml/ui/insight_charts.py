"""The pictures of what moves a model: weights, how a factor bears on its value, and what two versions weigh."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import plotly.graph_objects as go

from rhml.core.domain import DecisionDomain, Feature
from rhml.stats.measure import Measure
from rhml.ui import reasons, words
from rhml.ui.charts import NEUTRAL, WHO, laid_out

MODEL = WHO["model"].colour
EPOCH = datetime(1970, 1, 1)


def weights(rows: list[tuple[str, Measure]]) -> go.Figure:
    """By how many points each factor moves an average case, with its interval; the strongest on top."""
    rows = rows[::-1]
    figure = go.Figure(
        go.Bar(
            y=[name for name, _ in rows],
            x=[100 * (m.value or 0) for _, m in rows],
            error_x={"array": [_up(m) for _, m in rows], "color": NEUTRAL, "thickness": 1.5},
            orientation="h",
            marker={"color": MODEL},
            hovertemplate="%{y}: %{x:.1f} points<extra></extra>",
        )
    )
    figure.update_xaxes(title=words.own("Points in an average case"), rangemode="tozero")
    return laid_out(figure, 110 + 30 * len(rows))


def _up(found: Measure) -> float:
    return 100 * (found.high - found.value) if found.high is not None and found.value is not None else 0.0


def dependence(feature: Feature, found: dict[str, Any], place: int, action: str) -> go.Figure:
    """Points for one action against the factor's value: levels as bars, numbers and dates as marks and a line."""
    levels = feature.kind in ("category", "yes_no")
    figure = _bars(found, place) if levels else _marks(feature, found, place)
    figure.add_hline(y=0, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    figure.update_yaxes(title=f"Points for {action}")
    figure.update_xaxes(
        title=f"{feature.label}{f' ({feature.unit})' if feature.unit else ''}".replace("<", "‹")
    )
    return laid_out(figure, 380)


def _bars(found: dict[str, Any], place: int) -> go.Figure:
    parts = sorted((p for p in found["parts"] if p["middle"]), key=lambda p: -p["middle"][place])
    middle = [100 * p["middle"][place] for p in parts]
    return go.Figure(
        go.Bar(
            x=[_safe(p["name"]) for p in parts],
            y=middle,
            error_y={
                "symmetric": False,
                "array": [100 * p["three_quarters"][place] - m for p, m in zip(parts, middle, strict=True)],
                "arrayminus": [m - 100 * p["quarter"][place] for p, m in zip(parts, middle, strict=True)],
                "color": NEUTRAL,
                "thickness": 1.5,
            },
            marker={"color": MODEL},
            hovertext=[f"{_safe(p['name'])}: median {m:.1f} points, {p['n']} {words.own('cases')}" for p, m in zip(parts, middle, strict=True)],
            hoverinfo="text",
        )
    )  # fmt: skip


def _marks(feature: Feature, found: dict[str, Any], place: int) -> go.Figure:
    known = [(v, p[place]) for v, p in zip(found["values"], found["points"], strict=True) if v is not None]
    figure = go.Figure(
        go.Scatter(
            x=[v for v, _ in known], y=[100 * p for _, p in known], mode="markers", name=words.own("Cases"),
            marker={"color": MODEL, "symbol": WHO["model"].symbol, "size": 6, "opacity": 0.45},
            hovertemplate="%{x}: %{y:.1f} points<extra></extra>",
        )
    )  # fmt: skip
    parts = [p for p in found["parts"] if p["middle"] and p["low"] is not None]
    across = [edge for p in parts for edge in (at(feature, p["low"]), at(feature, p["high"]))]
    for key, name, dash, width in (
        ("middle", "Median", "solid", 3),
        ("quarter", "A quarter below", "dot", 1.5),
        ("three_quarters", "A quarter above", "dot", 1.5),
    ):
        y = [100 * p[key][place] for p in parts for _ in range(2)]
        figure.add_trace(go.Scatter(x=across, y=y, mode="lines", name=name, hoverinfo="skip",
                                    line={"color": NEUTRAL, "dash": dash, "width": width}))  # fmt: skip
    return figure


def at(feature: Feature, number: float) -> float | str:
    """A value as an axis takes it; dates come as days since 1970."""
    return (EPOCH + timedelta(days=number)).date().isoformat() if feature.kind == "date" else number


def label(domain: DecisionDomain, name: str) -> str:
    """What people call a factor; its bare name where the domain no longer has it."""
    return reasons.feature_of(domain, name).label or name


def part_name(feature: Feature, part: dict[str, Any]) -> str:
    """A level's name, or 'from … to …' in the reader's format."""
    if part["name"] is not None:
        return part["name"]
    low, high = (reasons.told_value(feature, at(feature, part[end])) for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def _safe(label: str) -> str:
    """Plotly reads HTML in labels."""
    return str(label).replace("<", "‹")
