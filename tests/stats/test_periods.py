"""Which way to part calls into earlier and later can answer is settled by who decided when."""

import numpy as np
import pandas as pd

from rhml.stats.periods import answering, calendar, middle, one_order, practice, same_moves

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2025-01-01")


def _times(days):
    return pd.Series(START + pd.to_timedelta(np.asarray(days, float), unit="D"))


def test_people_who_stay_are_compared_by_the_calendar():
    times, who = _times(np.arange(100)), np.arange(100) % 4
    cuts = calendar(times, who, middle(times)), practice(times, who)
    assert answering(*cuts).name == "calendar"
    assert cuts[0].shared > 0.99


def test_people_who_sit_once_are_compared_with_themselves():
    who = np.repeat(np.arange(10), 20)
    times = _times(10 * who + np.tile(np.arange(20), 10) / 20)
    cuts = calendar(times, who, middle(times)), practice(times, who)
    chosen = answering(*cuts)
    assert chosen.name == "practice"
    assert chosen.later.reshape(10, 20)[:, :10].sum() == 0
    assert chosen.later.reshape(10, 20)[:, 10:].all()
    assert chosen.people == 10


def test_one_person_alone_is_left_to_the_calendar():
    times, who = _times(np.arange(40)), np.zeros(40)
    late = calendar(times, who, times.max() + DAY)
    assert answering(late, practice(times, who)).name == "calendar"


def test_calls_of_one_moment_stay_on_one_side():
    times = _times([0, 1, 1, 1, 2, 2])
    assert practice(times, np.zeros(6)).later.tolist() == [False, False, False, False, True, True]


def test_calls_without_a_time_or_all_at_once_are_not_placed():
    times = pd.concat([_times([0, 1, 5, 5]), pd.Series([pd.NaT])], ignore_index=True)
    found = practice(times, np.array([0, 0, 1, 1, 1]))
    assert found.placed.tolist() == [True, True, False, False, False]


def test_nothing_at_all_is_no_error():
    found = practice(_times([]), np.array([]))
    assert (found.shared, found.people, len(found.later)) == (0.0, 0, 0)


def test_the_same_cases_in_the_same_order_are_noticed():
    who, place = np.repeat(np.arange(12), 40), np.tile(np.arange(40), 12)
    times = _times(who * 3 + place / 40)
    assert one_order(times, who, place)
    shuffled = np.concatenate([np.random.default_rng(k).permutation(40) for k in range(12)])
    assert not one_order(times, who, shuffled)
    assert not one_order(times, who, np.arange(480))


def test_one_cut_for_all_is_the_same_move_and_staggered_ones_are_not():
    who = np.repeat([0, 1], 40)
    first = np.tile(np.repeat([0, 1], 20), 2)
    assert same_moves(first, first, who) == 1.0
    other = np.r_[np.repeat([0, 1], [5, 35]), np.repeat([0, 1], [35, 5])]
    assert same_moves(first, other, who) < 0.3
