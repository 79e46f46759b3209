"""Each examiner on one small organization, through the product's own doors."""

import json
from dataclasses import replace

import pytest

from rhml.proof import plant
from rhml.proof.examination import SUBJECTS, examined
from rhml.proof.plan import PLAN

SMALL = {
    "people": plant.LEARNING.sized(300),
    "looks": plant.STABLE.looked_at(3, calls=60, assisted=40),
    "segments": replace(plant.SPOTTED, calls=1_000, assisted=100, gap=0.4, share=0.12),
    "lessons": replace(plant.BLIND, calls=600, gap=0.4),
    "growth": replace(plant.GROWN, calls=60, assisted=20),
    "ledger": replace(plant.TAUGHT, calls=1_500, gap=0.4),
    "teaching": replace(plant.CALLED, calls=200, tips=0.95),
    "treatment": plant.EQUAL.sized(200),
    "selective": plant.UNSEEN.sized(100),
}


@pytest.fixture(scope="module")
def lines():
    return {subject: examined(planted, 3) for subject, planted in SMALL.items()}


def kinds(line, part):
    return {one[0] for one in line[part]}


def test_every_subject_is_examined_in_plain_values_that_json_takes(lines):
    assert set(SMALL) == set(SUBJECTS) == {one.subject for one in PLAN}
    for subject, line in lines.items():
        assert json.loads(json.dumps(line, allow_nan=False)) == line
        assert line["subject"] == subject and {"intervals", "claims", "searches", "powers"} <= set(line)


def test_people_are_examined_with_every_interval_of_the_report(lines):
    line = lines["people"]
    assert {"change of people", "change of model", "change of team", "change of people in a segment", "RAIR", "RSR", "T − H",
            "T − M", "error correlation φ", "weight of advice", "overrides' worth in the domain's unit",
            "share right in a segment", "cost a case"} <= kinds(line, "intervals")  # fmt: skip
    assert {"people", "model", "team", "people in a segment", "alarm: deskilling"} <= kinds(line, "claims")
    assert line["human"]["value"] == pytest.approx(line["truth"]["human"], abs=0.12)


def test_each_look_is_handed_over_while_the_log_grows():
    seen, told = [], []
    line = examined(SMALL["looks"], 5, lambda share, words: told.append(share), watch=seen.append)
    assert seen == line["course"] and [one["look"] for one in seen] == [1, 2, 3]
    assert [one["decided"] for one in seen] == sorted(one["decided"] for one in seen)
    assert seen[0]["resolved"] < seen[0]["decided"] and told[-1] == 1.0


def test_found_segments_and_lessons_are_counted_against_the_spots(lines):
    for subject in ("segments", "lessons"):
        planted = sum(one[2] for one in lines[subject]["searches"])
        hit = sum(one[3] for one in lines[subject]["searches"])
        assert 0 < hit <= planted == SMALL[subject].spots


def test_growth_is_held_against_frozen_versions_on_fresh_cases(lines):
    line = lines["growth"]
    assert {"growth: people's part", "growth: model's part", "growth: total", "growth: interaction"} <= kinds(
        line, "intervals"
    )
    true = line["truth"]
    assert true["people"] + true["model"] == pytest.approx(true["total"]) and true["people"] > 0.03
    assert "a version's auc on the bank" in kinds(line, "intervals")


def test_a_lesson_is_taught_and_its_line_held_against_what_it_brought(lines):
    assert lines["ledger"]["taught"] >= 1
    assert {one[1] for one in lines["ledger"]["intervals"]} == {plant.TAUGHT.taught}


def test_what_calls_taught_a_version_is_held_against_the_same_models_on_fresh_cases(lines):
    line = lines["teaching"]
    stated = {truth for _, truth, *_ in line["intervals"]}
    assert {round(gain, 6) for gain in line["truth"].values()} == stated
    assert all(abs(gain) < 0.2 for gain in stated)


def test_where_outcomes_depend_on_the_decision_nothing_may_be_stated(lines):
    line = lines["selective"]
    assert line["stated"] == [] and line["human"]["verdict"] == "cannot be known"
    assert not any(false for _, _, false, _ in line["claims"])


def test_the_same_organization_gives_the_same_line():
    assert examined(plant.STABLE.sized(80), 9) == examined(plant.STABLE.sized(80), 9)


def test_an_audience_plants_who_learns():
    both = plant.chosen("both", points=5, cases="harder", calls=200)
    assert (both.change, both.better, both.subject) == (0.05, True, "people") and both.drift < 1
    nobody = plant.chosen("nobody", calls=200, looks=4)
    assert (nobody.change, nobody.better, nobody.subject, nobody.looks) == (0, False, "looks", 4)
