"""How hard a case is, from others' calls and the model's margin; how able a person is, from their own."""

import numpy as np
import pandas as pd

from rhml.human.drills import difficulty
from rhml.human.drills.difficulty import Difficulty


def calls(n=3_000, *, level=1.0, slope=0.6, seed=0):
    draw = np.random.default_rng(seed)
    margin = draw.normal(1.0, 1.2, n)
    right = draw.random(n) < 1 / (1 + np.exp(-(level + slope * margin)))
    return pd.DataFrame({"case_id": [f"c{i}" for i in range(n)], "right": right, "margin": margin})


def test_the_line_is_found_again():
    found = Difficulty.fit(calls())
    assert abs(found.level - 1.0) < 0.15 and abs(found.slope - 0.6) < 0.12


def test_without_calls_the_prior_stands():
    found = Difficulty.fit(calls(0))
    assert (found.level, found.slope) == (0.7, 0.4)


def test_a_case_that_others_missed_is_harder_than_its_margin_says():
    team = Difficulty(1.0, 0.5)
    cases = pd.DataFrame({"case_id": ["a", "b", "c"], "margin": [1.0, 1.0, 1.0]})
    seen = pd.DataFrame({"case_id": ["a"] * 4 + ["b"] * 4, "right": [False] * 4 + [True] * 4, "margin": 1.0})
    missed, got, unseen = difficulty.of_cases(cases, seen, team)
    assert missed < unseen < got and unseen == 1.5
    assert (difficulty.of_cases(cases, seen.iloc[:0], team) == 1.5).all()


def test_few_calls_leave_a_person_near_the_team_and_many_do_not():
    easy = np.full(400, 1.0)
    assert abs(difficulty.ability(easy[:0], np.ones(0))) == 0
    assert 0 < difficulty.ability(easy[:4], np.ones(4)) < 0.8
    weak = difficulty.ability(easy, np.arange(400) % 2.0)
    assert abs(weak + 1.0) < 0.1


def test_all_right_or_all_wrong_stays_finite():
    assert np.isfinite(difficulty.ability(np.full(1_000, -3.0), np.ones(1_000)))
    assert np.isfinite(difficulty.ability(np.full(1_000, 3.0), np.zeros(1_000)))


def test_a_remembered_case_is_easier():
    hard = np.array([-1.0])
    assert (
        difficulty.chance(hard, 0.0, np.array([0.9]))[0]
        > 0.9
        > difficulty.chance(hard, 0.0, np.array([0.0]))[0]
    )


def test_a_margin_is_held_where_the_model_was_certain_and_missing_where_it_was_silent():
    found = difficulty.margin(pd.Series([1.0, 0.0, np.nan, 0.5]))
    assert found[0] == -found[1] and 3.8 < found[0] < 4.0 and np.isnan(found[2]) and found[3] == 0
