import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from rhml.__main__ import app
from rhml.errors import RhmlError
from rhml.proof import plant, run
from rhml.proof.examination import examined
from rhml.proof.organization import organization
from rhml.proof.run import LINES, planned, prove
from rhml.proof.tally import Count, in_words, tally

SMALL = plant.LEARNING.sized(400)


@pytest.fixture
def quick(monkeypatch):
    """A plan of small organizations, so that a proof takes a moment."""
    monkeypatch.setattr(run, "PLAN", (replace(plant.STABLE, calls=60, assisted=30),))


def right_share(made, later):
    known = made.decisions.merge(made.outcomes, on="case_id")
    known = known[known["mode"] == "first_call"].sort_values("decided_at")
    half = known.iloc[len(known) // 2 :] if later else known.iloc[: len(known) // 2]
    return (half["first_action"] == half["right_action"]).mean()


def test_what_is_planted_is_what_the_calls_show():
    made = organization(plant.LEARNING.sized(20_000), 1)
    assert made.truth["all"] == pytest.approx(0.10, abs=0.01)
    assert right_share(made, later=True) - right_share(made, later=False) == pytest.approx(0.10, abs=0.015)
    assert right_share(made, later=False) == pytest.approx(plant.LEARNING.accuracy, abs=0.04)


def test_harder_cases_lower_accuracy_and_not_the_truth():
    made = organization(plant.HARDER.sized(20_000), 1)
    assert made.truth["all"] == 0
    assert right_share(made, later=True) < right_share(made, later=False) - 0.03


def test_one_segment_learns_alone():
    made = organization(plant.SEGMENT.sized(20_000), 1)
    assert made.truth["north"] == pytest.approx(0.10, abs=0.015)
    assert made.truth["south"] == made.truth["east"] == made.truth["west"] == 0
    north = replace(made, decisions=made.decisions[made.cases["region"] == "north"])
    shown = right_share(north, later=True) - right_share(north, later=False)
    assert shown == pytest.approx(made.truth["north"], abs=0.03)


def test_an_organization_is_the_same_for_its_seed_and_another_for_another():
    one, again, other = (organization(SMALL, seed).decisions for seed in (1, 1, 2))
    assert one.equals(again) and not one.equals(other)


def test_an_organization_goes_through_the_products_doors():
    line = examined(SMALL, 3)
    assert line["plant"] == "learning" and line["human"]["n"] > 700
    assert set(line["alarms"]) == {"deskilling", "automation bias"}
    json.dumps(line, allow_nan=False)


def test_a_proof_is_resumed_where_it_was_cut_off(tmp_path, quick):
    whole = prove(3, seed=5, out=tmp_path, workers=1)
    file = tmp_path / LINES
    first, second, third = file.read_text("utf-8").splitlines()
    file.write_text(f"{first}\n{second}\n{third[:40]}", "utf-8")
    told = []
    again = prove(3, seed=5, out=tmp_path, workers=1, progress=lambda share, words: told.append(words))
    assert again == whole and told == ["1 of 1 organizations"]


def test_a_damaged_line_in_the_middle_is_told(tmp_path, quick):
    (tmp_path / LINES).write_text("not a line\n{}\n", "utf-8")
    with pytest.raises(RhmlError, match="Line 1"):
        prove(1, seed=5, out=tmp_path, workers=1)


def test_the_command_prints_the_counts_and_keeps_what_is_done(tmp_path, quick):
    asked = [
        "prove",
        "--organizations",
        "1",
        "--seed",
        "5",
        "--out",
        str(tmp_path),
        "--workers",
        "1",
        "--json",
    ]
    done = CliRunner().invoke(app, asked)
    found = json.loads(done.stdout)
    assert (done.exit_code, found["organizations"], found["seed"]) == (0, 1, 5)
    assert {"what", "promise", "hits", "of", "share", "low", "high"} == set(found["counts"][0])
    assert len((tmp_path / LINES).read_text("utf-8").splitlines()) == 1


def test_other_seeds_are_other_organizations():
    assert {seed for _, seed in planned(30, 1)}.isdisjoint({seed for _, seed in planned(30, 2)})


def test_a_thousand_organizations_hold_every_kind():
    assert {one.name for one, _ in planned(1_000, 7)} == set(plant.PLANTS)


def line(name, *, human="no change shown", alarm="quiet", low=-0.05, high=0.05, truth=0.0, calls=1_000):
    side = {"verdict": "no change shown", "low": low, "high": high}
    return {
        "plant": name, "calls": calls, "seed": 1, "level": 0.95, "truth": {"all": truth}, "skill": {},
        "human": {**side, "verdict": human}, "model": side, "team": side,
        "alarms": {"deskilling": {"state": alarm}, "automation bias": {"state": "quiet"}},
    }  # fmt: skip


def counted(lines):
    return {one.what: (one.hits, one.of) for one in tally(lines)}


def test_a_missed_truth_a_false_verdict_and_a_false_alarm_are_counted():
    found = counted([
        line("stable"), line("stable", human="improved", low=0.01, high=0.1), line("stable", alarm="raised"),
        line("learning", truth=0.1, human="improved", low=0.02, high=0.2, calls=3_000),
        line("deskilling", truth=-0.06, alarm="raised", low=-0.1, high=-0.02), line("deskilling", truth=-0.06),
    ])  # fmt: skip
    assert found["coverage of people's change (95.0%)"] == (4, 6)
    assert found["people: false improved or fell"] == (1, 3)
    assert found["any alarm in a stable team"] == (1, 3)
    assert found["deskilling raised, 6 points lost"] == (1, 2)
    assert found["gain of 10 points found, 3,000 calls a half"] == (1, 1)


def test_a_count_tells_its_span_and_its_promise():
    low, high = Count("x", "at most 5 %", 5, 100).span()
    assert (low, high) == pytest.approx((0.0215, 0.1118), abs=0.0005)
    said = in_words([Count("x", "at most 5 %", 5, 100), Count("y", "printed", 0, 0)])
    assert "5.0% (2.2% to 11.2%; 5 of 100)  at most 5 %" in said and "none examined" in said


def test_noise_that_gives_an_accuracy_is_found():
    made = organization(replace(plant.STABLE, accuracy=0.6).sized(20_000), 4)
    assert right_share(made, later=False) == pytest.approx(0.6, abs=0.04)
    assert np.isfinite(made.decisions["recommended_confidence"]).all()


@pytest.mark.parametrize("seed", [1003, 1007])
def test_a_better_version_that_an_import_does_not_name_is_no_fall_of_the_team(seed):
    line = examined(plant.VERSION, seed)
    assert line["team"]["value"] < 0 < line["team"]["high"]
    assert not {line[who]["verdict"] for who in ("human", "model", "team")} & {"fell"}
