"""Asking often enough finds something; adjusted answers know it."""

import numpy as np
import pytest

from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg, p_value, weighted


def test_questions_not_asked_do_not_count():
    asked = benjamini_hochberg([0.01, 0.02, 0.9])
    assert benjamini_hochberg([0.01, np.nan, 0.02, 0.9])[[0, 2, 3]] == pytest.approx(asked)
    assert np.isnan(benjamini_hochberg([np.nan])).all()


def test_a_hundred_empty_questions_rarely_answer():
    rng = np.random.default_rng(4)
    found = sum((benjamini_hochberg(rng.random(100)) < 0.05).any() for _ in range(300))
    assert found / 300 < 0.09


def test_an_interval_that_touches_zero_has_p_of_one_in_twenty():
    assert p_value(Measure(0.1, 0.0, 0.2, 50)) == pytest.approx(0.05)
    assert np.isnan(p_value(Measure.unknown("none")))


def test_equal_weights_change_nothing_and_a_hopeless_question_costs_little():
    p = np.array([0.001, 0.02, 0.03, 0.5])
    assert weighted(p, np.full(4, 7.0)) == pytest.approx(benjamini_hochberg(p))
    assert weighted(p, [1.0, 1.0, 1.0, 0.01])[1] < benjamini_hochberg(p)[1]
    assert not weighted([], []).size


def test_weights_that_know_nothing_keep_the_level():
    rng = np.random.default_rng(9)
    found = sum((weighted(rng.random(20), rng.uniform(0.03, 1, 20)) <= 0.1).any() for _ in range(500))
    assert found / 500 < 0.13
