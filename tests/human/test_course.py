"""A course's pure part: forms that ask the same, practice on what was missed, and a gain that is never made up."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.human.course.certificate import line, sentence, sureness, verdict_of
from rhml.human.course.difficulty import difficulty
from rhml.human.course.forms import Equated, forms, quotas
from rhml.human.course.gain import gain
from rhml.human.course.practice import practice
from rhml.stats.rules.rule import Condition, Rule
from tests.benchmarks.course import LOANS_DOMAIN, chance, courses, history
from tests.loans import LOANS, loan_cases, right_action


def pool(count: int, seed: int = 1):
    cases, calls, hard = history(count, seed)
    return cases, difficulty(cases, calls, domain=LOANS_DOMAIN), hard


def drawn(count: int, n: int, seed: int = 1):
    cases, judged, _ = pool(count)
    return cases, forms(cases, judged, n, segments=["sector"], rng=np.random.default_rng(seed))


def test_pairs_are_alike_in_what_proved_right_in_segment_and_in_difficulty():
    cases, pairs = drawn(600, 20)
    by_id = cases.set_index("case_id")
    assert len(pairs) == 20 and len({c for p in pairs for c in (p.before, p.after)}) == 40
    for pair in pairs:
        assert by_id.at[pair.before, "right_action"] == by_id.at[pair.after, "right_action"] == pair.right
        assert by_id.at[pair.before, "sector"] == by_id.at[pair.after, "sector"]
        assert pair.gap <= 0.1
    equal = Equated.of(pairs)
    assert abs(equal.before - equal.after) < 0.02 and equal.widest <= 0.1


def test_no_action_proves_right_so_often_that_saying_it_always_would_pass():
    _, pairs = drawn(600, 20)
    often = pd.Series([pair.right for pair in pairs]).value_counts()
    assert often.max() <= 12
    assert quotas({"lend": 3, "decline": 300}, 20) == {"decline": 17, "lend": 3}
    assert quotas({}, 20) == {} and quotas({"lend": 2}, 5) == {"lend": 2}


def test_a_coin_says_which_of_a_pair_comes_before():
    cases, judged, _ = pool(200)
    first = [forms(cases, judged, 10, segments=[], rng=np.random.default_rng(s)) for s in range(30)]
    harder = [pair.difficulty[0] > pair.difficulty[1] for pairs in first for pair in pairs]
    assert 0.4 < np.mean(harder) < 0.6
    again = forms(cases, judged, 10, segments=[], rng=np.random.default_rng(0))
    assert again == first[0]


def test_a_short_history_gives_fewer_pairs_and_never_a_case_twice():
    _, pairs = drawn(17, 10)
    named = [c for p in pairs for c in (p.before, p.after)]
    assert len(pairs) < 10 and len(named) == len(set(named))


def test_difficulty_follows_what_really_makes_cases_hard():
    _, judged, hard = pool(600)
    assert np.corrcoef(judged, chance(0.9, hard))[0, 1] > 0.6
    assert ((judged >= 0) & (judged <= 1)).all()


def test_without_anybodys_calls_the_model_orders_the_cases():
    cases, calls, hard = history(100, 2)
    judged = difficulty(cases, calls.assign(action=None), domain=LOANS_DOMAIN)
    assert np.corrcoef(judged, -hard)[0, 1] > 0.5
    nothing = difficulty(cases, calls.iloc[:0], domain=LOANS_DOMAIN)
    assert np.ptp(nothing) == 0


def loans(count: int) -> pd.DataFrame:
    cases = loan_cases(count)
    cases["insured"] = (cases["insured"] == "yes").astype(float)
    return cases.assign(right_action=np.array(right_action(cases), object))


def test_practice_shows_each_lesson_and_what_was_missed_with_plain_cases_between():
    cases, domain = loans(300), parse_domain("loans", LOANS)
    rule = Rule((Condition("late", ">=", 4.0),))
    found = practice(cases[20:], cases[:6], {"l1": rule}, 20, domain=domain, rng=np.random.default_rng(1))
    why = pd.Series([one.why for one in found]).value_counts().to_dict()
    assert why == {"a lesson": 8, "like one you called wrong": 8, "mixed in": 4}
    covered = set(cases["case_id"][rule.covers(cases)])
    assert all((one.lesson_id == "l1") == (one.case_id in covered) for one in found)
    rights = cases.set_index("case_id").loc[[one.case_id for one in found], "right_action"].value_counts()
    assert rights.min() >= 4


def test_practice_takes_what_there_is():
    cases, domain = loans(12), parse_domain("loans", LOANS)
    found = practice(cases, cases[:0], {}, 20, domain=domain, rng=np.random.default_rng(1))
    assert sorted(one.case_id for one in found) == sorted(cases["case_id"])


def test_a_gain_is_claimed_and_worded():
    found = gain(
        [0] * 9 + [1] * 11, [1] * 18 + [0] * 2, smallest=0.05, said_before=[0.9] * 20, said_after=[0.9] * 20
    )
    assert verdict_of(found) == "improved" and line(found) == "Right answers of 20: 11 → 18."
    assert "changed by +35 points (between" in sentence(found, smallest=0.05)
    assert (
        sureness(found)
        == "Before: sure of 90 in 100 and right in 55. After: sure of 90 in 100 and right in 90."
    )
    assert found.sure_before.too_much.low > 0 > found.sure_after.too_much.low


def test_a_loss_is_told_as_one():
    found = gain([1] * 19 + [0], [0] * 12 + [1] * 8, smallest=0.05)
    assert verdict_of(found) == "fell" and "loss" in sentence(found, smallest=0.05)


def test_no_change_is_shown_only_where_one_that_matters_is_ruled_out():
    same = gain([1] * 30 + [0] * 10, [1] * 30 + [0] * 10, smallest=0.05)
    assert verdict_of(same) == "not enough data yet"
    assert verdict_of(gain([1] * 40, [1] * 40, smallest=0.1)) == "no change shown"


def test_too_few_pairs_say_so_and_a_ceiling_is_told():
    few = gain([1] * 9, [1] * 9, smallest=0.05)
    assert verdict_of(few) == "too few to say" and "at least ten" in sentence(few, smallest=0.05)
    assert "little room" in gain([1] * 19 + [0], [1] * 20, smallest=0.05).room
    assert "too hard" in gain([0] * 20, [0] * 20, smallest=0.05).room
    assert gain([1] * 10 + [0] * 10, [1] * 20, smallest=0.05).room == ""


def test_confidences_that_were_not_given_say_nothing():
    found = gain([1] * 10, [0] * 10, smallest=0.05, said_before=[None] * 10, said_after=[0.8] * 10)
    assert found.sure_before is None and found.sure_after.too_much.low is None and sureness(found) == ""


@pytest.mark.parametrize(("n", "learned"), [(10, 0.0), (20, 0.0), (20, 1.6)])
def test_intervals_cover_and_nobody_who_learned_nothing_is_said_to_have(n, learned):
    found = courses(n, learned, 200, seed=3)
    covered = (found["low"] <= found["truth"] + 1e-9) & (found["truth"] <= found["high"] + 1e-9)
    assert covered.mean() >= 0.92
    assert (found["said"] == "improved").mean() <= 0.05 or learned
