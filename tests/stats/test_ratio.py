import numpy as np
import pytest
from scipy import stats

from rhml.stats.ratio import ratio
from rhml.stats.sample import Sample


def test_the_interval_is_where_the_difference_lies_within_its_own_error():
    rng = np.random.default_rng(1)
    over, under = rng.normal(0.3, 1, 80), rng.normal(1.0, 1, 80)
    found = ratio(over, under, Sample.rows(80))
    for end in (found.low, found.high):
        left = over - end * under
        t = left.mean() / (left.std(ddof=1) / np.sqrt(80))
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, 79), rel=1e-6)


@pytest.mark.parametrize("under", (0.08, 0.3))
def test_the_interval_covers_the_true_ratio(under):
    rng = np.random.default_rng(2)
    inside, asked = 0, 0
    for _ in range(500):
        room = rng.random(600) < under
        reached = room * (rng.random(600) < 0.4) - 1.0 * (rng.random(600) < 0.02)
        found = ratio(reached, room, Sample.rows(600))
        asked += found.low is not None
        inside += found.low is not None and found.low <= 0.4 - 0.02 / under <= found.high
    assert asked == 500 and 0.925 <= inside / asked <= 0.975


def test_rows_of_one_case_count_once():
    rng = np.random.default_rng(3)
    over, under = rng.normal(0.3, 1, 100), rng.normal(1.0, 0.5, 100)
    once = ratio(over, under, Sample.rows(100))
    thrice = ratio(np.repeat(over, 3), np.repeat(under, 3), Sample.of(np.repeat(np.arange(100), 3)))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high), rel=1e-6)


def test_a_share_of_what_may_be_nothing_has_no_interval():
    rng = np.random.default_rng(4)
    found = ratio(rng.normal(0, 1, 50), rng.normal(0.05, 1, 50), Sample.rows(50))
    assert found.low is None and "nothing" in found.why
