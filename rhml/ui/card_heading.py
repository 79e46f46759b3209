"""What stands first on a card: the suggestion beside the own call, and how sure the model is of it."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.core.policy import confidence_word
from rhml.loop.card import Card
from rhml.ui import words
from rhml.ui.intent import card_line


def heading(domain: DecisionDomain, card: Card) -> str:
    """What is suggested, and where what matters now moved it, why; as a heading with the sentence that follows it."""
    shown = card.recommendation
    if because := card_line.because(domain, shown):
        return f"### {card_line.heading(domain, card)}\n\n{because}"
    sure = confidence_word(shown.probability or 0, len(domain.actions))
    return f"### {_suggested(domain, card)}\n\n*{sure.capitalize()}.*"


def _suggested(domain: DecisionDomain, card: Card) -> str:
    """What is suggested, beside the own call where there is one."""
    shown, first = card.recommendation, card.first_call
    if first is None:
        return words.confidence_sentence(domain, shown.action)
    called, suggested = (words.plain(domain.label(action)) for action in (first.action, shown.action))
    if first.action == shown.action:
        return f"You called **{called}**, and so does the model."
    return f"You called **{called}**; the model suggests **{suggested}**. Keep your call or change it."
