import numpy as np

from rhml.machine.learning.calls import Calls
from rhml.machine.learning.tables import Table


def calls_of(manager, action):
    n = len(action)
    return Calls("unaided", np.arange(n), manager, np.zeros(n, int), action, 1, int(manager.max()) + 1)


def fitted(n, called, seed=1, managers=3):
    rng = np.random.default_rng(seed)
    right, manager = rng.integers(0, 2, n), rng.integers(0, managers, n)
    calls = calls_of(manager, called(rng, right, manager))
    bins = np.zeros(n, int)
    return calls, Table.fit(calls, right, bins, actions=2, n_bins=1).likelihood(calls, bins)


def ratio(calls, log, rows):
    """By how many nats the call made speaks for itself being right."""
    mine = log[np.arange(len(calls)), calls.action] - log[np.arange(len(calls)), 1 - calls.action]
    return mine[rows].mean()


def test_a_skilled_call_speaks_for_itself_by_its_odds():
    calls, log = fitted(3000, lambda r, y, m: np.where(r.random(len(y)) < 0.8, y, 1 - y))
    assert abs(ratio(calls, log, slice(None)) - np.log(4)) < 0.15


def test_one_contrary_manager_is_read_backwards():
    calls, log = fitted(600, lambda r, y, m: np.where((r.random(len(y)) < 0.85) == (m != 2), y, 1 - y))
    assert ratio(calls, log, calls.manager == 2) < -1.0
    assert ratio(calls, log, calls.manager == 0) > 1.0


def test_a_constant_call_says_nothing():
    calls, log = fitted(500, lambda r, y, m: np.where(m == 0, 1, np.where(r.random(len(y)) < 0.8, y, 1 - y)))
    assert abs(ratio(calls, log, calls.manager == 0)) < 0.25


def test_without_resolved_calls_a_call_says_nothing():
    calls = calls_of(np.array([0, 1]), np.array([0, 1]))
    table = Table.fit(calls, np.array([-1, -1]), np.zeros(2, int), actions=2, n_bins=1)
    np.testing.assert_allclose(np.ptp(table.likelihood(calls, np.zeros(2, int)), axis=1), 0, atol=1e-12)


def test_a_new_manager_is_read_as_the_team_is():
    calls, log = fitted(900, lambda r, y, m: np.where(r.random(len(y)) < 0.8, y, 1 - y), managers=3)
    right = np.where(calls.manager == 2, -1, np.where(log.argmax(axis=1) == 0, 0, 1))
    bins = np.zeros(len(calls), int)
    table = Table.fit(calls, right, bins, actions=2, n_bins=1)
    np.testing.assert_allclose(table.tendency[2], 1.0)


def test_calls_are_pooled_by_segment_between_manager_and_team():
    """Right in one segment and a guess in the other: a new manager is read by the segment, not the average."""
    rng = np.random.default_rng(4)
    n = 3000
    right, segment, manager = rng.integers(0, 2, n), rng.integers(0, 2, n), rng.integers(0, 5, n)
    action = np.where(rng.random(n) < np.where(segment == 0, 0.9, 0.5), right, 1 - right)
    no = np.zeros(n, dtype=int)
    calls = Calls("unaided", np.arange(n), manager, no, action, 1, 5, ((segment, 2),))
    known = np.where(manager == 4, -1, right)
    log = Table.fit(calls, known, no, actions=2, n_bins=1).likelihood(calls, no)
    new = manager == 4
    assert ratio(calls, log, new & (segment == 0)) > 1.7
    assert abs(ratio(calls, log, new & (segment == 1))) < 0.3
