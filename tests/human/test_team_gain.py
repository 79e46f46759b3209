"""What courses changed in a team: pairs stay matched, people are never shown, false words are rare."""

import numpy as np
import pandas as pd
import pytest

from rhml.human.course.team_gain import team_gain


def pairs(people: int, each: int, *, before: float, after: float, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = people * each
    return pd.DataFrame(
        {
            "person": np.repeat([f"t{i}" for i in range(people)], each),
            "before": rng.random(n) < before,
            "after": rng.random(n) < after,
            "damage": rng.choice(["liquid", "fall", None], n),
        }
    )


def test_a_gain_of_all_shows_where_single_courses_could_not_tell():
    whole, _ = team_gain(pairs(5, 24, before=0.5, after=0.75, seed=1), smallest=0.05)
    assert whole.verdict.words == "improved"
    assert (whole.people, whole.verdict.change.n) == (5, 120)
    assert whole.verdict.change.low > 0
    assert whole.before.value < whole.after.value


@pytest.mark.parametrize("people", [0, 1, 2])
def test_fewer_than_three_people_have_no_mean_of_theirs(people):
    whole, segments = team_gain(
        pairs(people, 20, before=0.5, after=0.9, seed=2), smallest=0.05, columns=("damage",)
    )
    assert not whole.verdict.change.known and not whole.before.known
    assert "from 3 people on" in whole.verdict.change.why
    assert segments == ()


def test_a_segment_that_fewer_than_three_met_is_left_out():
    met = pairs(4, 20, before=0.5, after=0.8, seed=3)
    met["damage"] = np.where(met["person"].isin(["t0", "t1"]), "liquid", "fall")
    both = pd.concat([met, met.assign(damage="fall")])
    _, segments = team_gain(both, smallest=0.05, columns=("damage",))
    assert {one.name for one in segments} == {"fall"}


def test_who_learned_nothing_is_called_improved_by_chance_at_most():
    said = [
        team_gain(
            pairs(5, 20, before=0.6, after=0.6, seed=seed), smallest=0.05, columns=("damage",)
        )
        for seed in range(1000, 1060)
    ]  # fmt: skip
    assert sum(whole.verdict.words == "improved" for whole, _ in said) <= 4
    assert sum(any(one.verdict.words == "improved" for one in parts) for _, parts in said) <= 4


def test_the_interval_of_many_pairs_agrees_with_the_exact_one():
    few = team_gain(pairs(4, 50, before=0.5, after=0.7, seed=4), smallest=0.05)[0].verdict.change
    many = team_gain(pairs(4, 51, before=0.5, after=0.7, seed=4), smallest=0.05)[0].verdict.change
    assert few.high - few.low == pytest.approx(many.high - many.low, abs=0.03)
