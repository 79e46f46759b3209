"""A drill is drawn so that no rule of thumb does well, and so that this person is right about 78 times in 100."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from rhml.human.drills import difficulty
from rhml.human.drills.memory import Kept
from rhml.human.drills.mixing import TARGET, mix, size_for
from tests.human.drills.pools import pool

NOW = datetime(2026, 3, 2)


def drawn(cases, *, due=(), lessons=(), seed=1, size=10):
    return mix(cases, size=size_for(cases, size), due=due, lessons=lessons, seed=seed)


def facts(cases, places):
    return cases.set_index("case_id").loc[[place.case_id for place in places]]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("model", [0.55, 0.85, 0.99])
def test_no_rule_of_thumb_does_well(seed, model):
    cases = pool(seed=seed, model=model)
    asked = facts(cases, drawn(cases, lessons=["l1"], seed=seed))
    assert len(asked) == 10
    assert asked["model_wrong"].mean() <= 0.4, "who always disagrees with the model"
    assert asked["right_action"].value_counts(normalize=True).max() <= 0.6, "who always names one action"


def test_who_always_agrees_with_the_model_is_wrong_at_times():
    cases = pool(model=0.85)
    shares = [facts(cases, drawn(cases, seed=seed))["model_wrong"].mean() for seed in range(10)]
    assert min(shares) >= 0.2


def test_at_least_four_in_ten_are_plain_and_disputes_and_lessons_come():
    cases = pool()
    sources = [place.source for place in drawn(cases, lessons=["l1"])]
    assert sources.count("plain") >= 4 and "dispute" in sources and "lesson" in sources


def test_a_lesson_is_asked_with_a_case_that_it_covers():
    cases = pool()
    places = drawn(cases, lessons=["l1"])
    covered = facts(cases, [p for p in places if p.lesson_id == "l1"])["lessons"]
    assert len(covered) and all("l1" in own for own in covered)


def card(key, days=3):
    last = NOW - timedelta(days=days)
    return Kept(key, NOW - timedelta(days=1), last, 1, 1, 1.0)


def test_what_is_due_comes_first_and_the_rest_waits():
    cases = pool()
    due = [card(f"case:{case}") for case in cases["case_id"][:9]]
    asked = {place.case_id for place in drawn(cases, due=due) if place.due}
    assert len(asked) >= 4 and asked <= set(cases["case_id"][:9])


def test_a_due_card_whose_case_is_gone_is_passed_over():
    cases = pool()
    places = drawn(cases, due=[card("case:gone"), card("lesson:gone")])
    assert len(places) == 10 and not any(place.due for place in places)


def test_no_case_comes_twice_in_a_drill():
    cases = pool(60)
    places = drawn(cases, due=[card("case:c00001"), card("lesson:l1")], lessons=["l1"])
    assert len({place.case_id for place in places}) == len(places) > 5


def test_the_same_seed_draws_the_same_drill_and_another_one_another():
    cases = pool()
    assert drawn(cases, seed=5) == drawn(cases, seed=5) != drawn(cases, seed=6)


def test_cases_that_nearly_all_went_one_way_make_no_drill():
    assert size_for(pool(500, first=1.0), 10) == 0
    one_sided = pool(500, first=1.0)
    one_sided.loc[:1, "right_action"] = "decline"
    assert size_for(one_sided, 10) == 5
    assert size_for(pool(19), 10) == 0


def test_more_than_two_actions_are_mixed_too():
    cases = pool()
    cases["right_action"] = np.random.default_rng(0).choice(
        ["a", "b", "c", "d"], len(cases), p=[0.85, 0.05, 0.05, 0.05]
    )
    for seed in range(6):
        assert facts(cases, drawn(cases, seed=seed))["right_action"].value_counts().max() <= 6


@pytest.mark.parametrize("ability", [-0.8, 0.0, 0.8])
def test_difficulty_is_matched_to_the_person(ability):
    """Eight sessions of people whose ability nobody knows at first; the last five are held against the target."""
    rights = []
    for person in range(10):
        draw = np.random.default_rng(100 + person)
        easiness = draw.normal(0.9, 1.2, 800)
        truth = 1 / (1 + np.exp(-(easiness + ability)))
        cases = pool(800, seed=person)
        known, given = [], []
        for session in range(8):
            able = difficulty.ability(np.array(known), np.array(given, dtype=float))
            cases["chance"] = difficulty.chance(easiness, able, np.zeros(800))
            at = [int(place.case_id[1:]) for place in drawn(cases, seed=session + 50 * person)]
            right = draw.random(len(at)) < truth[at]
            known, given = [*known, *easiness[at]], [*given, *right]
            rights += list(right) if session >= 3 else []
    assert abs(np.mean(rights) - TARGET) < 0.06
