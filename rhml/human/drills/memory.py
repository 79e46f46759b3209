"""When something practised comes back: FSRS (library `fsrs`), replayed from a person's answers every time.

A card is a lesson (asked with another case of it each time) or a case that was called differently or wrongly.
Nothing is kept beside the answers and no chance is involved, so the same answers give the same days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import pandas as pd
from fsrs import Card, Rating, Scheduler, State

from rhml.core.policy import confidence_word

RETENTION = 0.8
"""A card is due when the chance that it is still known has fallen to this."""

LONGEST = 365
"""Days after which everything that is still a card comes back."""

SURE = 0.9


@dataclass(frozen=True)
class Kept:
    """One card as it stands: the day (its first moment) on which it is due, how often it was asked and missed."""

    key: str
    due: datetime
    last: datetime
    asked: int
    missed: int
    stability: float

    @property
    def lesson_id(self) -> str | None:
        """The lesson it stands for; None for a case."""
        return self.key.removeprefix("lesson:") if self.key.startswith("lesson:") else None

    @property
    def case_id(self) -> str | None:
        """The case it stands for; None for a lesson."""
        return self.key.removeprefix("case:") if self.key.startswith("case:") else None

    def known(self, at: datetime) -> float:
        """The chance that it is still known at a moment."""
        card = Card(0, State.Review, None, self.stability, 5.0, _utc(self.due), _utc(self.last))
        return float(_scheduler().get_card_retrievability(card, _utc(at)))


def rating(right: bool, confidence: float | None, actions: int) -> Rating:
    """How well it was known, from the call and the confidence said with it.

    Wrong, however sure: *again*. Right: *hard* where the confidence was a toss-up (luck), *easy* from 9 in 10,
    else *good*, as where no confidence was said.

    >>> rating(False, 1.0, 2).name, rating(True, 0.5, 2).name, rating(True, None, 2).name, rating(True, 0.9, 2).name
    ('Again', 'Hard', 'Good', 'Easy')
    """
    if not right:
        return Rating.Again
    if confidence is None or confidence != confidence:
        return Rating.Good
    if confidence_word(confidence, actions) == "toss-up":
        return Rating.Hard
    return Rating.Easy if confidence >= SURE else Rating.Good


def card_key(case_id: str, lesson_id: str | None) -> str:
    """The name of the card that an answer is about."""
    return f"lesson:{lesson_id}" if lesson_id else f"case:{case_id}"


def memory(answers: pd.DataFrame, *, actions: int) -> dict[str, Kept]:
    """The cards of one person after these answers, by name.

    answers: case_id, lesson_id (None), phase, action, right_action, confidence (NaN), answered_at; any order.
    A plain case that was called rightly is no card and does not come back.
    """
    cards: dict[str, Card] = {}
    counts: dict[str, tuple[int, int]] = {}
    rows = answers.sort_values(["answered_at", "case_id"], kind="stable") if len(answers) else answers
    for row in rows.to_dict("records"):
        key = card_key(row["case_id"], row["lesson_id"])
        right = row["action"] == row["right_action"]
        if key not in cards and right and row["phase"] == "plain":
            continue
        at = _utc(row["answered_at"])
        card = cards.get(key) or Card(card_id=0, due=at)
        cards[key], _ = _scheduler().review_card(card, rating(right, row["confidence"], actions), at)
        asked, missed = counts.get(key, (0, 0))
        counts[key] = (asked + 1, missed + (not right))
    return {
        key: Kept(key, _day(card.due), _naive(card.last_review), *counts[key], float(card.stability))
        for key, card in cards.items()
    }


def due(kept: dict[str, Kept], at: datetime) -> list[Kept]:
    """The cards due at a moment, the least known first."""
    return sorted((card for card in kept.values() if card.due <= at), key=lambda c: (c.known(at), c.key))


@cache
def _scheduler() -> Scheduler:
    # Without steps of minutes: whatever is missed comes back in a later session, never within one.
    return Scheduler(
        desired_retention=RETENTION, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST,
        enable_fuzzing=False,
    )  # fmt: skip


def _utc(at: datetime) -> datetime:
    return pd.Timestamp(at).to_pydatetime(warn=False).replace(tzinfo=UTC)


def _day(at: datetime) -> datetime:
    # Nobody practises at the same minute every day: what is due today is due from its first moment.
    return _naive(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
