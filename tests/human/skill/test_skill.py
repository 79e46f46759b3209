"""Skill is said of the team, of people and of segments, and of each only what the calls can show."""

import json
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from rhml.human.skill.curve import curve
from rhml.human.skill.skill import none, skill
from rhml.human.skill.transfer import Taught
from rhml.stats.compared import Compared

START = pd.Timestamp("2025-01-01")


@pytest.fixture
def calls():
    """A year of unaided calls by some people, right by a chance that a test may move."""

    def build(n=3000, people=10, seed=1, chance=None):
        rng = np.random.default_rng(seed)
        who, hard = rng.integers(0, people, n), rng.random(n) < 0.4
        place = pd.Series(who).groupby(who).cumcount().to_numpy()
        at = {"who": who, "hard": hard, "later": np.arange(n) >= n / 2, "place": place, "row": np.arange(n)}
        p = 0.75 - 0.25 * hard + (chance(at) if chance else 0.0)
        times = pd.Series(START + pd.to_timedelta(np.arange(n) * 300 / n, unit="D"))
        right, mix = rng.random(n) < p, (hard[:, None].astype(float),)
        return Compared.of(right, who, np.arange(n), times, mix, at=times.iloc[n // 2]), at

    return build


def _skill(compared, people=10, **more):
    names = np.array([f"m{k}" for k in range(people)], dtype=object)
    return skill(compared, names=names, **({"segments": {}, "smallest": 0.05, "seed": 1} | more))


def test_a_gain_of_all_is_found_and_goes_into_json(calls):
    compared, _ = calls(chance=lambda at: 0.12 * at["later"])
    found = _skill(compared)
    assert found.verdict.words == "improved"
    assert found.cut == "calendar"
    assert "cannot be told apart" in found.apart_words
    plain = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert {"cut", "practice", "calendar", "by_segment", "curve", "transfer", "intervals"} <= set(plain)
    assert "by_manager" not in plain
    assert len(found.as_dict(people=True)["by_manager"]) == 10


def test_of_people_who_all_stand_still_hardly_one_is_named(calls):
    named = 0
    for seed in range(10):
        compared, _ = calls(people=30, seed=seed)
        named += sum(p.verdict.words in ("improved", "fell") for p in _skill(compared, 30).people)
    assert named <= 2


def test_the_one_who_learned_is_named(calls):
    compared, _ = calls(
        n=4000, chance=lambda at: 0.3 * at["later"] * (at["who"] == 3) - 0.1 * (at["who"] == 3)
    )
    assert [p.name for p in _skill(compared).people if p.verdict.words == "improved"] == ["m3"]


def test_the_segment_in_which_people_learned_is_named(calls):
    compared, at = calls(n=6000, chance=lambda at: 0.15 * at["later"] * (at["row"] % 3 == 0))
    named = {"region": pd.Series(np.where(at["row"] % 3 == 0, "north", "south"))}
    found = _skill(compared, segments=named)
    assert {p.name: p.verdict.words.split(" (")[0] for p in found.segments}["north"] == "improved"
    assert {p.name: p.verdict.words.split(" (")[0] for p in found.segments}["south"] != "improved"


def test_a_segment_must_show_as_much_more_at_a_later_look_as_the_team(calls):
    compared, at = calls(n=6000, chance=lambda at: 0.08 * at["later"] * (at["row"] % 3 == 0))
    named = {"region": pd.Series(np.where(at["row"] % 3 == 0, "north", "south"))}

    def north(**more):
        found = _skill(compared, segments=named, **more).segments
        return {part.name: part.verdict.words for part in found}["north"]

    assert (north(), north(level=1 - 1e-7)) == ("improved", "not beyond what chance shows among so many")


def test_with_few_calls_it_says_how_many_more(calls):
    found = _skill(calls(n=200)[0])
    assert found.verdict.more > 500
    assert found.people[0].verdict.words == "too few to say"


def test_practice_is_told_from_the_calendar_where_people_began_at_different_dates():
    rng = np.random.default_rng(4)
    who = np.repeat(np.arange(20), 200)
    days = (who * 12 + np.tile(np.arange(200), 20) * 0.8).astype(float)
    place = np.tile(np.arange(200), 20)
    right = rng.random(4000) < 0.6 + 0.15 * (place >= 100)
    times = pd.Series(START + pd.to_timedelta(days, unit="D"))
    compared = Compared.of(right, who, np.arange(4000), times, (np.zeros((4000, 0)),), at=times.median())
    apart = _skill(compared, 20).apart
    assert apart["practice"].low > 0.05
    assert apart["calendar"].low < 0 < apart["calendar"].high


def test_a_curve_stands_beside_the_points_where_there_is_one(calls):
    compared, _ = calls(n=6000, people=30, chance=lambda at: 0.25 * (1 - (1 + at["place"]) ** -0.5) - 0.2)
    like = compared.standardized(compared.cut)
    found = curve(like, compared.times, compared.manager, compared.case, seed=1)
    assert found.law["drop"] > 0
    assert len(found.line) == len(found.points) >= 4
    assert all(low <= at <= high for at, low, high in found.line)
    level = curve(calls()[0].right.astype(float), *(getattr(calls()[0], n) for n in ("times", "manager", "case")), seed=1)  # fmt: skip
    assert level.law is None
    assert "straight level" in level.words


def test_a_lesson_that_shows_in_others_is_an_association_unless_its_start_was_drawn(calls):
    starts = datetime(2025, 5, 1)
    compared, at = calls(n=6000, chance=lambda at: 0.3 * (at["row"] >= 2400) * (at["row"] % 4 == 0) - 0.15)
    taught = {
        "inside": at["row"] % 4 == 0,
        "since": datetime(2025, 1, 20),
        "starts_at": starts,
        "learner": "m1",
    }
    lessons = (Taught("l1", "When …", **taught), Taught("l2", "When …", randomized=True, **taught))
    shown = _skill(compared, lessons=lessons).transfer
    assert [one.verdict.words for one in shown] == ["improved", "improved"]
    assert "association" in shown[0].words
    assert "drawn by lot" in shown[1].words and "association" not in shown[1].words


def test_a_lesson_just_taught_and_none_at_all_say_why(calls):
    compared, at = calls()
    late = Taught("l1", "When …", at["hard"], None, datetime(2025, 12, 1))
    [one] = _skill(compared, lessons=(late,)).transfer
    assert "No cases so far" in one.words
    assert _skill(compared).as_dict()["transfer"] is None
    assert "taught" in _skill(compared).transfer_why


def test_nothing_to_compare_is_a_whole_answer():
    plain = json.loads(
        json.dumps(none("No unaided call has an outcome yet.", 0.05).as_dict(), allow_nan=False)
    )
    assert plain["value"] is None
    assert plain["verdict"] == "too few to say"
