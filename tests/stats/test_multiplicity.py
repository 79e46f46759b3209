"""Asking often enough finds something; adjusted answers know it."""

import numpy as np
import pytest

from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg, p_value


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
