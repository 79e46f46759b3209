"""The picture behind the reasons: from the average case to this one, factor by factor."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.card import Card
from rhml.ui import reasons, words

MOST = 12
RAISED, LOWERED, TOTAL = "#c8641b", "#7b8794", "#8a5a36"


def draw(domain: DecisionDomain, card: Card) -> None:
    """Every larger factor as a step; drawn only when somebody asks, a figure costs more than the whole card."""
    figure, said = waterfall(domain, card)
    st.plotly_chart(figure, key=f"waterfall-{card.case_id}", config={"displayModeBar": False}, alt=said)


def waterfall(domain: DecisionDomain, card: Card) -> tuple[go.Figure, str]:
    """The figure and its content in a sentence."""
    shown = card.recommendation
    order = reasons.strongest_first(shown.points)
    names, steps = [], []
    for place in order[:MOST]:
        feature = reasons.feature_of(domain, card.features[place])
        names.append(f"{feature.label}: {words.value_of(feature, card.facts.get(feature.name))}")
        steps.append(100 * shown.points[place])
    if len(order) > MOST:
        names.append(f"{len(order) - MOST} smaller factors")
        steps.append(100 * sum(shown.points[place] for place in order[MOST:]))

    start, end = 100 * shown.base, 100 * shown.probability
    labels = [f"Average {domain.terms.case}", *(_short(name) for name in names), "This estimate"]
    texts = [f"{start:.1f}", *(f"{step:+.1f}".replace("-", "−") for step in steps), f"{end:.1f}"]
    figure = _figure(labels, [start, *steps, end], texts, f"Points of 100 for {domain.label(shown.action)}")
    told = "; ".join(f"{label} {text}" for label, text in zip(labels, texts, strict=True))
    return figure, f"How the factors add up for {domain.label(shown.action)}: {told}"


def _figure(labels: list[str], values: list[float], texts: list[str], title: str) -> go.Figure:
    figure = go.Figure(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *["relative"] * (len(values) - 2), "total"],
            y=list(range(len(labels))),
            x=values,
            text=texts,
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
            "ticktext": [label.replace("<", "‹") for label in labels],  # Plotly reads HTML in labels
        },
        xaxis={"title": title, "rangemode": "tozero"},
        showlegend=False,
    )
    return figure


def _short(name: str, longest: int = 34) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
