"""Differences on like cases against textbook forms and brute force."""

import numpy as np
import pytest

from rhml.stats.alike import NOT_SEPARABLE, differences
from rhml.stats.counted import apart, counted_mean, counted_share
from rhml.stats.intervals import mean, share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample


def drawn(n=900, people=6, seed=1):
    rng = np.random.default_rng(seed)
    stratum, who = rng.integers(0, 4, n), rng.integers(0, people, n)
    kind = (rng.random(n) < 0.15 + 0.15 * stratum).astype(float)
    hit = (rng.random(n) < 0.1 + 0.15 * stratum + 0.08 * kind).astype(float)
    return stratum, who, kind, hit


def told(hit, kind, like, who, cases=None):
    cases = np.arange(len(hit)) if cases is None else cases
    return differences(hit[:, None], kind[:, None], like, managers=who, cases=cases)


def test_with_strata_alone_it_is_the_mantel_haenszel_difference():
    stratum, _, kind, hit = drawn()
    like = (stratum[:, None] == np.arange(1, 4)).astype(float)
    top = bottom = 0.0
    for s in range(4):
        one, rest = (stratum == s) & (kind == 1), (stratum == s) & (kind == 0)
        weight = one.sum() * rest.sum() / (one.sum() + rest.sum())
        top += weight * (hit[one].mean() - hit[rest].mean())
        bottom += weight
    found = told(hit, kind, like, np.zeros(len(hit), int))
    assert found.value[0, 0] == pytest.approx(top / bottom, abs=1e-12)


@pytest.mark.parametrize("shared", [False, True])
def test_the_error_is_the_sandwich_of_the_whole_regression(shared):
    stratum, who, kind, hit = drawn()
    like = np.column_stack([stratum == 1, stratum == 2, stratum == 3, stratum**2]).astype(float)
    cases = np.arange(len(hit)) // 3 if shared else np.arange(len(hit))
    x = np.column_stack([kind, like[:, :3], who[:, None] == np.arange(6)]).astype(float)
    inverse = np.linalg.inv(x.T @ x)
    left = hit - x @ (inverse @ x.T @ hit)
    scores = np.zeros((cases.max() + 1, x.shape[1]))
    np.add.at(scores, cases, x * left[:, None])
    robust = inverse @ (scores.T @ scores) @ inverse * (len(hit) - 1) / (len(hit) - x.shape[1])
    found = told(hit, kind, like, who, cases)
    assert found.value[0, 0] == pytest.approx((inverse @ x.T @ hit)[0], abs=1e-10)
    plain = np.sqrt(robust[0, 0])
    assert plain * (1 - 1e-9) <= found.error[0, 0] <= plain * 1.02


def test_many_kinds_and_outcomes_together_are_those_of_each_alone():
    stratum, who, kind, hit = drawn()
    like = (stratum[:, None] == np.arange(1, 4)).astype(float)
    both = differences(
        np.column_stack([hit, 1 - hit]),
        np.column_stack([kind, 1 - kind]),
        like,
        managers=who,
        cases=np.arange(900),
    )
    one = told(hit, kind, like, who)
    assert both.measure(0, 0).value == pytest.approx(one.measure(0, 0).value, abs=1e-12)
    assert both.measure(1, 1).low == pytest.approx(one.measure(0, 0).low, abs=1e-9)


def test_a_kind_that_one_person_alone_decides_cannot_be_told():
    _, who, _, hit = drawn()
    found = told(hit, (who == 2).astype(float), np.zeros((900, 0)), who)
    assert found.measure(0, 0).why == NOT_SEPARABLE
    assert np.isnan(found.p_value(0, 0, 0.01))


def test_where_nothing_was_ever_hit_the_interval_keeps_a_width():
    kind = np.r_[np.ones(30), np.zeros(300)]
    found = told(np.zeros(330), kind, np.zeros((330, 0)), np.zeros(330, int)).measure(0, 0)
    assert found.low < -0.03 and found.high > 0.03


def test_a_small_difference_however_sure_has_no_small_p_value():
    rng = np.random.default_rng(2)
    kind = (np.arange(400_000) % 2).astype(float)
    hit = (rng.random(400_000) < 0.3 + 0.005 * kind).astype(float)
    found = told(hit, kind, np.zeros((400_000, 0)), np.zeros(400_000, int))
    assert found.measure(0, 0).low > 0
    assert found.p_value(0, 0, 0.01) > 0.9


def test_counts_say_what_rows_say():
    rng = np.random.default_rng(4)
    who, hit, amounts = rng.integers(0, 40, 300), rng.random(300) < 0.2, rng.normal(size=300)
    wanted, sample = share(hit, Sample.of(np.arange(300), who)), Sample.of(np.arange(300), who)
    found = counted_share(np.bincount(who), np.bincount(who, hit))
    assert (found.value, found.low, found.high) == pytest.approx(
        (wanted.value, wanted.low, wanted.high), abs=1e-12
    )
    plain = counted_mean(np.bincount(who), np.bincount(who, amounts), np.bincount(who, amounts**2))
    exact = mean(amounts, sample)
    assert (plain.value, plain.low, plain.high) == pytest.approx(
        (exact.value, exact.low, exact.high), abs=1e-12
    )


def test_two_shares_apart_are_newcombes_tenth_method():
    """Newcombe (1998), table II: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    first, second = (counted_share(np.array([n]), np.array([k])) for k, n in ((56, 70), (48, 80)))
    found = apart(first, second)
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=2e-3)
    assert not apart(first, Measure.unknown("none")).known


def test_codes_and_names_of_cases_make_the_same_sample():
    rng = np.random.default_rng(5)
    cases, who, x = rng.permutation(500), rng.integers(0, 30, 500), rng.normal(size=500)
    assert Sample.of(cases, who).variance(x) == pytest.approx(
        Sample.of(cases.astype(str), who.astype(str)).variance(x), rel=1e-12
    )
    twice = np.arange(500) // 2
    assert Sample.of(twice, who).variance(x) == pytest.approx(
        Sample.of(twice.astype(str), who).variance(x), rel=1e-12
    )
    assert Sample.of(cases).alone and not Sample.of(twice).alone
