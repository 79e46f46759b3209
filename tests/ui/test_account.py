import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhml.ui.account import LEAST, MOST, account, whole

SOME = st.lists(st.floats(-0.4, 0.4), min_size=0, max_size=20)


def places(told):
    return [line.places for line in told.shown]


@given(SOME, st.floats(0, 1), st.booleans())
def test_what_is_shown_adds_up_and_is_within_a_point(points, probability, grouped):
    base = probability - sum(points)
    groups = [(0, len(points) - 1)] if grouped and len(points) > 1 else []
    told = account(points=points, base=base, probability=probability, groups=groups)
    assert told.start + sum(line.points for line in told.shown) + told.rest == told.total
    assert told.total == round(100 * probability)
    for line in told.shown:
        assert line.exact == pytest.approx(sum(points[i] for i in line.places))
        assert abs(line.points - 100 * line.exact) <= 1 + 1e-6
        assert line.points * line.exact >= 0
    named = [i for line in told.shown for i in line.places]
    assert sorted([*named, *told.others]) == list(range(len(points)))
    assert len(told.shown) <= MOST


def test_at_most_four_reasons_strongest_first():
    told = account(points=(0.01, -0.2, 0.05, 0.1, 0.02, 0.001), base=0.3, probability=0.281)
    assert places(told) == [(1,), (3,), (2,), (4,)]
    assert told.others == (0, 5)


def test_a_reason_against_is_told_beside_four_stronger_ones_for():
    told = account(points=(0.1, 0.2, 0.05, 0.08, -0.02), base=0.3, probability=0.71)
    assert places(told) == [(1,), (0,), (3,), (4,)]
    told = account(points=(0.1, 0.2, 0.05, 0.08, -0.006), base=0.3, probability=0.724)
    assert (4,) not in places(told)


@given(SOME, st.floats(0, 1))
def test_whoever_speaks_against_the_rest_is_heard(points, probability):
    told = account(points=points, base=probability - sum(points), probability=probability)
    for way in (1, -1):
        if any(way * p >= 0.01 for p in points):
            assert any(way * line.exact > 0 for line in told.shown)
    assert all(abs(line.exact) >= LEAST for line in told.shown)


def test_factors_that_say_the_same_are_one_line_with_the_sum_of_their_points():
    told = account(points=(0.08, -0.01, 0.03, -0.05), base=0.5, probability=0.55, groups=[(0, 3)])
    assert [(line.places, line.points) for line in told.shown] == [((0, 3), 3), ((2,), 3), ((1,), -1)]
    assert told.others == ()


def test_the_largest_remainders_are_rounded_up():
    assert whole([10.2, 20.7, 30.1], 61) == [10, 21, 30]


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8), st.integers(-1, 1))
def test_parts_come_to_a_total_that_was_rounded_on_its_own(parts, off):
    total = round(sum(parts)) + off
    assert sum(whole(parts, total)) == total


@pytest.mark.parametrize("points", [(), (0.001, -0.002)])
def test_without_weighty_factors_the_start_is_told_alone(points):
    assert account(points=points, base=0.5, probability=0.5 + sum(points)).shown == ()
