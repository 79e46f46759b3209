"""Intervals cover as often as they say, and stay honest at the edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rhml.stats.intervals import amount, correlation, fraction, mean, share, wilson
from rhml.stats.sample import Sample


@given(st.integers(1, 500), st.integers(0, 500))
def test_wilson_is_scipys(n, right):
    right = min(right, n)
    expected = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert wilson(right, n) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_wilson_takes_arrays_and_knows_nothing_of_no_cases():
    low, high = wilson([0, 5, 0], [10, 10, 0])
    assert low[0] == 0
    assert 0.2 < low[1] < 0.5 < high[1] < 0.8
    assert (low[2], high[2]) == (0, 1)


def test_a_share_of_independent_cases_has_wilsons_interval():
    found = share(np.arange(100) < 30, Sample.rows(100))
    assert (found.value, found.n) == (0.3, 100)
    assert (found.low, found.high) == pytest.approx(wilson(30, 100), abs=0.002)


def test_a_share_of_everything_is_not_certain():
    found = share(np.ones(25, bool), Sample.of(np.arange(25), np.arange(25)))
    assert found.value == 1
    assert found.low < 0.9


def test_nineteen_cases_are_too_few_and_twenty_are_not():
    assert share(np.ones(19, bool), Sample.rows(19)).why == "Only 19 cases so far; too few to say."
    assert share(np.ones(20, bool), Sample.rows(20)).known


def test_many_people_on_few_cases_have_a_number_that_says_how_few():
    hits = np.tile(np.arange(6) < 4, 50)
    found = share(hits, Sample.of(np.tile(np.arange(6), 50), np.repeat(np.arange(50), 6)))
    assert (found.value, found.n) == (pytest.approx(2 / 3), 300)
    assert found.why == "Only 6 different cases, so the interval is wide."
    assert found.high - found.low > 0.5


def test_one_case_says_nothing_about_others():
    one = Sample.of(np.zeros(40))
    assert share(np.arange(40) < 30, one).high == 1
    assert correlation(np.arange(40) % 2, np.arange(40) % 3 > 0, one).low == -1


def test_intervals_hold_with_many_people_on_few_cases():
    """Truth .6 over cases; 12 drawn, each judged by 15 people who mostly agree about it."""
    rng, held = np.random.default_rng(5), 0
    cases, people = np.tile(np.arange(12), 15), np.repeat(np.arange(15), 12)
    for _ in range(400):
        hard = rng.beta(3, 2, 12)
        found = share(rng.random(180) < hard[cases], Sample.of(cases, people))
        held += found.low <= 0.6 <= found.high
    assert held / 400 > 0.93


def test_a_share_among_some_rows_counts_those_alone():
    among = np.arange(100) < 40
    found = share(np.arange(100) % 4 == 0, Sample.rows(100), among=among)
    assert (found.value, found.n) == (0.25, 40)


def test_rows_repeated_within_a_case_do_not_narrow_a_share():
    hits = np.arange(60) % 3 == 0
    once, five = (
        share(hits, Sample.rows(60)),
        share(np.repeat(hits, 5), Sample.of(np.repeat(np.arange(60), 5))),
    )
    assert five.high - five.low == pytest.approx(once.high - once.low, rel=0.02)


def test_intervals_of_shares_cover_with_shared_cases_and_uneven_managers():
    rng = np.random.default_rng(5)
    skill = rng.uniform(0.45, 0.9, 8)
    covered = 0
    for _ in range(400):
        case = np.repeat(np.arange(60), 2)
        manager = np.concatenate([rng.permutation(8)[:2] for _ in range(60)])
        luck = np.repeat(rng.random(60), 2)
        shared = np.repeat(rng.random(60) < 0.6, 2)
        right = np.where(shared, luck, rng.random(120)) < skill[manager]
        found = share(right, Sample.of(case, manager))
        covered += found.low <= skill.mean() <= found.high
    assert 0.92 <= covered / 400 <= 0.99


def test_a_mean_without_spread_gives_no_interval_and_says_so():
    found = mean(np.full(30, 2.0), Sample.rows(30))
    assert (found.value, found.low, found.high) == (2.0, None, None)
    assert "no interval" in found.why


def test_a_fraction_stays_between_nothing_and_all():
    none = fraction(np.zeros(30), Sample.rows(30))
    assert none.low == 0
    assert 0 < none.high < 0.2
    few = fraction(np.r_[np.zeros(29), 1.0], Sample.rows(30))
    assert few.low == 0


def test_a_correlation_is_pearsons_and_its_interval_is_asymmetric():
    rng = np.random.default_rng(0)
    x = rng.normal(size=200)
    y = x + rng.normal(size=200)
    found = correlation(x, y, Sample.rows(200))
    assert found.value == pytest.approx(np.corrcoef(x, y)[0, 1])
    assert found.value - found.low > found.high - found.value > 0


def test_what_never_varies_has_no_correlation():
    found = correlation(np.ones(30), np.arange(30), Sample.rows(30))
    assert not found.known
    assert "never varied" in found.why


def test_an_amount_with_a_long_tail_has_a_longer_interval_above():
    costs = np.r_[np.zeros(80), np.geomspace(1, 1000, 20)]
    found = amount(costs, Sample.rows(100), seed=1)
    assert found.high - found.value > 1.3 * (found.value - found.low)
    assert found == amount(costs, Sample.rows(100), seed=1)


@pytest.mark.parametrize("cases", [20, 60, 400])
def test_an_amounts_interval_is_that_of_resampling_case_by_case(cases):
    rng = np.random.default_rng(cases)
    costs = rng.exponential(100, cases)
    drawn = costs[rng.integers(0, cases, (20_000, cases))]
    t = (drawn.mean(1) - costs.mean()) / (drawn.std(1, ddof=1) / np.sqrt(cases))
    few, many = np.quantile(t, (0.025, 0.975))
    error = costs.std(ddof=1) / np.sqrt(cases)
    found = [amount(costs, Sample.rows(cases), seed=seed) for seed in range(20)]
    assert np.mean([one.low for one in found]) == pytest.approx(costs.mean() - many * error, abs=0.15 * error)
    assert np.mean([one.high for one in found]) == pytest.approx(costs.mean() - few * error, abs=0.15 * error)


def test_an_amount_of_very_many_cases_needs_no_chance():
    costs = np.arange(3000.0)
    assert amount(costs, Sample.rows(3000), seed=1) == amount(costs, Sample.rows(3000), seed=2)
