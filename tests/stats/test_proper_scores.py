import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from rhml.stats import proper_scores as scores


def drawn(seed: int, n: int = 60, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(k), n), rng.integers(0, k, n)


def test_brier_of_two_actions_is_the_squared_distance_of_either_probability():
    p, right = drawn(1)
    assert scores.brier(p, right) == pytest.approx((p[:, 0] - (right == 0)) ** 2)


def test_brier_of_three_actions_is_half_the_sum_of_squares():
    p, right = drawn(2, k=3)
    by_hand = [sum((p[i, a] - (right[i] == a)) ** 2 for a in range(3)) / 2 for i in range(len(p))]
    assert scores.brier(p, right) == pytest.approx(by_hand)


def test_a_coin_scores_a_quarter_and_the_logarithm_of_two():
    coin, right = np.full((4, 2), 0.5), np.array([0, 1, 1, 0])
    assert scores.brier(coin, right).tolist() == [0.25] * 4
    assert scores.logarithmic(coin, right) == pytest.approx(np.log(2))
    assert scores.too_sure(coin, right).tolist() == [0.0] * 4


@pytest.mark.parametrize("score", (scores.brier, scores.logarithmic))
@pytest.mark.parametrize("held", (0.07, 0.3, 0.62, 0.9))
def test_nobody_scores_better_on_average_than_by_saying_what_they_hold(score, held):
    def expected(said: float) -> float:
        p = np.array([[said, 1 - said]] * 2)
        return float(score(p, np.array([0, 1])) @ [held, 1 - held])

    assert minimize_scalar(expected, bounds=(0.02, 0.98), method="bounded").x == pytest.approx(held, abs=0.01)


def test_a_certainty_that_proved_wrong_scores_badly_but_not_endlessly():
    assert scores.logarithmic(np.array([[1.0, 0.0]]), np.array([1]))[0] == pytest.approx(-np.log(0.01))


def test_what_is_left_of_a_probability_is_spread_evenly():
    assert scores.spread(np.array([2]), np.array([0.7]), 3) == pytest.approx(np.array([[0.15, 0.15, 0.7]]))


@given(st.integers(0, 10_000))
def test_the_mean_of_several_never_scores_worse_than_they_do_on_average(seed):
    rng = np.random.default_rng(seed)
    p, case = rng.dirichlet([1, 1], 40), np.append(np.arange(8), rng.integers(0, 8, 32))
    right = rng.integers(0, 2, 8)
    pooled = scores.brier(scores.pooled(p, case), right)
    assert (pooled <= scores.by_case(scores.brier(p, right[case]), case) + 1e-12).all()


def test_pooling_is_the_plain_mean_of_each_case():
    p, case = np.array([[0.9, 0.1], [0.5, 0.5], [0.2, 0.8]]), np.array([0, 0, 1])
    assert scores.pooled(p, case) == pytest.approx(np.array([[0.7, 0.3], [0.2, 0.8]]))


def test_two_that_agree_stay_and_two_that_mirror_each_other_come_to_a_coin():
    one = np.array([[0.8, 0.2]])
    assert scores.together(one, one) == pytest.approx(one)
    assert scores.together(one, one[:, ::-1]) == pytest.approx(np.array([[0.5, 0.5]]))


def test_sharpening_finds_the_exponent_that_was_taken_away():
    rng = np.random.default_rng(3)
    honest = 1 / (1 + np.exp(-rng.normal(0, 1.5, 20_000)))
    right = (rng.random(20_000) > honest).astype(int)
    p = np.stack([honest, 1 - honest], axis=1)
    timid = scores.sharpened(p, 0.5)
    power = scores.sharpening(timid, right, np.arange(20_000) % 5)
    assert power == pytest.approx(2.0, abs=0.2)
    assert scores.sharpened(timid, power) == pytest.approx(p, abs=0.03)


def test_an_exponent_is_never_learned_from_the_case_itself():
    p, right = drawn(5, n=30)
    fold = np.arange(30) % 5
    power = scores.sharpening(p, right, fold)
    right[fold == 0] = 1 - right[fold == 0]
    assert (scores.sharpening(p, right, fold)[fold == 0] == power[fold == 0]).all()
