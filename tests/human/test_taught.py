"""Inside a taught rule against where nothing was taught: what is found by being bad does not count as learning."""

import numpy as np
import pandas as pd
import pytest

from rhml.human.taught import Teaching, Unaided, shown

N = 6_000
FOUND, START = pd.Timestamp("2025-03-01"), pd.Timestamp("2025-05-01")


def calls(seed, *, learned=0.0, drift=0.0, inside_level=0.6, n=N):
    rng = np.random.default_rng(seed)
    times = pd.Series(pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 300, n)), unit="D"))
    inside = rng.random(n) < 0.3
    after = (times >= START).to_numpy()
    chance = np.where(inside, inside_level, 0.75) + learned * (inside & after) + drift * after
    right = (rng.random(n) < chance).astype(float)
    made = Unaided(
        right,
        rng.integers(0, 5, n),
        np.arange(n),
        times,
        times.to_numpy("datetime64[us]"),
        (rng.normal(size=(n, 2)),),
    )
    return made, inside


def taught(inside, **more):
    return Teaching(inside, FOUND.to_pydatetime(), START.to_pydatetime(), **more)


def test_the_difference_in_differences_is_that_of_four_means_where_people_and_cases_are_alike():
    made, inside = calls(1, learned=0.1)
    flat = Unaided(made.right, np.zeros(N, int), made.case, made.times, made.arrived, (np.zeros((N, 0)),))
    found = shown(flat, (taught(inside),), ~inside)
    last = np.sort(made.arrived[inside & (made.times >= START).to_numpy()])
    used = (made.times > FOUND).to_numpy() & (made.arrived <= last[640 - 1])
    after = (made.times >= START).to_numpy()

    def mean(rows):
        return made.right[used & rows].mean()

    by_hand = mean(inside & after) - mean(inside & ~after) - mean(~inside & after) + mean(~inside & ~after)
    assert found.change.value == pytest.approx(by_hand, abs=1e-9)
    assert found.waits == 1_280 and found.compared


def test_ten_points_learned_are_found_and_a_change_of_everything_is_not():
    learned, inside = calls(2, learned=0.15)
    assert shown(learned, (taught(inside),), ~inside).p < 0.05
    drifted, inside = calls(2, drift=0.12)
    found = shown(drifted, (taught(inside),), ~inside)
    assert found.p > 0.2
    assert found.after.value - found.before.value > 0.08


def test_calls_that_the_rule_was_found_on_are_no_before():
    made, inside = calls(3)
    worse = made.right * ~(inside & (made.times <= FOUND).to_numpy())
    bad = Unaided(worse, made.manager, made.case, made.times, made.arrived, made.mix)
    assert worse[inside & (made.times < START).to_numpy()].mean() < 0.4
    found = shown(bad, (taught(inside),), ~inside)
    assert found.before.value == pytest.approx(0.6, abs=0.06) and found.p > 0.05


def test_places_picked_for_being_bad_are_not_said_to_have_learned():
    said = 0
    for seed in range(30):
        made, _ = calls(100 + seed, n=3_000)
        rng = np.random.default_rng(seed)
        facts = rng.normal(size=(3_000, 20)) > 0.5
        early = (made.times <= FOUND).to_numpy()
        worst = min(range(20), key=lambda k: made.right[early & facts[:, k]].mean())
        found = shown(made, (taught(facts[:, worst]),), ~facts[:, worst])
        said += found.change.value > 0 and found.p < 0.05
    assert said <= 2


def test_without_calls_elsewhere_there_is_nothing_to_hold_it_against():
    made, _ = calls(4, learned=0.1)
    everything = np.ones(N, bool)
    found = shown(made, (taught(everything),), ~everything)
    assert not found.compared and found.change.known


def test_too_few_calls_before_or_after_say_so():
    made, inside = calls(5, n=60)
    found = shown(made, (taught(inside),), ~inside)
    assert not found.change.known and "too few" in found.change.why


def test_several_are_stacked_each_against_its_own_time():
    made, _ = calls(6)
    rng = np.random.default_rng(6)
    which = rng.integers(0, 4, N)
    right = made.right.copy()
    starts = [START, START + pd.Timedelta(days=60)]
    for k, start in enumerate(starts):
        rows = (which == k) & (made.times >= start).to_numpy()
        right[rows] = rng.random(rows.sum()) < 0.95
    better = Unaided(right, made.manager, made.case, made.times, made.arrived, made.mix)
    each = tuple(Teaching(which == k, FOUND.to_pydatetime(), s.to_pydatetime()) for k, s in enumerate(starts))
    found = shown(better, each, which >= 2)
    assert found.change.value == pytest.approx(0.95 - 0.705, abs=0.06) and found.p < 0.001
    own = shown(
        better,
        (Teaching((which == 0) & (made.manager == 1), FOUND.to_pydatetime(), START.to_pydatetime(), 1),),
        which >= 2,
    )
    assert set(made.manager[own.rows]) == {1}
