"""What a card says where what matters now made the model recommend another action than the likeliest."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.core.intent_words import short
from rhml.loop.card import Card
from rhml.store.case_file import StoredRecommendation
from rhml.ui import resources, words


def heading(domain: DecisionDomain, card: Card) -> str:
    """What is recommended because of what matters now, beside the own call where there is one."""
    asked, first = words.plain(domain.label(card.recommendation.action)), card.first_call
    if first is None:
        return f"Because of what matters now: **{asked}**."
    called = words.plain(domain.label(first.action))
    if first.action == card.recommendation.action:
        return f"You called **{called}**, and what matters now asks for it too."
    return f"You called **{called}**; what matters now asks for **{asked}**. Keep your call or change it."


def because(domain: DecisionDomain, shown: StoredRecommendation) -> str:
    """'*Fewer losses (4 : 1).* The likelier action is **Extend credit** (54 of 100).'; nothing where it moved nothing."""
    if shown.likeliest_action is None or shown.intent_id is None:
        return ""
    mattered = resources.mattered(domain.name, shown.intent_id)
    said = f"*{words.plain(short(domain, mattered))}.* " if mattered else ""
    likelier = words.plain(domain.label(shown.likeliest_action))
    about = words.number(100 * (shown.likeliest_probability or 0.0))
    return f"{said}The likelier action is **{likelier}** ({about} of 100)."


def how_to_read(card: Card) -> str:
    """Why a less likely action is recommended; nothing where it is not."""
    shown = card.recommendation
    if shown is None or shown.likeliest_action is None:
        return ""
    return (
        "**Because of what matters now**: a lead has stated which mistakes weigh more, and the action whose mistakes are "
        "expected to cost least is recommended. The probabilities stay the model’s own; deciding for the likelier action "
        "counts as deciding differently.  \n"
    )
