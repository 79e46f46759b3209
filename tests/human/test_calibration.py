import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.human.calibration import calibration, in_one_sentence
from rhml.human.feedback import NO_OUTCOMES
from tests.human.decisions import LOANS, TEXT, decisions


def too_sure(n: int = 50):
    """Said 8 in 10, was right 6 in 10; the model said 7 in 10 and always was."""
    return decisions(n, first_action=(["lend"] * 3 + ["decline"] * 2) * (n // 5))


def test_eight_in_ten_that_came_true_six_times_is_said_so():
    [band] = calibration(too_sure(), domain=LOANS, who="human").bands
    assert band.words.startswith("When you said about 8 in 10, you were right 6 in 10 (between ")
    assert band.words.endswith("50 calls).")
    assert band.low < 0.6 < band.high and band.spoken


def test_the_model_is_held_to_the_same():
    found = calibration(too_sure(), domain=LOANS, who="model")
    assert found.bands[0].words.startswith("When the model said about 7 in 10, it was right 10 in 10")
    assert found.gap.value == pytest.approx(0.3)


def test_a_band_with_few_calls_says_that():
    rows = decisions(27, first_confidence=[0.8] * 20 + [0.95] * 7)
    few = calibration(rows, domain=LOANS, who="human").bands[-1]
    assert not few.spoken or few.n == 27
    rows = decisions(27, first_confidence=[0.5] * 20 + [0.95] * 7)
    few = calibration(rows, domain=LOANS, who="human").bands[-1]
    assert few.words == "When you said about 9.5 in 10: only 7 calls so far; too few to say."


def test_many_calls_get_finer_bands():
    spread = np.linspace(0.05, 0.95, 400)
    assert len(calibration(decisions(400, first_confidence=spread), domain=LOANS, who="human").bands) == 10
    few = decisions(100, first_confidence=spread[::4])
    assert len(calibration(few, domain=LOANS, who="human").bands) == 5


def test_the_final_confidence_speaks_where_no_own_call_was_made():
    rows = decisions(30, mode="assisted", first_action=None, first_confidence=np.nan)
    assert calibration(rows, domain=LOANS, who="human").bands[0].said == pytest.approx(0.9)


def test_bank_cases_do_not_count():
    assert calibration(decisions(30, bank=True), domain=LOANS, who="human").n == 0


def test_no_confidence_is_said_in_words():
    rows = decisions(30, first_confidence=np.nan, recommended_confidence=None)
    assert "how sure you were" in calibration(rows, domain=LOANS, who="human").why
    assert "how sure the model was" in calibration(rows, domain=LOANS, who="model").why


def test_without_outcomes_there_is_no_calibration():
    domain = parse_domain("loans", TEXT.replace("[outcome]", ""))
    assert calibration(decisions(30), domain=domain, who="human").why == NO_OUTCOMES


def test_one_sentence_holds_what_both_said_against_what_came_true():
    rows = decisions(
        60, first_confidence=0.8, first_action=(["lend"] * 3 + ["decline"] * 2) * 12,
        recommended_confidence=0.82, recommended_action=(["lend"] * 4 + ["decline"]) * 12,
    )  # fmt: skip
    said = in_one_sentence(rows, domain=LOANS)
    assert said.startswith("When you said about 8 in 10, you were right 6 in 10 (between ")
    assert "; when the model said so, it was right 8 in 10 (between " in said
    assert said.endswith("60 calls). You were too sure there.")


def test_the_band_that_misses_most_clearly_is_told_else_the_one_most_used():
    honest = decisions(80, first_confidence=[0.9] * 60 + [0.5] * 20, first_action=["lend"] * 54 + ["decline"] * 6
                       + ["lend", "decline"] * 10)  # fmt: skip
    assert in_one_sentence(honest, domain=LOANS).startswith("When you said about 9 in 10")
    assert "as far as these calls can tell" in in_one_sentence(honest, domain=LOANS)
    modest = decisions(80, first_confidence=[0.9] * 60 + [0.5] * 20, first_action=["lend"] * 54 + ["decline"] * 6
                       + ["lend"] * 20)  # fmt: skip
    said = in_one_sentence(modest, domain=LOANS)
    assert said.startswith("When you said about 5 in 10") and said.endswith("You were too modest there.")


def test_a_model_that_was_never_so_sure_is_not_given_a_share():
    rows = decisions(30, recommended_confidence=[0.85] * 3 + [0.6] * 27)
    assert "the model said so only 3 times, too few to say." in in_one_sentence(rows, domain=LOANS)
    assert "the model said so never." in in_one_sentence(decisions(30), domain=LOANS)


def test_too_few_calls_make_no_sentence_about_sureness():
    assert in_one_sentence(decisions(7), domain=LOANS) == "Only 7 cases so far; too few to say."
    spread = decisions(60, first_confidence=[0.1, 0.3, 0.5, 0.7, 0.9] * 12)
    said = in_one_sentence(spread, domain=LOANS)
    assert said.startswith("Over all, you said 5 in 10 on average and were right 10 in 10 (between ")
    assert (
        "; the model said 7 in 10 on average and was right 10 in 10" in said
        and "one degree of sureness" in said
    )
