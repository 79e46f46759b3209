"""Outcomes that come late: what counts as complete, and when early ones would mislead."""

import numpy as np
import pytest

from rhml.stats.late import late, taken

START = np.datetime64("2025-01-01T00:00")
DAY = np.timedelta64(1, "D")


def rows(n: int, seed: int, *, good: float = 0.6, slow: float = 28.0, quick: float = 5.0, never: float = 0.0):
    """A year of decisions read on its last day: bad ends take `slow` days on average, good ones `quick`."""
    rng = np.random.default_rng(seed)
    made = START + (np.sort(rng.random(n)) * 365 * 1440).astype("timedelta64[m]")
    is_good = rng.random(n) < good
    took = rng.uniform(0.5, 1.5, n) * np.where(is_good, quick, slow)
    known = made + (took * 1440).astype("timedelta64[m]")
    hidden = (known > START + 365 * DAY) | (rng.random(n) < never)
    return made, np.where(hidden, np.datetime64("NaT"), known), is_good


def test_where_bad_ends_take_longer_the_newest_rows_are_not_complete_and_early_ones_flatter():
    made, known, good = rows(1_500, 1)
    found = late(made, known, {"good": good})
    assert found.distorts and found.told.kind == "good"
    assert found.told.early > found.told.all + 0.1
    assert found.told.all == pytest.approx(0.6, abs=0.05)
    # Nearly all are in after one and a half times the slow ones' mean.
    assert 36 < found.days < 42
    assert found.since > START + 320 * DAY
    before = made < found.since
    assert not np.isnat(known[before]).any()
    assert good[~np.isnat(known)].mean() > good.mean()


@pytest.mark.parametrize("seed", range(8))
def test_delays_that_say_nothing_set_nothing_aside(seed):
    made, known, good = rows(1_500, seed, slow=20.0, quick=20.0)
    assert not late(made, known, {"good": good}).distorts


def test_outcomes_that_come_all_at_once_leave_nothing_to_set_aside():
    made, _, good = rows(600, 3)
    review = START + 270 * DAY
    known = np.where(made < review, review, np.datetime64("NaT"))
    found = late(made, known, {"good": good})
    assert found.known == 0 and not found.distorts


def test_some_that_never_come_do_not_set_everything_aside():
    made, known, good = rows(2_000, 5, never=0.2)
    found = late(made, known, {"good": good})
    assert found.distorts
    assert found.since > START + 310 * DAY


def test_in_a_log_shorter_than_its_delays_it_cannot_be_told():
    made, known, good = rows(2_000, 6, slow=200.0, quick=100.0)
    early = made < START + 40 * DAY
    held = np.where(known[early] > START + 120 * DAY, np.datetime64("NaT"), known[early])
    found = late(made[early], held, {"good": good[early]})
    assert found.told is None and found.open > 0


def test_how_long_outcomes_take_counts_the_open_ones_for_as_long_as_they_waited():
    waited = np.array([1.0, 2.0, 3.0, 10.0, 10.0, 10.0])
    assert taken(np.repeat(waited, 20), np.repeat([True, True, True, False, False, False], 20)) == 3.0
    assert taken(np.repeat(waited, 20), np.repeat([True, True, True, True, False, False], 20)) == 10.0


def test_nothing_open_is_complete():
    made, known, good = rows(300, 7)
    there = ~np.isnat(known)
    assert late(made[there], known[there], {"good": good[there]}).since is None
