"""A change is called one only on like cases and among the same managers."""

import numpy as np
import pytest

from rhml.stats.change import change, wider
from rhml.stats.measure import Measure


def test_without_anything_to_adjust_it_is_the_plain_difference():
    right = np.r_[np.arange(200) < 100, np.arange(200) < 130]
    found = change(right, np.repeat([False, True], 200))
    assert found.value == pytest.approx(0.15)
    assert 0.04 < found.low < 0.07


def test_harder_cases_later_are_not_worse_people():
    rng = np.random.default_rng(2)
    later = np.repeat([False, True], 1500)
    hard = rng.random(3000) < np.where(later, 0.8, 0.2)
    right = rng.random(3000) < np.where(hard, 0.55, 0.9)
    assert change(right, later).high < -0.1
    adjusted = change(right, later, mix=hard[:, None])
    assert adjusted.low < 0 < adjusted.high


def test_better_managers_who_came_later_are_not_an_improvement():
    rng = np.random.default_rng(3)
    later = np.repeat([False, True], 600)
    manager = np.where(later & (rng.random(1200) < 0.7), "new", "old")
    right = rng.random(1200) < np.where(manager == "new", 0.95, 0.6)
    found = change(right, later, managers=manager)
    assert found.low < 0 < found.high
    assert found.n == (manager == "old").sum()


def test_managers_who_never_meet_in_both_periods_leave_nothing_to_say():
    later = np.repeat([False, True], 100)
    found = change(np.ones(200), later, managers=later)
    assert not found.known
    assert "in both periods" in found.why


def test_periods_without_like_cases_are_not_separable():
    later = np.repeat([False, True], 200)
    found = change(np.arange(400) % 3 == 0, later, mix=later[:, None].astype(float))
    assert "not separable" in found.why


def test_all_right_in_both_periods_still_has_a_width():
    found = change(np.ones(60), np.repeat([False, True], 30))
    assert found.low < 0 < found.high


def test_cases_judged_by_many_count_once():
    rng = np.random.default_rng(4)
    right, later = rng.random(200) < 0.6, np.repeat([False, True], 100)
    once = change(right, later)
    four = change(np.repeat(right, 4), np.repeat(later, 4), cases=np.repeat(np.arange(200), 4))
    assert four.high - four.low == pytest.approx(once.high - once.low, rel=0.05)


def test_no_change_is_rarely_called_one_and_a_change_often():
    rng = np.random.default_rng(6)
    false = found = 0
    for _ in range(200):
        later, hard = np.repeat([False, True], 300), rng.random(600)
        manager = rng.integers(0, 10, 600)
        p = 0.8 - 0.4 * hard + 0.01 * manager
        same = change(rng.random(600) < p, later, mix=hard[:, None], managers=manager)
        better = change(rng.random(600) < p + 0.12 * later, later, mix=hard[:, None], managers=manager)
        false += same.low > 0 or same.high < 0
        found += better.low > 0
    assert false / 200 < 0.09
    assert found / 200 > 0.75


def test_two_readings_allow_what_either_allows():
    both = wider([Measure(0.1, 0.05, 0.15, 90), Measure(0.0, -0.05, 0.05, 90)])
    assert both == Measure(0.1, -0.05, 0.15, 90)
    assert wider([Measure(0.1, 0.05, 0.15, 90), Measure.unknown("not separable")]).why == "not separable"
