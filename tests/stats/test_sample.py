"""The variance is that of resampling cases within managers, and never shrinks to nothing."""

import numpy as np
import pytest

from rhml.stats.sample import Sample


def test_variance_equals_the_bootstrap_within_managers():
    rng = np.random.default_rng(3)
    managers = np.repeat(np.arange(6), 40)
    scores = rng.random(240) < np.linspace(0.2, 0.9, 6)[managers]
    drawn = rng.integers(0, 40, (4000, 240)) + 40 * managers
    bootstrap = scores[drawn].mean(axis=1).var() * 40 / 39
    analytic = Sample.of(np.arange(240), managers).variance(scores - scores.mean()) / 240**2
    assert analytic == pytest.approx(bootstrap, rel=0.08)


def test_holding_managers_fixed_leaves_out_the_differences_between_them():
    managers = np.repeat([0, 1], 50)
    scores = managers + np.tile([0.0, 0.1], 50)
    fixed = Sample.of(np.arange(100), managers).variance(scores - scores.mean())
    free = Sample.rows(100).variance(scores - scores.mean())
    assert fixed < free / 50


@pytest.mark.parametrize("each", [1, 2])
def test_managers_with_one_or_two_cases_keep_a_spread(each):
    n = 40 * each
    scores = np.arange(n) % 4 == 0
    managers = np.repeat(np.arange(40), each)
    collapsed = Sample.of(np.arange(n), managers).variance(scores - scores.mean())
    assert collapsed == pytest.approx(Sample.rows(n).variance(scores - scores.mean()))


def test_a_case_judged_ten_times_alike_is_one_case():
    scores = np.arange(50) % 3 == 0
    once = Sample.rows(50).variance(scores - scores.mean()) / 50**2
    ten = Sample.of(np.repeat(np.arange(50), 10)).variance(np.repeat(scores - scores.mean(), 10)) / 500**2
    assert ten == pytest.approx(once)


def test_a_lone_row_beside_large_managers_is_not_a_stratum_of_its_own():
    managers = np.array([0] * 30 + [1] * 10 + [2])
    sample = Sample.of(np.arange(41), managers)
    assert np.bincount(sample.strata)[sample.strata[-1]] == 11


def test_cases_are_counted_once():
    sample = Sample.of(["a", "a", "b", None])
    assert sample.count() == 3
    assert sample.count(np.array([True, True, False, False])) == 1
    assert sample.where(np.zeros(4, bool)).count() == 0
