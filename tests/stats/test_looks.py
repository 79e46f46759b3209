"""Looking again and again makes no more false words than looking once."""

import numpy as np
import pytest
from scipy import stats

from rhml.stats.looks import FEWEST, Looks, bars, correlation, spent
from rhml.stats.spending import bars_for

ALPHA = 0.05 / 3


def batches(*sizes):
    return np.repeat(np.arange(len(sizes)), sizes)


def test_a_log_imported_in_one_go_is_one_look_and_asks_hardly_more_than_a_single_test():
    looks = Looks.of(np.zeros(6_000))
    assert (looks.number, looks.sizes, looks.watched) == (1, (6_000,), False)
    assert stats.norm.isf(ALPHA / 2) < looks.bar(ALPHA) < stats.norm.isf(ALPHA / 2) + 0.06
    assert looks.level(ALPHA) == pytest.approx(1 - 2 * stats.norm.sf(looks.bar(ALPHA)))


def test_each_batch_is_a_look_and_asks_more_than_the_one_before():
    looks = Looks.of(batches(*[120] * 50))
    assert (looks.number, looks.sizes[-1]) == (50, 6_000)
    found = bars(looks.sizes, ALPHA)
    assert list(found[2:]) == sorted(found[2:]) and found[-1] > found[0] + 1
    assert looks.bar(ALPHA) == found[-1] < 4.2


def test_calls_too_few_to_tell_are_no_look():
    assert Looks.of(batches(10, 10, 10)).number == 0
    assert Looks.of(batches(10, 10, 10, 10)).sizes == (FEWEST,)
    assert Looks.of(np.zeros(0)).bar(ALPHA) == pytest.approx(stats.norm.isf(ALPHA / 2))


def test_outcomes_that_come_one_by_one_are_watched_all_the_time():
    looks = Looks.of(np.arange(3_000))
    assert looks.watched and looks.number == 3_000 - FEWEST + 1 and len(looks.sizes) < 250
    assert looks.sizes[-1] == 3_000
    assert looks.bar(ALPHA) > bars(looks.sizes, ALPHA)[-1] + 0.1


def test_what_is_spent_never_passes_the_whole():
    sizes = [spent(n) for n in (0, 40, 1_000, 10**6, 10**9)]
    assert sizes[0] == 0 and sizes == sorted(sizes) and sizes[-1] < 1
    looks = Looks.of(batches(1_000, 1_000))
    assert looks.spent(ALPHA) == pytest.approx(ALPHA * spent(2_000))


def contrast(n, cut, upto):
    """The later half less the earlier half of the first calls, as weights of all."""
    weights = np.zeros(n)
    weights[:cut], weights[cut:upto] = -1 / cut, 1 / (upto - cut)
    return weights / np.linalg.norm(weights)


@pytest.mark.parametrize(("calls", "more"), [(800, 1_000), (1_000, 1_020), (500, 1_000), (300, 1_000)])
def test_the_correlation_of_two_looks_is_that_of_their_halves(calls, more):
    both = contrast(more, calls // 2, calls) @ contrast(more, more // 2, more)
    assert correlation(calls, more) == pytest.approx(both, abs=1e-9)


def test_no_order_of_arrival_makes_two_looks_less_correlated():
    rng = np.random.default_rng(1)
    for _ in range(40):
        known = np.sort(rng.choice(400, 300, replace=False))  # places in time of the calls known first
        if rng.random() < 0.5:
            known = np.arange(300) + rng.integers(0, 101)
        first = np.zeros(400)
        first[known[:150]], first[known[150:]] = -1, 1
        assert first @ contrast(400, 200, 400) / np.sqrt(300) >= correlation(300, 400) - 1e-9


def test_two_looks_together_use_up_what_they_may():
    sizes = (1_000, 1_500)
    first, second = bars(sizes, ALPHA)
    together = correlation(*sizes)
    normal = stats.multivariate_normal(cov=[[1, together], [together, 1]])
    box = normal.cdf([first, second], lower_limit=[-first, -second])
    assert 1 - box == pytest.approx(ALPHA * spent(1_500), rel=0.01)


@pytest.mark.parametrize("sizes", [[40] * 50, [400] * 5, [5] * 300])
def test_false_words_over_all_looks_are_as_rare_as_promised(sizes):
    rng = np.random.default_rng(4)
    alpha, runs = 0.10, 400
    ends = np.cumsum(sizes)
    ends = ends[ends >= FEWEST]
    asked = [Looks.of(np.searchsorted(np.cumsum(sizes), np.arange(end), "right")).bar(alpha) for end in ends]
    sums = np.concatenate([np.zeros((runs, 1)), rng.standard_normal((runs, ends[-1])).cumsum(axis=1)], axis=1)
    half = ends // 2
    later, earlier = (sums[:, ends] - sums[:, half]) / (ends - half), sums[:, half] / half
    z = (later - earlier) / np.sqrt(1 / half + 1 / (ends - half))
    false = (np.abs(z) > asked).any(axis=1).mean()
    assert 0.02 < false < 0.10 + 2 * np.sqrt(0.1 * 0.9 / runs)


def test_a_mean_of_all_so_far_needs_a_lower_bar_than_two_halves_and_it_holds():
    sizes = tuple(range(60, 1_201, 60))
    halves, growing = bars(sizes, 0.05), bars(sizes, 0.05, True)
    assert growing[0] == halves[0] and all(a < b for a, b in zip(growing[1:], halves[1:], strict=True))
    drawn = np.random.default_rng(5).normal(size=(4_000, 20)).cumsum(axis=1) / np.sqrt(np.arange(1, 21))
    ever = (np.abs(drawn) > np.array(growing)).any(axis=1).mean()
    assert ever < 0.05
    assert (np.abs(drawn) > 1.96).any(axis=1).mean() > 0.15


def test_looks_remember_of_what_they_are():
    arrived = np.repeat(np.arange(20), 60)
    assert Looks.of(arrived, growing=True).bar(0.05) < Looks.of(arrived).bar(0.05)


@pytest.mark.parametrize("each", [20, 60, 400])
def test_the_bars_of_a_growing_mean_are_those_of_its_joint_distribution(each):
    sizes = tuple(range(3 * each, 15 * each + 1, each))
    shares = np.diff([0.0, *(0.05 * spent(size) for size in sizes)]) / 2
    exact = bars_for(tuple(size / sizes[-1] for size in sizes), tuple(shares.tolist()))
    assert bars(sizes, 0.05, True) == pytest.approx(exact, abs=2e-3)


def test_the_fewest_calls_and_what_is_spent_by_them_may_be_set():
    arrived = np.repeat(np.arange(4), 10)
    few = Looks.of(arrived, growing=True, fewest=10, half=200)
    assert few.sizes == (10, 20, 30, 40) and few.spent(0.05) == pytest.approx(0.05 * 40 / 240)
    assert few.bar(0.05) < Looks.of(arrived, growing=True, fewest=10).bar(0.05)
