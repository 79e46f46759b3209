"""The map of segments: people across, the model upwards; found ones filled and numbered, the domain's own hollow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import shorten

import numpy as np
import plotly.graph_objects as go

from rhml.printed.marks import NEUTRAL, WHO
from rhml.reports.found.result import FoundSegments
from rhml.reports.found.told import Told
from rhml.stats.measure import Measure
from rhml.ui import charts, measured


@dataclass(frozen=True)
class Kind:
    """How the segments of one question are drawn, and the sign that stands for it in text."""

    name: str
    colour: str
    symbol: str
    sign: str


_TEAM = WHO["team"].colour
MARKS = {
    "people beat the model": Kind("People better", WHO["human"].colour, "circle", "●"),
    "the model beats people": Kind("Model better", WHO["model"].colour, "diamond", "◆"),
    "both weak": Kind("Both weak", NEUTRAL, "triangle-down", "▼"),
    "decisions beat recommendations": Kind("Decisions better", _TEAM, "square", "■"),
    "recommendations beat decisions": Kind("Recommendations better", _TEAM, "diamond-tall", "♦"),
    "both weak, with the recommendation in view": Kind("Both weak, seen", NEUTRAL, "triangle-left", "◀"),
}
OWN = Kind("The domain’s own", NEUTRAL, "circle-open", "○")
SMALLEST, LARGEST = 12, 34


@dataclass(frozen=True)
class Point:
    """One segment on the map: its name, its number in the list (0 for the domain's own), and what is told of it."""

    name: str
    number: int
    kind: Kind
    told: Told

    @property
    def cases(self) -> int:
        """The cases its place rests on."""
        return self.told.people.n


def points(found: FoundSegments, label: Callable[[str], str]) -> list[Point]:
    """The found segments in the order of their list, then the domain's own."""
    own = [Point(f"{label(s.column)}: {s.segment}", 0, OWN, s.told) for s in found.own]
    return [Point(s.rule, i, MARKS[s.question], s.told) for i, s in enumerate(found.segments, 1)] + own


def sides(point: Point, view: str) -> tuple[Measure, Measure]:
    """What people and model are measured by."""
    told = point.told
    return (told.people_cost, told.model_cost) if view == "Cost" else (told.people, told.model)


def said(point: Point, view: str, unit: str) -> str:
    """A point in words."""
    number = f"{point.number} " if point.number else ""
    if view == "Value":
        return f"{number}{point.name}: {measured.amount(point.told.saved, unit)}"
    show = (lambda m: measured.amount(m, f"{unit} a case")) if view == "Cost" else measured.share
    people, model = sides(point, view)
    return f"{number}{point.name}: people {show(people)}, model {show(model)}"


def map_of(several: list[Point], view: str, unit: str) -> go.Figure | None:
    """People against the model; None where no segment says anything."""
    known = [p for p in several if all(m.known for m in sides(p, view))]
    if not known:
        return None
    ends = [m.value for p in known for m in sides(p, view)]
    margin = 0.08 * (max(ends) - min(ends)) or 0.05
    low, high = min(ends) - margin, max(ends) + margin
    figure = go.Figure(
        go.Scatter(x=[low, high], y=[low, high], mode="lines", name="equally good", hoverinfo="skip",
                   line={"color": NEUTRAL, "dash": "dash", "width": 1})
    )  # fmt: skip
    most = max(p.cases for p in known)
    for kind in dict.fromkeys(p.kind for p in reversed(known)):
        figure.add_trace(_trace([p for p in known if p.kind is kind], kind, view, unit, most))
    cost = view == "Cost"
    title = f"costs a case, in {unit}" if cost else "right"
    form = {"tickformat": ",.3~s" if cost else ".0%"}
    figure.update_xaxes(title=f"People {title}", range=[low, high], **form)
    figure.update_yaxes(title=f"Model {title}", range=[low, high], **form)
    corners = ("Model cheaper", "People cheaper") if cost else ("People better", "Model better")
    for text, x, y, anchor in ((corners[0], high, low, "right"), (corners[1], low, high, "left")):
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, xanchor=anchor, font={"color": NEUTRAL},
                              yanchor="bottom" if y == low else "top")  # fmt: skip
    return charts.laid_out(figure, 460)


def _trace(several: list[Point], kind: Kind, view: str, unit: str, most: int) -> go.Scatter:
    places = [[m.value for m in sides(p, view)] for p in several]
    sizes = [SMALLEST + (LARGEST - SMALLEST) * np.sqrt(p.cases / most) for p in several]
    return go.Scatter(
        x=[x for x, _ in places], y=[y for _, y in places], name=kind.name,
        mode="markers" if kind is OWN else "markers+text",
        text=[str(p.number) for p in several], textposition="middle right",
        marker={"color": kind.colour, "symbol": kind.symbol, "size": sizes, "opacity": 0.6 if kind is OWN else 0.85},
        hovertext=[said(p, view, unit) for p in several], hoverinfo="text",
    )  # fmt: skip


def saved(several: list[Point], unit: str) -> go.Figure | None:
    """What people's calls saved against the model's in each segment, in all; None where nothing is known."""
    known = [p for p in several if p.told.saved.known]
    if not known:
        return None
    known.reverse()
    ends = [(p.told.saved.value, p.told.saved.low, p.told.saved.high) for p in known]
    figure = go.Figure(
        go.Bar(
            x=[value for value, _, _ in ends], y=list(range(len(known))), orientation="h", width=0.6,
            marker={"color": [p.kind.colour for p in known],
                    "pattern": {"shape": ["/" if value < 0 else "" for value, _, _ in ends]}},
            error_x={"type": "data", "symmetric": False, "color": NEUTRAL, "thickness": 1.5,
                     "array": [0 if high is None else high - value for value, _, high in ends],
                     "arrayminus": [0 if low is None else value - low for value, low, _ in ends]},
            hovertext=[said(p, "Value", unit) for p in known], hoverinfo="text",
        )
    )  # fmt: skip
    names = [f"{p.number} {p.kind.sign}" if p.number else shorten(p.name, 30, placeholder="…") for p in known]
    figure.update_yaxes(tickvals=list(range(len(known))), ticktext=names, showgrid=False)
    figure.update_xaxes(
        title=f"Saved by people’s calls against the model’s, in {unit}", zeroline=True, zerolinecolor=NEUTRAL
    )
    return charts.laid_out(figure, 130 + 34 * len(known))
