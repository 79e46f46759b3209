import numpy as np
import pytest

from rhml.demo import people
from rhml.demo.scale import TWO, Scale

THREE = Scale((2.0, -2.0))


def test_two_actions_are_what_log_odds_always_said():
    for probability in (0.55, 0.7, 0.93):
        odds = people.log_odds(probability)
        assert TWO.stands_for(0, probability) == TWO.pull(5.0, 0, probability) == odds
        assert TWO.stands_for(1, probability) == pytest.approx(-odds)
    assert [TWO.place(view) for view in (1.0, 0.0, -1.0)] == [0, 1, 1]


def test_who_just_agrees_takes_the_action_that_is_recommended_however_weakly():
    for place in range(3):
        for probability in (0.34, 0.5, 0.97):
            assert THREE.place(THREE.stands_for(place, probability)) == place


def test_a_recommendation_in_the_middle_pulls_from_either_side_and_never_past_it():
    assert THREE.pull(6.0, 1, 0.9) < 0 < THREE.pull(-6.0, 1, 0.9)
    assert THREE.pull(0.0, 1, 0.9) == 0
    assert abs(THREE.pull(0.5, 1, 0.99)) == 0.5


def test_a_confidence_is_of_the_action_that_the_view_amounts_to():
    assert THREE.confidence(6.0) == THREE.confidence(-6.0) > THREE.confidence(2.5)
    assert 0.3 < THREE.confidence(0.0) < 0.8
    assert TWO.confidence(2.0) == people.confidence(2.0, first_action=True)
    assert TWO.confidence(-2.0) == people.confidence(-2.0, first_action=False)


def test_what_proves_right_follows_the_scale():
    chances = np.random.default_rng(1).random(4_000)
    shares = [
        np.bincount(THREE.drawn(np.full(4_000, view), chances), minlength=3) / 4_000 for view in (5, 0, -5)
    ]
    assert [int(share.argmax()) for share in shares] == [0, 1, 2]
    below = 1 / (1 + np.exp(2.0))
    assert shares[1][0] == pytest.approx(below, abs=0.03)
