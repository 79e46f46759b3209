"""Sums by part and manager give the intervals that the rows themselves give."""

import numpy as np
import pytest

from rhml.stats.intervals import mean, mean_of, share, share_of
from rhml.stats.sample import Sample
from rhml.stats.summed import parted


def added(part, manager, values):
    """One entry a part and manager, as a log adds rows up."""
    keys, code = np.unique(np.column_stack([part, manager]), axis=0, return_inverse=True)
    code = code.ravel()
    return keys[:, 0], np.bincount(code), np.bincount(code, values), np.bincount(code, values**2)


def draws(seed, managers):
    draw = np.random.default_rng(seed)
    part = draw.integers(0, 4, 400)
    return part, draw.choice(len(managers), 400, p=managers), draw.normal(2, 5, 400)


@pytest.mark.parametrize("managers", [[0.5, 0.5], [0.49, 0.49, 0.01, 0.01], [0.97, 0.01, 0.01, 0.01], [1.0]])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sums_say_what_the_rows_say(managers, seed):
    part, manager, values = draws(seed, managers)
    hits = (values > 0).astype(float)
    worth, right = parted(*added(part, manager, values)), parted(*added(part, manager, hits))
    for one in range(4):
        rows = part == one
        sample = Sample.rows(int(rows.sum()), manager[rows])
        for ours, theirs in (
            (mean_of(worth[one]), mean(values[rows], sample)),
            (share_of(right[one]), share(hits[rows] > 0, sample)),
        ):
            assert (ours.n, ours.why) == (theirs.n, theirs.why)
            assert [ours.value, ours.low, ours.high] == pytest.approx([theirs.value, theirs.low, theirs.high])


def test_parts_in_which_every_manager_has_few_rows_are_one_stratum():
    part, manager = np.zeros(24, int), np.repeat(np.arange(8), 3)
    values = np.random.default_rng(4).normal(size=24)
    [ours] = parted(*added(part, manager, values))
    assert ours.variance == pytest.approx(Sample.rows(24, manager).variance(values - values.mean()))


def test_equal_amounts_have_no_spread_although_subtracting_leaves_some():
    rows = np.array([1000])
    [same] = parted(np.array([0]), rows, rows * 0.1, rows * 0.1**2)
    assert same.variance == 0.0


def test_entries_without_rows_count_as_nothing():
    found = parted(np.array([0, 1]), np.array([0, 10]), np.array([0.0, 5.0]), np.array([0.0, 5.0]))
    assert [one.n for one in found] == [0, 10]
