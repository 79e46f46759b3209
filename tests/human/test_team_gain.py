"""What courses changed in a team: pairs stay matched, people are never shown, false words are rare."""

import numpy as np
import pandas as pd
import pytest

from rhml.human.course.team_gain import team_gain

EACH = 20


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


def one_by_one(people: int, *, before: float, after: float, seed: int) -> pd.DataFrame:
    """The same, a course a day."""
    found = pairs(people, EACH, before=before, after=after, seed=seed)
    return found.assign(ended=np.repeat(np.datetime64("2026-03-01") + np.arange(people), EACH))


def clear(found: pd.DataFrame) -> np.ndarray:
    """By how many standard errors all pairs so far moved, after each course."""
    moved = (found["after"].astype(int) - found["before"]).to_numpy().reshape(-1, EACH)
    return np.abs(moved.sum(axis=1).cumsum()) / np.sqrt(np.maximum((moved**2).sum(axis=1).cumsum(), 1))


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


def test_thirty_courses_that_taught_nothing_are_as_rarely_called_a_gain_as_one_look():
    teams, false, once = 150, 0, 0
    for seed in range(teams):
        found = one_by_one(30, before=0.6, after=0.6, seed=seed)
        z = clear(found)
        once += bool((z[2:] > 1.96).any())
        # No word asks for less than 2.4 standard errors.
        looks = [k + 1 for k in np.flatnonzero(z > 2.4) if k >= 2]
        said = (team_gain(found.iloc[: k * EACH], smallest=0.05)[0].verdict.words for k in looks)
        false += any(words in ("improved", "fell") for words in said)
    assert once > 0.12 * teams
    assert false <= 0.05 * teams + 2 * np.sqrt(0.05 * 0.95 * teams)


def test_a_change_that_leaves_zero_out_at_one_of_many_looks_says_nothing_yet():
    found = next(
        found
        for found in (one_by_one(12, before=0.5, after=0.62, seed=seed) for seed in range(100))
        if 2.2 < clear(found)[-1] < 2.5
    )
    at_one = team_gain(found.drop(columns="ended"), smallest=0.05)[0]
    whole = team_gain(found, smallest=0.05)[0]
    assert whole.verdict.change == at_one.verdict.change and whole.verdict.change.low > 0
    assert (
        whole.verdict.words.startswith("not enough data yet") and whole.rests_on.low < 0 < whole.rests_on.high
    )
    assert at_one.looks.number == 1 and at_one.level < whole.level
    assert whole.as_dict()["verdict_rests_on"]["look"] == 10


def test_no_look_comes_before_the_third_person_and_none_with_a_course_that_adds_nothing():
    found = one_by_one(5, before=0.5, after=0.7, seed=6)
    assert team_gain(found, smallest=0.05)[0].looks.sizes == (60, 80, 100)
    same = found.assign(ended=found["ended"].iloc[0])
    assert team_gain(same, smallest=0.05)[0].looks.sizes == (100,)


def test_a_clear_gain_is_said_over_many_looks():
    whole = team_gain(one_by_one(12, before=0.45, after=0.75, seed=7), smallest=0.05)[0]
    assert whole.verdict.words == "improved" and 0 < whole.rests_on.low < whole.verdict.change.low


def test_many_pairs_of_which_none_moved_have_an_interval():
    found = pairs(12, EACH, before=0.5, after=0.5, seed=8)
    change = team_gain(found.assign(after=found["before"]), smallest=0.05)[0].verdict.change
    assert change.value == 0 and change.low < 0 < change.high
