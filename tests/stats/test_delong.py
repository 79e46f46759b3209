import numpy as np
import pytest
from scipy import stats

from rhml.stats.delong import area, area_gap, measured


def drawn(seed, n=300, strength=1.0):
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.4
    first = rng.normal(size=n) + strength * positive
    second = 0.6 * first + 0.8 * (rng.normal(size=n) + 0.5 * strength * positive)
    return first.round(1), second.round(1), positive


def by_pairs(scores, positive):
    """DeLong's placements by comparing every pair: areas and their covariance."""
    first, second = [], []
    for score in scores:
        wins = (score[positive][:, None] > score[~positive]) + 0.5 * (
            score[positive][:, None] == score[~positive]
        )
        first.append(wins.mean(axis=1))
        second.append(wins.mean(axis=0))
    m, n = positive.sum(), (~positive).sum()
    return np.mean(first, axis=1), np.cov(first) / m + np.cov(second) / n


def test_midranks_give_what_comparing_every_pair_gives_ties_included():
    first, second, positive = drawn(1)
    areas, covariance = by_pairs((first, second), positive)
    found = area(first, positive)
    assert found.value == pytest.approx(areas[0])
    assert found.error == pytest.approx(np.sqrt(covariance[0, 0]))
    gap = area_gap(first, second, positive)
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert gap.gap.value == pytest.approx(areas[0] - areas[1])
    assert gap.gap.high - gap.gap.low == pytest.approx(2 * stats.norm.ppf(0.975) * error)
    assert gap.p == pytest.approx(2 * stats.norm.sf(abs(areas[0] - areas[1]) / error))


def test_the_area_is_the_mann_whitney_statistic():
    first, _, positive = drawn(2)
    u = stats.mannwhitneyu(first[positive], first[~positive]).statistic
    assert area(first, positive).value == pytest.approx(u / positive.sum() / (~positive).sum())


def test_the_interval_covers_the_planted_area():
    true = stats.norm.cdf(1 / np.sqrt(2))
    rng = np.random.default_rng(3)
    inside = 0
    for _ in range(400):
        positive = rng.random(200) < 0.4
        found = measured(rng.normal(size=200) + positive, positive)
        inside += found.low <= true <= found.high
    assert 0.92 <= inside / 400 <= 0.98


def test_the_interval_stays_below_one():
    positive = np.arange(60) < 30
    scores = np.where(positive, 1.0, 0.0)
    scores[[0, 40]] = 0.5
    assert measured(scores, positive).high < 1


def test_equal_scores_have_no_difference_and_no_interval():
    first, _, positive = drawn(4)
    same = area_gap(first, first, positive)
    assert same.gap.value == 0 and same.gap.low is None and same.p is None


def test_one_kind_of_case_or_too_few_say_nothing():
    assert not measured(np.arange(50.0), np.ones(50, bool)).known
    assert "too few" in measured(np.arange(5.0), np.arange(5) > 2).why
