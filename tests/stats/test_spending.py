import numpy as np
import pytest

from rhml.stats.spending import bars, spent

FIFTHS = (0.2, 0.4, 0.6, 0.8, 1.0)


def test_bars_are_those_of_the_textbooks():
    """Jennison & Turnbull (2000), tables of Lan & DeMets spending, one-sided 2.5 %, five equal looks."""
    assert bars(FIFTHS, 0.025) == pytest.approx((4.877, 3.357, 2.680, 2.290, 2.031), abs=0.001)
    assert bars(FIFTHS, 0.025, "even") == pytest.approx((2.438, 2.427, 2.410, 2.397, 2.386), abs=0.001)


def test_one_look_needs_what_one_test_needs():
    assert bars((1.0,), 0.05) == pytest.approx((1.645,), abs=0.001)


def test_all_of_the_chance_is_spent_in_the_end_and_none_before_anything_is_known():
    for shape in ("late", "even"):
        assert spent(1.0, 0.04, shape) == pytest.approx(0.04)
        assert spent(0.0, 0.04, shape) == 0.0


def test_ten_looks_at_noise_raise_as_many_alarms_as_one_would():
    fractions = tuple(np.arange(1, 11) / 10)
    steps = np.random.default_rng(3).normal(0, np.sqrt(0.1), (40_000, 10)).cumsum(axis=1)
    passed = (steps / np.sqrt(fractions) >= np.array(bars(fractions, 0.05))).any(axis=1)
    assert passed.mean() == pytest.approx(0.05, abs=0.005)


def test_next_to_nothing_to_spend_means_a_bar_that_nothing_passes():
    assert bars((0.001, 1.0), 0.01)[0] == 12.0
