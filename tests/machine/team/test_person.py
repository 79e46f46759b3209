import numpy as np
import pytest
from scipy.special import expit, logit

from rhml.machine.team.apart import apart
from rhml.machine.team.person import Weights, stretch


def test_a_person_reckons_in_log_odds_and_tells_it_in_points_that_add_up():
    parts, start = np.array([0.8, -1.5, 0.3]), -0.4
    base, p = expit(start), expit(start + parts.sum())
    points = parts / stretch(base, p)
    own = Weights((0.5, -0.5), (2.0, 0.5, -1.0), 60).reckon(points, float(base), float(p), 0)
    expected = parts * [2.0, 0.5, -1.0]
    assert own.probability == pytest.approx(expit(start + 0.5 + expected.sum()), abs=1e-9)
    assert own.base + own.points.sum() == pytest.approx(own.probability, abs=1e-12)
    assert list(np.sign(own.points)) == list(np.sign(expected))


def test_where_nothing_moves_a_point_is_worth_what_the_curve_is_steep():
    assert stretch(0.3, 0.3) == pytest.approx(1 / (0.3 * 0.7))
    assert stretch(0.2, 0.6) == pytest.approx((logit(0.6) - logit(0.2)) / 0.4)
    assert np.isfinite(stretch(0.0, 1.0))


def test_the_furthest_apart_come_first_and_four_are_told():
    model, theirs = (0.10, -0.06, 0.03, 0.30, 0.05, 0.01), (0.0, 0.02, 0.02, 0.0, 0.0, 0.01)
    found = apart(model, theirs, [(i,) for i in range(6)], {})
    assert [one.places for one in found] == [(3,), (0,), (1,), (4,)]


def test_a_mark_against_what_the_model_counts_comes_first():
    lines = [(0,), (1,), (2,)]
    found = apart(
        (0.03, 0.2, 0.0), (0.03, 0.0, 0.0), lines, {0: [("", "irrelevant here")], 2: [("", "matters")]}
    )
    assert [one.places for one in found] == [(0,), (2,), (1,)]
    agreed = apart(
        (0.2, 0.0, 0.0), (0.2, 0.0, 0.0), lines, {0: [("", "matters")], 1: [("", "irrelevant here")]}
    )
    assert agreed == ()


def test_factors_that_say_the_same_are_held_together():
    [one] = apart((0.1, -0.08, 0.0), (0.0, 0.0, 0.0), [(0, 1), (2,)], {})
    assert (one.places, round(one.model, 3)) == ((0, 1), 0.02)
