"""The picture behind the reasons: from the average case to this one, factor by factor."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from rhml.core.domain import DecisionDomain
from rhml.loop.card import Card
from rhml.ui import charts, reasons, words
from rhml.ui.account import LEAST, account, lines, whole

MOST = 12
RAISED, LOWERED, TOTAL = "#c8641b", "#7b8794", "#8a5a36"


@dataclass(frozen=True)
class Bar:
    """One step: its name, its exact share of probability, and its points as shown."""

    name: str
    exact: float
    points: int


def draw(domain: DecisionDomain, card: Card) -> None:
    """Every larger factor as a step; drawn only when somebody asks, a figure costs more than the whole card."""
    figure, said = waterfall(domain, card)
    charts.draw(figure, key=f"waterfall-{card.case_id}", alt=said)


def waterfall(domain: DecisionDomain, card: Card) -> tuple[go.Figure, str]:
    """The figure and its content in a sentence."""
    shown = card.recommendation
    every = bars(domain, card)
    labels = [_short(bar.name) for bar in every]
    texts = [f"{bar.points:+d}".replace("-", "−") if bar.points else "0" for bar in every]
    texts[0], texts[-1] = (t.removeprefix("+") for t in (texts[0], texts[-1]))
    figure = _figure(labels, every, texts, f"Points of 100 for {domain.label(shown.action)}")
    told = "; ".join(f"{bar.name} {text}" for bar, text in zip(every, texts, strict=True))
    return figure, f"How the factors add up for {domain.label(shown.action)}: {told}"


def bars(domain: DecisionDomain, card: Card) -> list[Bar]:
    """From the average to this estimate in whole points that add up, in the same numbers as the reasons.

    What the reasons tell as one is told by its parts here: factors that say the same each by its own, and
    the smaller ones as far as there is room.
    """
    shown, groups = card.recommendation, reasons.groups_of(card)
    points = shown.points
    found = account(
        points=points, base=shown.base, probability=shown.probability, groups=groups,
        correction=shown.correction or 0.0,
    )  # fmt: skip
    steps = [(place, p) for line in found.shown for place, p in _parts(points, line.places, line.points)]

    smaller = [line for line in lines(len(points), groups) if line[0] in found.others]
    smaller.sort(key=lambda line: (-abs(sum(points[i] for i in line)), line))
    named = [i for line in smaller for i in line if abs(points[i]) >= LEAST][: max(0, MOST - len(steps))]
    rest = [i for i in found.others if i not in named]
    tail = [100 * points[i] for i in named] + [100 * sum(points[i] for i in rest)]
    *own, left = whole(tail, found.rest)
    if not rest and named:
        own[0], left = own[0] + left, 0
    steps += zip(named, own, strict=True)

    told = [Bar(_name(domain, card, place), points[place], p) for place, p in steps]
    if rest:
        count = "1 smaller factor" if len(rest) == 1 else f"{len(rest)} smaller factors"
        told.append(Bar(count, sum(points[i] for i in rest), left))
    if shown.corrections:
        told.append(Bar("The team’s correction", shown.correction or 0.0, found.correction))
    start = Bar(f"Average {domain.terms.case}", shown.base, found.start)
    return [start, *told, Bar("This estimate", shown.probability, found.total)]


def _parts(points: tuple[float, ...], places: tuple[int, ...], total: int) -> list[tuple[int, int]]:
    """Each feature of a line with its whole points, which add up to the line's."""
    return list(zip(places, whole([100 * points[place] for place in places], total), strict=True))


def _name(domain: DecisionDomain, card: Card, place: int) -> str:
    feature = reasons.feature_of(domain, card.features[place])
    return f"{feature.label}: {words.value_of(feature, card.facts.get(feature.name))}"


def _figure(labels: list[str], every: list[Bar], texts: list[str], title: str) -> go.Figure:
    exact = [f"{words.number(100 * bar.exact, 1)}" for bar in every]
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *["relative"] * (len(every) - 2), "total"],
            y=list(range(len(labels))),
            x=[100 * bar.exact for bar in every],
            text=texts,
            hovertext=[
                f"{_safe(bar.name)}: {points} points" for bar, points in zip(every, exact, strict=True)
            ],
            hoverinfo="text",
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": RAISED}},
            decreasing={"marker": {"color": LOWERED}},
            totals={"marker": {"color": TOTAL}},
            connector={"line": {"width": 1, "color": LOWERED}},
        )
    )
    figure.update_layout(
        height=90 + 30 * len(labels),
        margin={"l": 8, "r": 40, "t": 8, "b": 8},
        yaxis={
            "autorange": "reversed",
            "automargin": True,
            "tickvals": list(range(len(labels))),
            "ticktext": [_safe(label) for label in labels],
        },
        xaxis={"title": title, "rangemode": "tozero"},
        showlegend=False,
    )
    return figure


def _safe(label: str) -> str:
    """Plotly reads HTML in labels."""
    return label.replace("<", "‹")


def _short(name: str, longest: int = 34) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
