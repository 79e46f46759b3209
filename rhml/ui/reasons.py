"""The reasons of a recommendation as sentences: the true value, the true sign, points that add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain, Feature
from rhml.core.domain_parts import Action
from rhml.loop.card import Card
from rhml.store.case_file import StoredRecommendation
from rhml.ui import message, words
from rhml.ui.account import LEAST, MOST, Account, Line, account, lines

STRONG, MODERATE = 0.10, 0.04
LONGEST = 60
"""Letters of a text that are told in a sentence or a table."""


def groups_of(card: Card) -> list[tuple[int, ...]]:
    """The groups of the card's model as places among its features."""
    places = {name: place for place, name in enumerate(card.features)}
    found = [tuple(places[name] for name in group if name in places) for group in card.groups]
    return [group for group in found if len(group) > 1]


def feature_of(domain: DecisionDomain, name: str) -> Feature:
    """The feature as the domain declares it now; a bare name where it no longer does."""
    return next((f for f in domain.features if f.name == name), Feature(name=name, label=name))


def shown_value(feature: Feature, value: Any) -> str:
    """A value in the reader's format, defused; dates may come as ISO text."""
    return words.plain(told_value(feature, value))


def told_value(feature: Feature, value: Any) -> str:
    """A value in the reader's format, as plain text."""
    if feature.kind == "date" and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if feature.kind == "text" and isinstance(value, str) and len(value) > LONGEST:
        value = f"{value[:LONGEST].rstrip()}…"
    return words.value_of(feature, value)


def fact(domain: DecisionDomain, card: Card, place: int) -> str:
    """'**Late payments: 3** (typical 0)'."""
    feature, here, usual = _known(domain, card, place)
    said = f"**{words.plain(feature.label)}: {here}**"
    if usual is None:
        return said
    return f"{said} (typical)" if usual == here else f"{said} (typical {usual})"


def _known(domain: DecisionDomain, card: Card, place: int) -> tuple[Feature, str, str | None]:
    """A feature, its value here and its typical one, as they are shown."""
    feature = feature_of(domain, card.features[place])
    usual = card.typical.get(feature.name)
    here = shown_value(feature, card.facts.get(feature.name))
    if feature.kind == "text":  # the words that count; the whole of it stands among the facts
        here = message.named(card, feature, card.recommendation.points[place]) or here
    return feature, here, None if usual is None else shown_value(feature, usual)


def facts(domain: DecisionDomain, card: Card, places: Sequence[int]) -> str:
    """One feature, or several that say the same: '**Income: 40 and loan: 20 together** (typical 30 and 18)'."""
    if len(places) == 1:
        return fact(domain, card, places[0])
    usual = [_known(domain, card, place)[2] for place in places]
    return f"{named(domain, card, places)} (typical {listed([one if one is not None else '—' for one in usual])})"


def named(domain: DecisionDomain, card: Card, places: Sequence[int]) -> str:
    """'**Late payments: 3**', or several with *together*, without what is typical."""
    known = [_known(domain, card, place) for place in places]
    said = listed([f"{words.plain(feature.label)}: {here}" for feature, here, _ in known])
    return f"**{said}{' together' if len(places) > 1 else ''}**"


def listed(names: Sequence[str]) -> str:
    """'a, b and c'."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def told(domain: DecisionDomain, card: Card) -> str:
    """The strongest reasons for and against, the rest in one line, and the sum as shown; nothing without them."""
    shown = card.recommendation
    if shown is None or shown.base is None or shown.probability is None:
        return ""
    found = account(
        points=shown.points, base=shown.base, probability=shown.probability, groups=groups_of(card),
        correction=shown.correction or 0.0,
    )  # fmt: skip
    said = [sentence(domain, card, line) for line in found.shown]
    if found.others:
        said.append(f"{_smaller(found)} {_signed(found.rest)}")
    if shown.corrections:
        said.append(correction_sentence(shown.correction or 0.0, found.correction))
    said.append(
        f":small[From {found.start} for the average {words.plain(domain.terms.case)}: {added_up(found)} = "
        f"**{found.total}** of 100 for {words.plain(domain.label(shown.action))}.]"
    )
    return "  \n".join(said)


def sentence(domain: DecisionDomain, card: Card, line: Line) -> str:
    """'▲ **Late payments: 3** (typical 0) raised the model's estimate by **11 points**'."""
    return (
        f"{'▲' if line.exact >= 0 else '▼'} {facts(domain, card, line.places)} "
        f"{'raised' if line.exact >= 0 else 'lowered'} the model's estimate by **{_points(line.points)}**"
    )


def correction_sentence(exact: float, points: int) -> str:
    """'▼ **The team's correction** lowered it by **14 points**'; which one is told above the reasons."""
    way, mark = ("raised", "▲") if exact >= 0 else ("lowered", "▼")
    return f"{mark} **The team’s correction** {way} it by **{_points(points)}**"


def added_up(found: Account) -> str:
    """'50 + 22 − 4 + 0', as far as it is told."""
    steps = [line.points for line in found.shown] + ([found.rest] if found.others else [])
    steps += [found.correction] if found.correction else []
    return f"{found.start}" + "".join(f" {_signed(step)}" for step in steps)


def _smaller(found: Account) -> str:
    size, count = "smaller " if found.shown else "", len(found.others)
    return f"1 {size}factor:" if count == 1 else f"{count} {size}factors, together"


def _points(points: int) -> str:
    return (
        "less than 1\u00a0point"
        if points == 0
        else f"{abs(points)}\u00a0point{'s' if abs(points) != 1 else ''}"
    )


def _signed(points: int) -> str:
    return f"{'−' if points < 0 else '+'} {abs(points)}"


def contrasted(domain: DecisionDomain, card: Card) -> None:
    """Why this action rather than the next likeliest, or the manager's own; where there are more than two."""
    if card.contrast is not None and len(domain.actions) > 2:
        st.markdown(contrast_sentence(domain, card))


def contrast_sentence(domain: DecisionDomain, card: Card) -> str:
    """'**Why Soon rather than Now?** 45 against 30 of 100, a lead of 15. Mainly …; against it …'"""
    found, shown = card.contrast, card.recommendation
    order = [a.key for a in domain.actions]
    ours, theirs = (round(100 * shown.probabilities[order.index(a)]) for a in (found.action, found.other))
    parts = account(
        points=found.points,
        base=found.base,
        probability=found.lead,
        groups=groups_of(card),
        total=ours - theirs,
    )
    this, that = (words.plain(domain.label(action)) for action in (found.action, found.other))
    way = [
        [
            f"{named(domain, card, line.places)} ({_signed(line.points)})"
            for line in parts.shown
            if side(line.exact)
        ]
        for side in (lambda exact: exact >= 0, lambda exact: exact < 0)
    ]
    said = f"**Why {this} rather than {that}?** {ours} against {theirs} of 100."
    if shown.likeliest_action == found.other:
        said += " Because of what matters now, not of the factors. For it:"
        said += f" {listed(way[0])}." if way[0] else " no single factor by half a point."
    else:
        said += f" Mainly {listed(way[0])}." if way[0] else " No single factor speaks for it by half a point."
    said += f" Against it: {listed(way[1])}." if way[1] else ""
    rest = f"; {_smaller(parts).rstrip(':')} {_signed(parts.rest)}" if parts.others else ""
    average = f"{'−' if parts.start < 0 else ''}{abs(parts.start)}"
    return (
        f"{said} :small[(The lead in points: {average} for the average {words.plain(domain.terms.case)}{rest}; "
        f"together {'−' if parts.total < 0 else ''}{abs(parts.total)}.)]"
    )


def evidence(domain: DecisionDomain, card: Card) -> None:
    """What the factors speak for, in words, without what they add up to."""
    shown = card.recommendation
    if shown is None:
        return
    told = [
        (size, f"{facts(domain, card, line)} {_weight(domain, line, size, side)}")
        for line in lines(len(shown.points), groups_of(card))
        for size, side in [_speaks(domain, shown, line)]
        if size >= LEAST
    ]
    strongest = sorted(told, key=lambda one: -one[0])[: MOST + 1]
    st.markdown(
        "  \n".join(said for _, said in strongest) or "No single factor weighs half a point or more here."
    )


def _speaks(
    domain: DecisionDomain, shown: StoredRecommendation, line: Sequence[int]
) -> tuple[float, Action | None]:
    """How much a line weighs, and the action it speaks for; None where that was not stored."""
    if shown.by_action:
        width = len(shown.points)
        sums = [
            sum(shown.by_action[start + place] for place in line)
            for start in range(0, len(shown.by_action), width)
        ]
        return max(sums), domain.actions[sums.index(max(sums))]
    total = sum(shown.points[place] for place in line)
    return abs(total), domain.actions[0 if total >= 0 else 1] if len(domain.actions) == 2 else None


def _weight(domain: DecisionDomain, line: Sequence[int], size: float, side: Action | None) -> str:
    much = "strongly" if size >= STRONG else "moderately" if size >= MODERATE else "slightly"
    several = len(line) > 1
    if side is None:
        return f"{'weigh' if several else 'weighs'} {much}"
    return f"{'speak' if several else 'speaks'} {much} for {words.plain(side.label)}"
