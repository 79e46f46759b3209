"""When something comes back is replayed from the answers alone, the same every time."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from fsrs import Rating

from rhml.human.drills.memory import due, memory, rating

NOW = datetime(2026, 3, 2, 9, 30)


def answers(*rows) -> pd.DataFrame:
    """Rows of (day, case, right, confidence, phase, lesson)."""
    return pd.DataFrame(
        [
            {
                "case_id": case, "lesson_id": lesson, "phase": phase, "action": "lend",
                "right_action": "lend" if right else "decline", "confidence": confidence,
                "answered_at": pd.Timestamp(NOW + timedelta(days=day)),
            }
            for day, case, right, confidence, phase, lesson in rows
        ]
    )  # fmt: skip


def one(day, right, confidence=np.nan, case="a", phase="dispute", lesson=None):
    return (day, case, right, confidence, phase, lesson)


def back(*rows) -> timedelta:
    """In how many days the only card comes back after its last answer."""
    [card] = memory(answers(*rows), actions=2).values()
    return (card.due - datetime(2026, 3, 2)) - timedelta(days=rows[-1][0])


def test_wrong_comes_back_tomorrow_and_right_later_the_surer_the_later():
    wrong, luck, right, sure = (
        back(one(0, False)),
        back(one(0, True, 0.5)),
        back(one(0, True)),
        back(one(0, True, 0.9)),
    )
    assert timedelta(days=1) == wrong < luck < right < sure


def test_each_right_answer_puts_it_further_off_and_a_wrong_one_brings_it_near():
    twice = back(one(0, True), one(7, True))
    assert twice > back(one(0, True))
    assert back(one(0, True), one(7, False)) < twice


def test_a_plain_case_called_rightly_does_not_come_back():
    assert memory(answers(one(0, True, phase="plain")), actions=2) == {}
    assert list(memory(answers(one(0, False, phase="plain")), actions=2)) == ["case:a"]


def test_a_lesson_is_one_card_whatever_case_it_was_asked_with():
    kept = memory(
        answers(
            one(0, True, case="a", phase="lesson", lesson="l1"),
            one(8, True, case="b", phase="lesson", lesson="l1"),
        ),
        actions=2,
    )
    assert list(kept) == ["lesson:l1"] and kept["lesson:l1"].asked == 2


def test_the_same_answers_give_the_same_days_in_whatever_order_they_are_read():
    rows = answers(*(one(3 * i, i % 3 > 0, 0.5 + i % 5 / 10, case=f"c{i % 4}") for i in range(24)))
    assert memory(rows, actions=2) == memory(rows.sample(frac=1, random_state=1), actions=2)
    assert memory(rows, actions=2) == memory(rows.copy(), actions=2)


def test_only_what_is_due_is_named_the_least_known_first():
    kept = memory(
        answers(one(0, False, case="old"), one(20, False, case="new"), one(20, True, 1.0, case="sure")),
        actions=2,
    )
    assert [card.case_id for card in due(kept, NOW + timedelta(days=22))] == ["old", "new"]
    assert due(kept, NOW - timedelta(days=1)) == []


def test_what_is_due_today_is_due_from_the_days_first_moment():
    [card] = memory(answers(one(0, False)), actions=2).values()
    assert card.due == datetime(2026, 3, 3)


def test_no_answers_no_cards():
    assert memory(answers(), actions=2) == {}


@pytest.mark.parametrize(
    ("right", "confidence", "actions", "found"),
    [
        (False, None, 2, Rating.Again), (False, 1.0, 2, Rating.Again), (True, None, 2, Rating.Good),
        (True, float("nan"), 2, Rating.Good), (True, 0.5, 2, Rating.Hard), (True, 0.7, 2, Rating.Good),
        (True, 0.95, 2, Rating.Easy), (True, 0.5, 4, Rating.Good), (True, 0.25, 4, Rating.Hard),
    ],
)  # fmt: skip
def test_ratings_follow_correctness_and_confidence(right, confidence, actions, found):
    assert rating(right, confidence, actions) == found
