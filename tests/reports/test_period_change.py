"""Two periods beside each other: intervals of differences, and words that hold when many are asked."""

import numpy as np
import pytest
from scipy import stats

from rhml.reports.period_change import HIGHER, LOWER, NOTHING_SHOWN, TOO_FEW, a_month, changed
from rhml.stats.intervals import wilson
from rhml.stats.measure import Measure, too_few


def rate(hits: int, n: int) -> Measure:
    return Measure.of(hits / n, *wilson(hits, n), n)


def test_the_difference_has_the_interval_of_newcombes_method_10():
    # Newcombe (1998), table II, example (a): 56/70 and 48/80 differ by 0.2, from 0.0524 to 0.3339.
    [one] = changed({("a",): rate(48, 80)}, {("a",): rate(56, 70)})
    assert [one.difference.value, one.difference.low, one.difference.high] == pytest.approx(
        [0.2, 0.0524, 0.3339], abs=5e-5
    )
    assert one.words == HIGHER


def test_what_fell_is_lower_and_what_is_unclear_shows_no_change():
    earlier = {("fell",): rate(400, 1000), ("same",): rate(100, 1000)}
    later = {("fell",): rate(200, 1000), ("same",): rate(104, 1000)}
    assert [one.words for one in changed(earlier, later)] == [LOWER, NOTHING_SHOWN]


def test_a_part_of_one_period_alone_is_too_little_to_compare():
    few = Measure.unknown(too_few(7), 7)
    found = changed({("a",): few, ("b",): rate(10, 100)}, {("a",): rate(10, 100), ("c",): rate(10, 100)})
    assert {one.names[0]: one.words for one in found} == dict.fromkeys("abc", TOO_FEW)


def test_what_no_count_could_tell_is_not_called_too_few():
    never = Measure.unknown("This domain has no outcomes, so who was right cannot be known.")
    alike = Measure(30.0, None, None, 500, "All alike so far; no interval can be given.")
    found = changed({("a",): never, ("b",): alike}, {("a",): never, ("b",): rate(10, 100)})
    assert [one.words for one in found] == ["cannot be told"] * 2


def test_of_many_parts_without_any_change_hardly_one_is_called():
    draw = np.random.default_rng(11)
    called = 0
    for _ in range(50):
        before, after = (
            {(str(i),): rate(int(draw.binomial(400, 0.2)), 400) for i in range(30)} for _ in range(2)
        )
        called += any(one.words in (HIGHER, LOWER) for one in changed(before, after))
    assert called <= 8  # 5 % of 50 are 2.5; without the correction some part would be called in nearly all


def test_a_count_has_exact_poisson_limits():
    found = a_month(30, 3.0)
    low, high = found.low * 3, found.high * 3
    assert stats.poisson.sf(29, low) == pytest.approx(0.025) and stats.poisson.cdf(30, high) == pytest.approx(
        0.025
    )
    assert not a_month(7, 1.0).known
