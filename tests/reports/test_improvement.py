"""A verdict is given for what changed, and for nothing else."""

import json

import numpy as np
import pandas as pd
import pytest

from rhml.reports import unaided
from rhml.reports.calls import Calls
from rhml.reports.improvement import improvement


def _words(found):
    return [getattr(found, who).verdict.words.split(" (")[0] for who in ("human", "model", "team")]


def test_who_improved_is_told_apart(year, domain):
    found = improvement(year(3000, gain=(0.15, 0.0, 0.0)), domain=domain(), seed=1)
    assert found.human.verdict.words == "improved"
    assert "improved" not in _words(found)[1:]
    assert found.human.later.value > found.human.earlier.value
    assert found.human.verdict.change.n == 3000


def test_what_fell_is_said_to_have_fallen(year, domain):
    unnamed = year(3000, gain=(-0.15, 0.1, -0.15), model_version="imported")
    assert _words(improvement(unnamed, domain=domain(), seed=1)) == [
        "fell",
        "improved",
        "fell",
    ]


def test_harder_cases_are_not_a_fall(year, domain):
    found = improvement(year(3000, harder=0.5), domain=domain(), seed=1)
    assert found.human.later.high < found.human.earlier.low
    assert "fell" not in _words(found)


def test_nothing_changing_is_no_change_once_there_is_enough(year, domain):
    assert _words(improvement(year(9000), domain=domain(), seed=1)) == ["no change shown"] * 3


def test_a_few_hundred_cases_ask_for_more(year, domain):
    found = improvement(year(200), domain=domain(), seed=1).human.verdict
    assert found.words == f"not enough data yet (about {found.more:,} more)"
    assert 2_000 < found.more < 8_000


def test_a_handful_is_too_few_to_say(year, domain):
    found = improvement(year(30), domain=domain(), seed=1)
    assert _words(found) == ["too few to say"] * 3
    assert found.human.verdict.change.value is None


def test_false_verdicts_are_rare_over_all_three_together(year, domain):
    false = sum(
        bool({"improved", "fell"} & set(_words(improvement(year(300, seed=s), domain=domain(), seed=1))))
        for s in range(100)
    )
    assert false <= 11


def test_only_calls_made_before_any_output_count_as_unaided(year, domain):
    mode = ["first_call", "evidence_only", "assisted", None] * 200
    found = improvement(year(800, mode=mode), domain=domain(), seed=1)
    assert found.human.verdict.change.n == 200
    taken = improvement(year(800, mode=mode, imported=True), domain=domain(), seed=1)
    assert taken.human.verdict.change.n == 400
    assert found.team.verdict.change.n == 800


def test_without_times_nothing_is_compared(year, domain):
    found = improvement(year(500).assign(decided_at=pd.NaT), domain=domain(), seed=1)
    assert found.human.verdict.change.value is None
    assert "no times" in found.human.verdict.change.why


def test_without_outcomes_it_cannot_be_known(year, domain):
    found = improvement(year(500), domain=domain(outcome=""), seed=1)
    assert _words(found) == ["cannot be known"] * 3


def test_decisions_of_one_moment_stay_on_one_side(year, domain):
    frame = year(600)
    frame["decided_at"] = pd.to_datetime(["2025-01-01"] * 150 + ["2025-01-02"] * 300 + ["2025-01-03"] * 150)
    found = improvement(frame, domain=domain(), seed=1)
    assert (found.team.earlier.n, found.team.later.n) in ((150, 450), (450, 150))


def test_all_on_one_day_is_too_few_to_say(year, domain):
    found = improvement(year(600).assign(decided_at=pd.Timestamp("2025-01-01")), domain=domain(), seed=1)
    assert _words(found) == ["too few to say"] * 3


def test_a_drift_across_versions_is_no_fall(year, domain):
    rng = np.random.default_rng(0)
    frame = year(4000)
    share = np.linspace(0.05, 0.95, 4000)
    hard = rng.random(4000) < share
    right = rng.random(4000) < np.where(hard, 0.5, 0.9)
    frame["first_action"] = np.where(right, frame["right_action"], frame["right_action"].map({"lend": "decline", "decline": "lend"}))  # fmt: skip
    frame["recommended_confidence"] = np.where(hard, 0.55, 0.9)
    frame["model_version"] = [f"v{i // 1000}" for i in range(4000)]
    found = improvement(frame, domain=domain(), seed=1)
    assert found.human.later.high < found.human.earlier.low
    assert found.human.verdict.words != "fell"
    scores = pd.DataFrame({"case_id": frame["case_id"], "p_lend": np.where(hard, 0.55, 0.9)})
    scores["p_decline"] = 1 - scores["p_lend"]
    reference = improvement(frame, domain=domain(), seed=1, model_scores=scores)
    assert reference.human.verdict.words != "fell"
    change, without = reference.human.verdict.change, found.human.verdict.change
    assert change.high - change.low < without.high - without.low


def test_one_version_throughout_is_said(year, domain):
    found = improvement(year(400), domain=domain(), seed=1)
    assert found.model.versions == ("v1",)
    assert "One version" in found.model.note


def test_the_course_over_time_and_the_numbers_go_into_json(year, domain):
    found = improvement(year(2000), domain=domain(), seed=1)
    assert [point["period"] for point in found.series][:2] == ["2025-01", "2025-02"]
    assert sum(point["team"].n for point in found.series) == 2000
    plain = json.loads(json.dumps(found.as_dict(), allow_nan=False))
    assert plain["human"]["verdict"] == found.human.verdict.words
    assert plain["model"]["earlier"]["n"] + plain["model"]["later"]["n"] == 2000
    assert plain["cut"].startswith("2025-0")
    assert any("confidence" in words for words in plain["adjusted_for"])


@pytest.mark.parametrize(("days", "first"), [(30, "2024-12-30/2025-01-05"), (900, "2025Q1")])
def test_the_points_follow_the_span(year, domain, days, first):
    frame = year(500)
    frame["decided_at"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(500) * days / 500, unit="D")
    assert improvement(frame, domain=domain(), seed=1).series[0]["period"] == first


def test_one_named_version_neither_improves_nor_falls_whatever_its_cases_do(year, domain):
    for gain in (0.2, -0.2):
        found = improvement(year(3000, gain=(0, gain, 0)), domain=domain(), seed=1).model
        assert found.verdict.words == "no change shown"
        assert abs(found.change.value) > 0.1 and "it is the same" in found.note
    assert improvement(year(30), domain=domain(), seed=1).model.verdict.words == "too few to say"


def test_named_versions_are_compared_with_each_other_and_not_by_the_calendar(year, domain):
    versions = np.where(np.arange(4000) < 3000, "v1", "v2")
    frame = year(4000, model_version=versions)
    better = (np.arange(4000) >= 3000) & (np.random.default_rng(3).random(4000) < 0.5)
    frame["recommended_action"] = frame["recommended_action"].where(~better, frame["right_action"])
    found = improvement(frame, domain=domain(), seed=1).model
    assert (found.verdict.words, found.cut, found.versions) == ("improved", "versions", ("v1", "v2"))
    assert found.note == "v2 compared with v1."
    assert (found.earlier.n, found.later.n) == (3000, 1000)


def test_versions_are_parted_where_the_smaller_side_is_largest(year, domain):
    frame = year(1000, model_version=np.repeat(["v3", "v1", "v2"], [300, 300, 400]))
    assert improvement(frame, domain=domain(), seed=1).model.note == "v2 compared with v3, v1."


def reference(frame, held):
    """How likely a reference holds what proved right, as the loop brings it."""
    lend = np.where(frame["right_action"] == "lend", held, 1 - held)
    return pd.DataFrame({"case_id": frame["case_id"], "p_lend": lend, "p_decline": 1 - lend, "people": 0.0,
                         "fact_0": held})  # fmt: skip


def test_harder_cases_that_look_as_sure_as_before_are_no_fall_of_model_or_team(year, domain):
    rng = np.random.default_rng(5)
    frame = year(4000, model_version="imported")
    held = np.where(np.arange(4000) >= 2000, rng.uniform(0.4, 0.8, 4000), rng.uniform(0.5, 0.9, 4000))
    other = frame["right_action"].map({"lend": "decline", "decline": "lend"})
    for call in ("first_action", "recommended_action", "final_action"):
        frame[call] = frame["right_action"].where(rng.random(4000) < held, other)
    frame["recommended_confidence"] = rng.uniform(0.6, 0.9, 4000)
    without = improvement(frame, domain=domain(), seed=1)
    assert _words(without)[1:] == ["fell", "fell"]
    found = improvement(frame, domain=domain(), seed=1, difficulty=reference(frame, held))
    assert not {"improved", "fell"} & set(_words(found))


def test_a_better_version_that_nobody_named_is_found_once_cases_are_held_alike_by_a_reference(year, domain):
    frame = year(4000, gain=(0.0, 0.1, 0.0), model_version="imported")
    frame["recommended_confidence"] = np.where(np.arange(4000) >= 2000, 0.9, 0.6)
    found = improvement(frame, domain=domain(), seed=1, difficulty=reference(frame, np.full(4000, 0.7)))
    assert _words(found)[1] == "improved"


def test_the_more_often_outcomes_arrived_the_more_a_word_asks_for(year, domain):
    frame = year(3000, gain=(0.05, 0.0, 0.0), seed=2)
    at_once = improvement(frame, domain=domain(), seed=1)
    batches = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(3000) // 60, unit="D")
    often = improvement(frame.assign(arrived_at=batches), domain=domain(), seed=1)
    assert at_once.human.change == often.human.change
    assert (at_once.human.looks.number, often.human.looks.number) == (1, 50)
    assert often.human.level > at_once.human.level > 1 - 0.05 / 3
    assert (at_once.human.verdict.words, often.human.verdict.words[:8]) == ("improved", "not enou")
    told = often.as_dict()
    assert told["looks"]["number"] == 50 and 0.03 < told["looks"]["spent"] < told["looks"]["of"]
    assert told["human"]["verdict_rests_on"]["look"] == 50 and "look" in told["looks"]["schedule"]


def test_of_very_many_calls_whole_cases_are_drawn_and_stay_drawn(year, domain):
    frame = year(3000, case_id=[f"c{i // 2}" for i in range(3000)])
    some = unaided.by_lot(Calls.of(frame, domain()), np.arange(3000), 1000)
    assert 900 < len(some) <= 1000 and (np.bincount(some // 2)[some // 2] == 2).all()
    more = unaided.by_lot(Calls.of(frame, domain()), np.arange(2000), 1000)
    assert set(some[some < 2000]) <= set(more)
