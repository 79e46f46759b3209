import numpy as np
from scipy import stats

from rhml.stats.anytime import bar, level


def test_looking_after_every_case_shows_a_difference_that_is_not_there_in_at_most_one_in_twenty():
    rng = np.random.default_rng(1)
    scores = rng.choice([-1.0, 0.0, 1.0], (600, 3_000), p=[0.1, 0.8, 0.1])
    n = np.arange(1, 3_001)
    error = np.sqrt(np.cumsum(scores**2, axis=1) / n) / np.sqrt(n)
    bars = np.array([bar(k, 0.05) for k in n])
    passed = (np.abs(np.cumsum(scores, axis=1) / n) > bars * error)[:, 99:]
    assert passed.any(axis=1).mean() <= 0.06


def test_it_asks_more_than_a_single_look_and_least_near_where_it_is_tuned():
    assert bar(500, 0.05) > stats.norm.isf(0.025)
    width = [bar(n, 0.05) for n in (50, 500, 5_000, 50_000)]
    assert min(width) == width[1]
    assert level(500, 0.05) > 0.99
