import numpy as np

from rhml.stats import steps
from rhml.stats.measure import MINIMUM


def people(seed: int, *, n: int = 600, gain: float = 0.0, harder: float = 0.0):
    """Calls of five people in four periods: by `gain` better from period to period, on cases harder by `harder`."""
    rng = np.random.default_rng(seed)
    period, manager = np.sort(rng.integers(0, 4, n)), rng.integers(0, 5, n)
    hard = rng.random(n) < 0.3 + harder * period
    chance = 0.7 + gain * period - 0.3 * hard + 0.05 * (manager - 2)
    return rng.random(n) < chance, period, hard[:, None].astype(float), manager


def levels(seed: int, **world):
    right, period, mix, manager = people(seed, **world)
    return steps.levels(right, period, mix=mix, managers=manager, cases=np.arange(len(right)))


def test_harder_cases_are_taken_out_and_learning_is_not():
    still = np.mean([[m.value for m in levels(seed, harder=0.15)] for seed in range(40)], axis=0)
    learned = np.mean([[m.value for m in levels(seed, gain=0.06, harder=0.15)] for seed in range(40)], axis=0)
    assert np.ptp(still) < 0.03
    assert 0.13 < learned[-1] - learned[0] < 0.23


def test_the_levels_of_all_calls_are_their_share_right():
    right, period, mix, manager = people(3)
    found = steps.levels(right, period, mix=mix, managers=manager, cases=np.arange(len(right)))
    counts = np.bincount(period)
    assert (
        abs(sum(m.value * n for m, n in zip(found, counts, strict=True)) / len(right) - right.mean()) < 1e-9
    )


def test_a_period_with_few_cases_says_so_and_does_not_move_the_others():
    right, period, mix, manager = people(4)
    more = np.concatenate([period, np.full(7, 4)])
    grown = [np.concatenate([part, part[:7]]) for part in (right, mix, manager)]
    found = steps.levels(grown[0], more, mix=grown[1], managers=grown[2], cases=np.arange(len(more)))
    alone = steps.levels(right, period, mix=mix, managers=manager, cases=np.arange(len(right)))
    assert not found[4].known and "Only 7" in found[4].why
    assert found[:4] == alone


def test_many_calls_on_few_cases_are_too_few():
    found = steps.levels(
        np.ones(100),
        np.zeros(100, int),
        mix=np.zeros((100, 0)),
        managers=np.arange(100) % 3,
        cases=np.arange(100) % (MINIMUM - 1),
    )
    assert not found[0].known


def test_calls_on_the_same_cases_widen_the_interval():
    right, period, _, _ = people(5, n=800)
    case = np.arange(800) // 4
    right, period = right[case * 4], period[case * 4]
    given = {"mix": np.zeros((800, 0)), "managers": np.arange(800) % 4}
    shared = steps.levels(right, period, cases=case, **given)[0]
    alone = steps.levels(right, period, cases=np.arange(800), **given)[0]
    assert shared.high - shared.low > 1.4 * (alone.high - alone.low)


def test_everybody_right_still_has_an_interval():
    found = steps.levels(
        np.ones(80),
        np.arange(80) // 40,
        mix=np.zeros((80, 0)),
        managers=np.arange(80) % 4,
        cases=np.arange(80),
    )
    assert all(m.value > 1 - 1e-9 and 0.8 < m.low < 0.99 for m in found)
