from dataclasses import replace

import numpy as np
import pytest

from rhml.stats.attribution import INTERACTION, MODEL, PEOPLE, TOTAL, Bank, Own, combined, shapley, split


def drawn(seed, *, n=4_000, bank_share=1.0, gain=0.1, better=0.15, sure=True):
    """Calls of two equally large periods, all cases alike but for a hidden ease that people and model share."""
    rng = np.random.default_rng(seed)
    ease = rng.random(n)
    later = np.arange(n) % 2 == 1
    score = (rng.random(n) < 0.5 + 0.3 * ease + gain * later).astype(float)
    models = (rng.random((2, n)) < 0.5 + 0.3 * ease + better * np.array([[0], [1]])).astype(float)
    follows = np.stack([0.3 + 0.4 * ease, 0.5 + 0.4 * ease]) if sure else np.full((2, n), 0.4)
    in_bank = np.flatnonzero(rng.random(n) < bank_share)
    at = np.full(n, -1)
    at[in_bank] = np.arange(len(in_bank))
    nothing = np.zeros(n, np.int64)
    own = Own(np.arange(n), score, later, rng.integers(0, 6, n), nothing, np.zeros((n, 0)), at, nothing)
    bank = Bank(in_bank, models[:, in_bank], follows[:, in_bank], nothing[in_bank])
    return own, bank


def truth(gain=0.1, better=0.15):
    ease = (np.arange(20_000) + 0.5) / 20_000
    base = 0.5 + 0.3 * ease
    return combined(
        np.stack([base, base + better]),
        np.stack([0.3 + 0.4 * ease, 0.5 + 0.4 * ease]),
        np.stack([base, base + gain]),
    )


def test_the_two_parts_add_up_to_the_whole_exactly():
    found = split(*drawn(1, bank_share=0.3))
    assert found.parts[PEOPLE] + found.parts[MODEL] == pytest.approx(found.parts[TOTAL], abs=1e-12)
    people, model, both = shapley(found.values)
    assert (people, model, both) == pytest.approx(tuple(found.parts[[PEOPLE, MODEL, INTERACTION]]), abs=1e-12)
    assert found.values["11"] - found.values["00"] == pytest.approx(found.parts[TOTAL], abs=1e-12)


def test_where_every_call_is_in_the_bank_the_parts_are_those_of_plain_means():
    own, bank = drawn(2, n=2_000)
    own = replace(own, manager=np.zeros(2_000, np.int64))
    found = split(own, bank)
    values = {}
    for i, side in ((0, ~own.later), (1, own.later)):
        for j in (0, 1):
            alone = ((1 - bank.follows[j]) * own.score)[side].mean()
            values[f"{i}{j}"] = (bank.follows[j] * bank.score[j]).mean() + alone
    # People's mean score times the mean trust is known on all cases here, so the two agree to sampling of the halves.
    people, _, both = shapley(values)
    assert found.parts[PEOPLE] == pytest.approx(people, abs=0.004)
    assert found.parts[INTERACTION] == pytest.approx(both, abs=0.004)


@pytest.mark.parametrize("part", (PEOPLE, MODEL, TOTAL, INTERACTION))
def test_intervals_cover_the_truth_with_a_bank_drawn_by_lot(part):
    people, model, both = shapley(truth())
    true = {PEOPLE: people, MODEL: model, TOTAL: people + model, INTERACTION: both}[part]
    found = [split(*drawn(seed, n=1_500, bank_share=0.3)) for seed in range(200)]
    inside = np.mean([abs(one.parts[part] - true) < 1.96 * one.error(part) for one in found])
    assert 0.90 <= inside <= 0.99


def test_a_combiner_that_does_not_mind_the_model_has_no_interaction():
    found = split(*drawn(3, sure=False))
    assert found.parts[INTERACTION] == pytest.approx(0, abs=1e-12)


def test_the_same_model_twice_brings_nothing():
    own, bank = drawn(4)
    same = replace(bank, score=bank.score[[0, 0]], follows=bank.follows[[0, 0]])
    found = split(own, same)
    assert found.parts[MODEL] == 0 and found.error(MODEL) == 0


def test_people_of_one_period_only_say_nothing_about_growth():
    own, bank = drawn(5)
    apart = replace(own, manager=own.later.astype(np.int64))
    assert "too few" in split(apart, bank) or "No cases" in split(apart, bank)
