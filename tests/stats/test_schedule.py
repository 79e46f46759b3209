"""Looks at set counts raise no more false alarms than looking once, and each waits for enough."""

import numpy as np
import pytest
from scipy import stats

from rhml.stats import schedule


def test_the_first_look_is_held_to_its_own_share_alone():
    [bar] = schedule.bars((40,), 0.05)
    assert 2 * stats.norm.sf(bar) == pytest.approx(0.05 * schedule.used(40), rel=1e-3)


def test_any_of_many_looks_passes_as_often_as_the_share_used_up():
    sizes = schedule.due(1_280)
    rng = np.random.default_rng(3)
    steps = np.diff([0, *sizes])
    total = np.cumsum(rng.normal(size=(200_000, len(sizes))) * np.sqrt(steps), axis=1)
    passed = (np.abs(total / np.sqrt(sizes)) >= schedule.bars(sizes, 0.05)).any(axis=1).mean()
    assert passed == pytest.approx(0.05 * schedule.used(1_280), abs=0.0012)


def test_a_p_value_counts_below_five_percent_just_where_its_look_passes():
    sizes = schedule.due(500)
    bar = schedule.bars(sizes, 0.05)[-1]
    p_at_bar = 2 * stats.norm.sf(bar)
    assert schedule.as_looked(p_at_bar * 0.99, sizes) < 0.05 < schedule.as_looked(p_at_bar * 1.01, sizes)


def test_before_the_first_look_nothing_counts():
    assert schedule.as_looked(1e-9, schedule.due(39)) == 1.0
    assert np.isnan(schedule.as_looked(np.nan, schedule.due(400)))
    assert (schedule.following(39), schedule.following(40), schedule.following(100)) == (40, 80, 160)
