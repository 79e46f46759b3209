from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.core.reliance import VERDICTS
from rhml.human.feedback import KINDS, NO_OUTCOMES, SELECTIVE, WORDS, duel, feedback
from tests.human.decisions import LOANS, NOW, TEXT, decisions

HALF = ["lend", "decline"] * 20


def test_every_verdict_has_its_words():
    assert set(WORDS) == set(VERDICTS)


def test_only_outcomes_after_the_last_visit_are_told_newest_first():
    found = feedback(decisions(5), since=NOW - timedelta(hours=3))
    assert [f.case_id for f in found.told] == ["a4", "a3"]
    assert feedback(decisions(5), since=None).total == 5


def test_many_outcomes_are_counted_whole_and_listed_in_part():
    found = feedback(decisions(30, final_action=["decline"] * 10 + ["lend"] * 20), since=None, most=5)
    assert (found.total, found.right, len(found.told)) == (30, 20, 5)
    assert found.until == NOW - timedelta(hours=1)


def test_a_corrected_outcome_comes_again():
    late = decisions(3, arrived_at=[NOW, NOW - timedelta(days=9), NOW - timedelta(days=9)])
    assert [f.case_id for f in feedback(late, since=NOW - timedelta(hours=1)).told] == ["a0"]


def test_bank_cases_are_never_told():
    rows = decisions(40, bank=[True, False] * 20)
    assert {f.case_id for f in feedback(rows, since=None).told} == {f"a{i}" for i in range(1, 40, 2)}
    assert duel(rows, domain=LOANS).mine.n == 20


def test_undecided_and_unresolved_rows_say_nothing():
    assert (
        feedback(decisions(2, final_action=[None, "lend"], right_action=["lend", None]), since=None).total
        == 0
    )


@pytest.mark.parametrize(
    ("first", "model", "final", "right", "said"),
    [
        ("lend", "decline", "lend", "lend", "you were right"),
        ("lend", "decline", "lend", "decline", "the model was right"),
        ("lend", "decline", "decline", "lend", "changed your call to the model's, and it was wrong"),
        (None, "decline", "decline", "decline", "followed the model"),
        ("lend", None, "lend", "decline", "without a recommendation"),
    ],
)
def test_the_verdict_is_said_in_words(first, model, final, right, said):
    row = decisions(1, first_action=first, recommended_action=model, final_action=final, right_action=right)
    assert said in feedback(row, since=None).told[0].words


def test_own_calls_are_held_against_the_models_on_the_same_cases():
    rows = decisions(40, first_action=HALF, recommended_action=["lend"] * 30 + ["decline"] * 10)
    found = duel(rows, domain=LOANS)
    assert (found.mine.value, found.model.value, found.mine.n) == (0.5, 0.75, 40)
    assert found.difference.value == -0.25 and found.difference.low < -0.25 < found.difference.high


def test_aided_calls_do_not_count_as_ones_own():
    rows = decisions(60, mode=["first_call"] * 20 + ["assisted"] * 20 + ["evidence_only"] * 20)
    assert duel(rows, domain=LOANS).mine.n == 20


def test_calls_without_a_recommendation_count_apart():
    found = duel(decisions(40, recommended_action=[None] * 15 + ["lend"] * 25), domain=LOANS)
    assert (found.mine.n, found.mine_alone.n) == (25, 40)


def test_few_cases_are_said_in_words():
    found = duel(decisions(7), domain=LOANS)
    assert found.mine.value is None and found.mine.why == "Only 7 cases so far; too few to say."


def test_without_outcomes_nobody_was_right():
    domain = parse_domain("loans", TEXT.replace("[outcome]", ""))
    assert duel(decisions(40), domain=domain).mine.why == NO_OUTCOMES


def test_selective_outcomes_speak_only_through_the_random_share():
    domain = parse_domain("loans", TEXT.replace("[outcome]", '[outcome]\nobserved_after = ["lend"]'))
    assert duel(decisions(40), domain=domain).mine.why == SELECTIVE
    shared = decisions(80, explore=[True, False] * 40, final_action=HALF * 2, first_action=HALF * 2)
    assert duel(shared, domain=domain).mine.n == 40
    unseen = decisions(40, explore=True, final_action=HALF, right_action=["lend", None] * 20)
    assert duel(unseen, domain=domain).mine.why == SELECTIVE


def test_nothing_at_all_is_said_too():
    assert feedback(decisions(0), since=None).until is None
    assert duel(decisions(0), domain=LOANS).mine.why == "No cases so far."


def test_what_teaches_most_is_told_first():
    rows = decisions(
        5,
        case_id=["agreed", "sure and wrong", "rescued", "disputed and wrong", "unsure and wrong"],
        first_action=["lend", "decline", "lend", "decline", "decline"],
        recommended_action=["lend", "decline", "decline", "lend", "decline"],
        first_confidence=[0.9, 0.95, 0.8, 0.9, 0.55],
        recommended_confidence=[0.7, 0.7, 0.8, 0.7, 0.7],
    )
    assert [f.case_id for f in feedback(rows, since=None).told] == [
        "disputed and wrong", "sure and wrong", "rescued", "unsure and wrong", "agreed",
    ]  # fmt: skip


def test_of_equals_the_newest_comes_first():
    assert [f.case_id for f in feedback(decisions(3), since=None).told] == ["a2", "a1", "a0"]


def test_kinds_of_decision_are_counted_over_all_of_them():
    rows = decisions(
        30, recommended_action=["decline"] * 10 + ["lend"] * 20, right_action=["decline"] * 4 + ["lend"] * 26
    )
    found = feedback(rows, since=None, most=5)
    assert found.kinds == (("against the model", 6, 4), ("agreed with the model", 20, 0))
    assert set(v for right, wrong in KINDS.values() for v in (right, *wrong)) == set(VERDICTS)


def test_the_call_and_its_confidence_are_the_own_or_the_final_one():
    rows = decisions(
        2, mode=["first_call", "assisted"], first_action=["decline", None], first_confidence=[0.8, None]
    )
    told = {f.case_id: (f.called, f.said) for f in feedback(rows, since=None).told}
    assert told == {"a0": ("decline", 0.8), "a1": ("lend", 0.9)}
