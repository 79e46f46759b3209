"""Where the model weighs a case differently from the person whose own call is on record, or from the team."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.card import Card
from rhml.loop.weighed import Apart, Weighed, weighed
from rhml.ui import reasons, words
from rhml.ui.account import Account, account, lines

TOGGLE = "only_apart"
"""One key from case to case: the browser keeps the switch, and it stays as its reader left it."""


def draw(domain: DecisionDomain, card: Card) -> None:
    """After the own call: at most four factors, a sentence each, with the marks that were given."""
    found = card.weighed
    if found is None:
        return
    said = [f"**Where the model weighs it differently from {_whose(found)}**"]
    said += [f"- {sentence(domain, card, found, one)}" for one in found.factors]
    if not found.factors:
        said.append("Nowhere by 2 points or more: you come to it in the same way.")
    if found.whose == "team":
        said.append(f"\n:small[{too_few(found)}]")
    st.markdown("\n".join(said))


def _whose(found: Weighed) -> str:
    return "you" if found.whose == "you" else "your team"


def too_few(found: Weighed) -> str:
    """Why the team stands here for a person."""
    count = (
        "no own call" if not found.calls else "1 own call" if found.calls == 1 else f"{found.calls} own calls"
    )
    return (
        f"How you weigh it yourself is not known yet: {count} of yours so far, and it takes {found.enough}. "
        "Until then this is how the team weighs it."
    )


def sentence(domain: DecisionDomain, card: Card, found: Weighed, one: Apart) -> str:
    """'The model counts **Late payments: 3** (typical 0) as **−11 points** against Extend; your calls so far count
    it −3. You marked it *irrelevant here*.'"""
    action = words.plain(domain.label(card.recommendation.action))
    model, theirs = _shown(card).get(one.places, round(100 * one.model)), round(100 * one.theirs)
    way = "against" if model < 0 else "for"
    calls = "your calls so far count" if found.whose == "you" else "the team’s calls so far count"
    several = "them" if len(one.places) > 1 else "it"
    said = (
        f"The model counts {reasons.facts(domain, card, one.places)} as **{signed(model)} "
        f"{'point' if abs(model) == 1 else 'points'}** {way} {action}; {calls} {several} **{signed(theirs)}**."
    )
    return said + "".join(f" {_marked(words_, mark)}" for words_, mark in one.marks)


def _marked(of: str, mark: str) -> str:
    what = f"“{words.plain(of)}”" if of else "it"
    return f"You marked {what} *{words.plain(mark)}*."


def signed(points: int) -> str:
    """'+11', '−3' or '0'."""
    return "0" if points == 0 else f"{'−' if points < 0 else '+'}{abs(points)}"


def _shown(card: Card) -> dict[tuple[int, ...], int]:
    """The whole points that the reasons above show, so that a factor never has two numbers on one card."""
    return {line.places: line.points for line in _account(card).shown}


def _account(card: Card) -> Account:
    shown = card.recommendation
    return account(
        points=shown.points, base=shown.base, probability=shown.probability, groups=reasons.groups_of(card),
        correction=shown.correction or 0.0,
    )  # fmt: skip


def told(domain: DecisionDomain, card: Card) -> str:
    """The reasons; where a reader wants it so, only those on which model and team differ."""
    if st.session_state.get(TOGGLE) and (found := _against_team(card)) is not None:
        return "\n".join(_team_lines(domain, card, found))
    return reasons.told(domain, card)


def toggle(card: Card) -> None:
    """The switch, where something is known of the team and no own call is held against the model already."""
    shown = card.recommendation
    if card.weighed is None and shown is not None and shown.team_probability is not None:
        st.toggle(":small[Only what sets the model apart from the team]", key=TOGGLE)


def _against_team(card: Card) -> Weighed | None:
    shown = card.recommendation
    if card.weighed is not None or shown is None or shown.base is None:
        return None
    return weighed(shown, card.features, lines(len(shown.points), reasons.groups_of(card)), held=None)


def _team_lines(domain: DecisionDomain, card: Card, found: Weighed) -> Sequence[str]:
    if not found.factors:
        return ["The team weighs every factor here as the model does, within 2 points."]
    shown = card.recommendation
    ours, theirs = round(100 * (shown.probability or 0.0)), round(100 * found.probability)
    action = words.plain(domain.label(shown.action))
    said = [f"- {sentence(domain, card, found, one)}" for one in found.factors]
    return [
        *said,
        f"\n:small[In all: the model gives {action} {ours} of 100, the team would call it in {theirs}.]",
    ]


def how_to_read(card: Card) -> str:
    """How the contrast is reckoned; nothing where there is none."""
    found, shown = card.weighed, card.recommendation
    if found is None and (shown is None or shown.team_probability is None):
        return ""
    own = (
        f" Your own weights are drawn from your {found.calls} own calls towards the team’s, as far as they are few; "
        "only you see them."
        if found is not None and found.whose == "you"
        else ""
    )
    return (
        "**Calls so far** come from a second model that foretells what people here call on their own, whatever proved "
        f"right.{own} Its points are of the same probability as the model’s; factors closer than 2 points count as "
        "weighed alike, and at most four are told. That two differ does not say who is right.  \n"
    )
