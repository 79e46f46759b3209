import numpy as np

from rhml.core.domain import parse_domain
from rhml.human.feedback import NO_OUTCOMES
from rhml.human.oversure import oversure
from tests.human.decisions import LOANS, TEXT, decisions

N = 200


def mixed(**columns):
    """Half of the calls in farming, of which half were wrong; everything said was 9 in 10."""
    farming = np.arange(N) % 2 == 0
    wrong = farming & (np.arange(N) % 4 == 0)
    return decisions(N, **{
        "sector": np.where(farming, "farming", "retail"), "first_action": np.where(wrong, "decline", "lend"),
        "first_confidence": 0.9, **columns,
    })  # fmt: skip


def test_the_segment_in_which_a_person_is_too_sure_is_found():
    found = oversure(mixed(), domain=LOANS)
    assert (found.ground.column, found.ground.level) == ("sector", "farming")
    assert found.ground.came_true == 0.5 and found.ground.gap.low > 0.2 and found.ground.gap.n == N / 2


def test_the_ground_may_be_how_sure_the_model_was():
    sure = np.where(np.arange(N) % 4 == 0, 0.55, 0.9)
    found = oversure(mixed(recommended_confidence=sure, sector="retail"), domain=LOANS)
    assert (found.ground.column, found.ground.level) == (None, "toss-up")


def test_who_is_honest_everywhere_has_no_such_ground():
    right = ["lend"] * 8 + ["decline"] * 2
    found = oversure(mixed(first_action="lend", first_confidence=0.8, right_action=right * 20), domain=LOANS)
    assert (found.ground, found.why, found.compared) == (None, "", 2)


def test_what_holds_of_every_case_is_no_kind_of_its_own():
    right = ["lend"] * 6 + ["decline"] * 4
    rows = mixed(sector="retail", first_action="lend", right_action=right * 20)
    assert "too few to compare" in oversure(rows, domain=LOANS).why


def test_who_is_too_modest_is_not_told_to_look_twice():
    assert oversure(decisions(N, first_confidence=0.6), domain=LOANS).ground is None


def test_too_few_calls_say_so():
    assert oversure(decisions(7), domain=LOANS).why == "Only 7 cases so far; too few to say."
    spread = decisions(24, sector=[f"s{i}" for i in range(24)], insured=[np.nan] * 24,
                       recommended_confidence=None, recommended_action=None)  # fmt: skip
    assert "too few to compare" in oversure(spread, domain=LOANS).why


def test_bank_cases_do_not_count_and_no_outcomes_say_why():
    assert oversure(mixed(bank=True), domain=LOANS).why == "No cases so far."
    domain = parse_domain("loans", TEXT.replace("[outcome]", ""))
    assert oversure(mixed(), domain=domain).why == NO_OUTCOMES
