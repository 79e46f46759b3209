"""Rules of the queue and the card: who is drawn for what, and in which order cases wait.

Every draw is a keyed hash of the case, so it is random, the same after a reload, independent of every
other draw, and nobody without the organization's secret can pick or predict one.

>>> draw(b"secret", "mode", "loans", "7") == draw(b"secret", "mode", "loans", "7")
True
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain

FOLDS = 5

ORDERS = {
    "due_soonest": "Due soonest",
    "oldest_first": "Oldest first",
    "most_at_stake": "Most at stake",
    "model_least_sure": "Model least sure",
    "people_help_most": "Where people help most",
}

WHAT_MATTERS = "what_matters"
"""The order by what mistakes are expected to cost, offered while an intent is in force."""

MODES = ("assisted", "first_call", "evidence_only")


@dataclass(frozen=True)
class Draws:
    """What was drawn for a case, once, when it arrived."""

    mode: str
    bank: bool
    explore: bool
    fold: int


def draw(secret: bytes, purpose: str, domain: str, case_id: str) -> float:
    """A number in [0, 1) from HMAC-SHA256(secret, purpose + domain + case); 53 bits of it."""
    message = "\x1f".join((purpose, domain, case_id)).encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / 2**53


def draws(secret: bytes, domain: DecisionDomain, case_id: str) -> Draws:
    """Mode, bank, exploration share and fold of a case, each from a hash of its own."""

    def of(purpose: str) -> float:
        return draw(secret, purpose, domain.name, case_id)

    return Draws(
        mode=mode_at(domain, of("mode")),
        bank=of("bank") < domain.training.bank,
        explore=domain.outcome is not None and of("explore") < domain.outcome.explore,
        fold=int(of("fold") * FOLDS),
    )


def mode_at(domain: DecisionDomain, u: float) -> str:
    """The card mode for a uniform draw u in [0, 1)."""
    shares = domain.modes
    if u < shares.first_call:
        return "first_call"
    return "evidence_only" if u < shares.first_call + shares.evidence_only else "assisted"


def asks(domain: DecisionDomain, mode: str, due_at: datetime | None, at: datetime) -> bool:
    """Whether a card opened now asks for the own call that was drawn: not where the case is overdue beyond the
    domain's limit, which cannot wait for it."""
    if mode == "assisted":
        return False
    return due_at is None or at <= due_at + timedelta(days=domain.modes.overdue_days)


CONFIDENCE_WORDS = {"clear": 0.5, "leaning": 0.15, "toss-up": 0.0}
"""How far a probability must at least be from an even chance, for each word: 0 is 1/actions, 1 is certainty."""


def confidence_word(probability: float, actions: int) -> str:
    """*clear*, *leaning* or *toss-up*: how far the probability is from an even chance."""
    even = 1 / actions
    distance = (probability - even) / (1 - even)
    return next((word for word, least in CONFIDENCE_WORDS.items() if distance >= least), "toss-up")


def confidence_edges(word: str, actions: int) -> tuple[float, float]:
    """From which probability on a word is used, and below which.

    >>> [round(p, 3) for p in confidence_edges("leaning", 2)], round(confidence_edges("clear", 2)[0], 3)
    ([0.575, 0.75], 0.75)
    """
    even = 1 / actions
    words = list(CONFIDENCE_WORDS)
    above = words.index(word) - 1
    low, high = (even + CONFIDENCE_WORDS[w] * (1 - even) for w in (word, words[max(above, 0)]))
    return (0.0 if word == words[-1] else low), (2.0 if above < 0 else high)
