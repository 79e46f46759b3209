"""Empirical Bayes: estimates drawn together, with intervals that cover on average over the units."""

import numpy as np
import pytest

from rhml.stats.shrink import common, shrunk


def test_equal_errors_give_the_classical_estimate_of_stein():
    y, v = np.array([0.4, 0.1, -0.2, 0.3, 0.0, 0.6]), 0.02
    k, spread = len(y), ((y - y.mean()) ** 2).sum()
    value, low, high = shrunk(y, np.full(k, v**0.5), furthest=np.inf)
    factor = 1 - (k - 3) * v / spread  # Efron & Morris 1975, towards the mean
    assert value == pytest.approx(y.mean() + factor * (y - y.mean()))
    assert (low < value).all() and (value < high).all()


def test_the_variance_between_solves_its_equation():
    y, v = np.array([0.0, 0.5, 1.0, -0.5, 0.2]), np.array([0.01, 0.05, 0.02, 0.1, 0.03])
    mean, between = common(y, v)
    weights = 1 / (v + between)
    assert (weights * (y - mean) ** 2).sum() == pytest.approx(len(y) - 1)
    assert mean == pytest.approx((weights * y).sum() / weights.sum())


def test_units_that_do_not_differ_are_drawn_to_their_mean():
    assert common(np.array([0.1, 0.11, 0.09, 0.1]), np.full(4, 0.04)) == (pytest.approx(0.1), 0.0)


def test_a_surer_unit_is_drawn_less():
    value, _, _ = shrunk([0.0, 0.0, 0.0, 0.3, 0.3], [0.05, 0.05, 0.05, 0.02, 0.2])
    assert value[3] > value[4]


def test_intervals_cover_on_average_over_the_units():
    rng, held = np.random.default_rng(3), []
    for _ in range(400):
        k = rng.integers(6, 20)
        truth = rng.normal(0.1, rng.choice([0.02, 0.1]), k)
        errors = rng.uniform(0.02, 0.1, k)
        _, low, high = shrunk(truth + errors * rng.normal(size=k), errors)
        held.append(((low <= truth) & (truth <= high)).mean())
    assert np.mean(held) > 0.93


def test_a_unit_unlike_all_others_keeps_its_own_interval():
    rng, held, drawn = np.random.default_rng(8), [], []
    for _ in range(600):
        truth = np.append(rng.normal(0.08, 0.02, 5), 0.35)
        y = truth + 0.06 * rng.normal(size=6)
        value, low, high = shrunk(y, [0.06] * 6)
        held.append(low[5] <= 0.35 <= high[5])
        drawn.append(abs(value[5] - y[5]))
    assert np.mean(held) > 0.93 and max(drawn) <= 0.02 + 1e-12


def test_three_units_say_nothing_of_their_spread():
    with pytest.raises(ValueError, match="3 units"):
        shrunk([0.1, 0.2, 0.3], [0.1] * 3)
