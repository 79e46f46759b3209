"""Two judges on the same cases are compared case by case."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.stats.measure import Measure
from rhml.stats.paired import difference, mcnemar, smaller

right_or_wrong = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=20, max_size=80)


def test_mcnemar_looks_only_where_one_was_right():
    found = mcnemar([1] * 50 + [1] * 9 + [0], [1] * 50 + [0] * 9 + [1])
    assert (found.only_first, found.only_second) == (9, 1)
    assert found.p == pytest.approx(22 / 1024)
    assert mcnemar([1, 0], [1, 0]).p == 1.0


@given(right_or_wrong)
def test_a_difference_turned_round_changes_its_sign(pairs):
    first, second = np.array(pairs).T
    there, back = difference(first, second), difference(second, first)
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    assert there.low <= there.value <= there.high
    assert there.low < there.high


def test_a_binary_difference_is_agresti_and_mins():
    first, second = np.r_[np.ones(30), np.zeros(10)], np.r_[np.ones(24), np.zeros(8), np.ones(8)]
    b, c, n = 6 + 0, 8, 40
    centre = (b - c) / (n + 2)
    error = np.sqrt(b + c + 1 - (b - c) ** 2 / (n + 2)) / (n + 2)
    found = difference(first, second)
    assert found.value == pytest.approx((b - c) / n)
    assert (found.low, found.high) == pytest.approx((centre - 1.96 * error, centre + 1.96 * error), abs=0.003)


def test_judges_who_never_differ_may_still_do_so():
    found = difference(np.ones(30), np.ones(30))
    assert found.value == 0
    assert found.low < 0 < found.high


def test_many_people_on_one_case_do_not_narrow_a_difference():
    rng = np.random.default_rng(1)
    first, second = rng.random(50) < 0.7, rng.random(50) < 0.5
    cases = np.arange(50)
    once = difference(first, second, cases=cases)
    six = difference(np.repeat(first, 6), np.repeat(second, 6), cases=np.repeat(cases, 6))
    assert six.high - six.low == pytest.approx(once.high - once.low, rel=0.05)


def test_scores_that_are_not_right_or_wrong_take_students_t():
    rng = np.random.default_rng(2)
    first, second = rng.random(60), rng.random(60)
    found = difference(first, second)
    d = first - second
    assert found.high - found.value == pytest.approx(2.001 * d.std(ddof=1) / np.sqrt(60), rel=1e-3)


def test_intervals_of_differences_cover():
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(400):
        u = rng.random(40)
        first, second = u < 0.75, (u + 0.15) % 1 < 0.6
        found = difference(first, second)
        covered += found.low <= 0.15 <= found.high
    assert 0.92 <= covered / 400 <= 0.99


def test_the_smaller_of_two_takes_the_smaller_low():
    found = smaller(Measure(0.1, -0.1, 0.3, 50), Measure(0.2, 0.1, 0.25, 50))
    assert (found.value, found.low, found.high) == (0.1, -0.1, 0.25)
    assert smaller(Measure.unknown("none"), Measure(0.2, 0.1, 0.3, 50)).why == "none"
