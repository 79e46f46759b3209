"""The reasons of a recommendation in points that add up as they are shown.

>>> told = account(points=(0.216, -0.043, 0.004), base=0.5, probability=0.677)
>>> told.start, told.shown, told.rest, told.total
(50, ((0, 22), (1, -4)), 0, 68)
>>> told.start + sum(points for _, points in told.shown) + told.rest == told.total
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import floor
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain, Feature
from rhml.loop.card import Card
from rhml.ui import words

MOST = 4
"""Reasons told one by one; more are not read."""

LEAST = 0.005
"""Half a point: what is smaller is told with the rest."""

STRONG, MODERATE = 0.10, 0.04


@dataclass(frozen=True)
class Account:
    """Where the estimate starts, what moves it, and where it ends; `shown` pairs a feature's place and points."""

    start: int
    shown: tuple[tuple[int, int], ...]
    rest: int
    others: int
    total: int


def account(*, points: Sequence[float], base: float, probability: float) -> Account:
    """Whole points that add up to the rounded probability, each within one of its exact value."""
    strongest = strongest_first(points)
    told = [i for i in strongest[:MOST] if abs(points[i]) >= LEAST]
    others = [i for i in range(len(points)) if i not in told]
    total = floor(probability * 100 + 0.5)
    exact = [base, *(points[i] for i in told), sum(points[i] for i in others)]
    start, *shown, rest = whole([100 * part for part in exact], total)
    if not others:  # nothing is left to carry a point of rounding, so the start does
        start, rest = start + rest, 0
    return Account(start, tuple(zip(told, shown, strict=True)), rest, len(others), total)


def whole(parts: Sequence[float], total: int) -> list[int]:
    """Parts as whole numbers that sum to `total`: each rounded down, the largest remainders up (Hare)."""
    down = [floor(part) for part in parts]
    missing = total - sum(down)
    by_remainder = sorted(range(len(parts)), key=lambda i: down[i] - parts[i])
    for i in by_remainder[:missing]:
        down[i] += 1
    return down


def strongest_first(points: Sequence[float]) -> list[int]:
    """Places of the features by how much they weigh."""
    return sorted(range(len(points)), key=lambda i: -abs(points[i]))


def feature_of(domain: DecisionDomain, name: str) -> Feature:
    """The feature as the domain declares it now; a bare name where it no longer does."""
    return next((f for f in domain.features if f.name == name), Feature(name=name, label=name))


def shown_value(feature: Feature, value: Any) -> str:
    """A value in the reader's format, defused; dates may come as ISO text."""
    if feature.kind == "date" and isinstance(value, str):
        value = datetime.fromisoformat(value)
    return words.plain(words.value_of(feature, value))


def fact(domain: DecisionDomain, card: Card, place: int) -> str:
    """'**Late payments: 3** (typical 0)'."""
    feature = feature_of(domain, card.features[place])
    usual = card.typical.get(feature.name)
    here = shown_value(feature, card.facts.get(feature.name))
    said = f"**{words.plain(feature.label)}: {here}**"
    if usual is None:
        return said
    typical = shown_value(feature, usual)
    return f"{said} (typical)" if typical == here else f"{said} (typical {typical})"


def told(domain: DecisionDomain, card: Card) -> None:
    """The strongest reasons for and against, the rest in one line, and the sum as shown."""
    shown = card.recommendation
    if shown is None or shown.base is None or shown.probability is None:
        return
    found = account(points=shown.points, base=shown.base, probability=shown.probability)
    lines = [
        f"{'▲' if points >= 0 else '▼'} {fact(domain, card, place)} "
        f"{'raised' if points >= 0 else 'lowered'} the model's estimate by **{_points(points)}**"
        for place, points in found.shown
    ]
    if found.others:
        lines.append(f"{_smaller(found)} {_signed(found.rest)}")
    st.markdown("  \n".join(lines))
    steps = [points for _, points in found.shown] + ([found.rest] if found.others else [])
    added = "".join(f" {_signed(step)}" for step in steps)
    st.caption(
        f"From {found.start} for the average {words.plain(domain.terms.case)}: {found.start}{added} = "
        f"**{found.total}** of 100 for {words.plain(domain.label(shown.action))}."
    )


def _smaller(found: Account) -> str:
    size = "smaller " if found.shown else ""
    return f"1 {size}factor:" if found.others == 1 else f"{found.others} {size}factors, together"


def _points(points: int) -> str:
    return (
        "less than 1\u00a0point"
        if points == 0
        else f"{abs(points)}\u00a0point{'s' if abs(points) != 1 else ''}"
    )


def _signed(points: int) -> str:
    return f"{'−' if points < 0 else '+'} {abs(points)}"


def evidence(domain: DecisionDomain, card: Card) -> None:
    """What the factors speak for, in words, without what they add up to."""
    shown = card.recommendation
    if shown is None:
        return
    lines = [
        f"{fact(domain, card, place)} {_weight(domain, shown.points[place])}"
        for place in strongest_first(shown.points)[: MOST + 1]
        if abs(shown.points[place]) >= LEAST
    ]
    st.markdown("  \n".join(lines) or "No single factor weighs half a point or more here.")


def _weight(domain: DecisionDomain, points: float) -> str:
    size = abs(points)
    much = "strongly" if size >= STRONG else "moderately" if size >= MODERATE else "slightly"
    if len(domain.actions) > 2:
        return f"weighs {much}"
    side = domain.actions[0 if points >= 0 else 1]
    return f"speaks {much} for {words.plain(side.label)}"
