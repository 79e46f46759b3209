import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.ui.reasons import account, whole

SOME = st.lists(st.floats(-0.4, 0.4), min_size=0, max_size=20)


@given(SOME, st.floats(0, 1))
def test_what_is_shown_adds_up_and_is_within_a_point(points, probability):
    base = probability - sum(points)
    told = account(points=points, base=base, probability=probability)
    assert told.start + sum(p for _, p in told.shown) + told.rest == told.total
    assert all(abs(shown - 100 * points[place]) <= 1 + 1e-6 for place, shown in told.shown)
    assert abs(told.total - 100 * probability) <= 0.5 + 1e-6
    assert len(told.shown) + told.others == len(points)


def test_at_most_four_reasons_strongest_first():
    told = account(points=(0.01, -0.2, 0.05, 0.1, 0.02, 0.001), base=0.3, probability=0.281)
    assert [place for place, _ in told.shown] == [1, 3, 2, 4]
    assert told.others == 2


def test_the_largest_remainders_are_rounded_up():
    assert whole([10.2, 20.7, 30.1], 61) == [10, 21, 30]


@pytest.mark.parametrize("points", [(), (0.001, -0.002)])
def test_without_weighty_factors_the_start_is_told_alone(points):
    assert account(points=points, base=0.5, probability=0.5 + sum(points)).shown == ()
