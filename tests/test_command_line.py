"""The loop's verbs as an operator types them: JSON on stdout, sentences on stderr, exit codes 0, 1 and 2."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rhml.__main__ import main
from rhml.store.opening import open_store
from tests.loans import LOANS, loan_cases, right_action

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run one command on a log of its own; gives exit code, stdout and stderr."""
    monkeypatch.setenv("RHML_DB", f"duckdb:///{tmp_path / 'log.duckdb'}")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rhml", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return command


@pytest.fixture
def files(tmp_path):
    """A domain file with 300 cases, 240 decisions and 200 outcomes beside it."""
    cases = loan_cases(300)
    right = right_action(cases)
    (tmp_path / "loans.toml").write_text(LOANS, "utf-8")
    cases.to_csv(tmp_path / "cases.csv", index=False)
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right})
    outcomes[:200].to_parquet(tmp_path / "outcomes.parquet", index=False)
    decisions = outcomes.rename(columns={"right_action": "final_action"})[:240].assign(manager="m1")
    decisions.to_csv(tmp_path / "decisions.csv", index=False)
    return tmp_path


ONBOARD = (
    "onboard", "loans.toml", "--cases", "cases.csv", "--outcomes", "outcomes.parquet",
    "--decisions", "decisions.csv",
)  # fmt: skip


def test_the_loop_runs_from_files_to_report(run, files):
    code, out, _ = run(*ONBOARD, "--json")
    assert code == 0 and json.loads(out)["cases"] == {"new": 300, "known": 0, "corrected": 0}

    code, out, err = run("retrain", "loans", "--json")
    trained = json.loads(out)
    assert (code, trained["version"], trained["verdict"]) == (0, "v1", "first")
    assert "%" in err

    code, out, _ = run("promote", "loans", "v1", "--by", "lead", "--why", "the first one", "--json")
    assert code == 0 and json.loads(out)["recommended"] == 60

    code, out, _ = run("recommend", "loans", "--json")
    pending = json.loads(out)
    assert pending["count"] == 60
    first = pending["recommendations"][0]
    assert first["p_lend"] + first["p_decline"] == pytest.approx(1)
    assert first["confidence"] == pytest.approx(max(first["p_lend"], first["p_decline"]))

    code, out, _ = run("report", "loans", "--json")
    report = json.loads(out)
    assert code == 0 and report["decisions"] == 240 and report["resolved"] == 200
    assert report["team_all"]["n"] == 200 and report["rair"]["value"] is None and report["rair"]["why"]

    code, out, _ = run("watch", "loans", "--json")
    watched = json.loads(out)
    assert code == 0 and watched["version"] == "v1" and watched["population"]["next_look"] == 200
    assert run("watch", "loans")[1].startswith("Too early to look: 0 cases came since v1 learned")
    code, out, _ = run("route", "loans", "--json")
    assert code == 0 and json.loads(out)["segments"] == []
    code, _, err = run("route", "loans", "--where", "sector=moon")
    assert code == 1 and "is no segment of past decisions" in err


def test_recommending_for_a_file_writes_nothing_to_the_log(run, files):
    run(*ONBOARD)
    code, _, err = run("recommend", "loans", "--cases", "cases.csv")
    assert code == 1 and "no promoted model" in err
    run("retrain", "loans")
    run("promote", "loans", "v1", "--by", "lead", "--why", "first")
    loan_cases(25, start=900).to_csv("new.csv", index=False)
    before = json.loads(run("report", "loans", "--json")[1])
    code, _, _ = run("recommend", "loans", "--cases", "new.csv", "--out", "scored.parquet")
    scored = pd.read_parquet("scored.parquet")
    assert code == 0 and len(scored) == 25
    assert list(scored.columns)[:5] == ["case_id", "action", "confidence", "p_lend", "p_decline"]
    assert json.loads(run("report", "loans", "--json")[1]) == before
    assert json.loads(run("recommend", "loans", "--json")[1])["count"] == 60


def test_importing_twice_says_that_nothing_changed(run, files):
    run(*ONBOARD)
    code, out, _ = run(*ONBOARD)
    assert code == 0 and "Nothing changed" in out


def test_a_drafted_domain_imports_its_own_table(run, files):
    assert run("draft", "cases.csv", "--out", "drafted.toml")[0] == 0
    assert run("draft", "cases.csv", "--out", "drafted.toml")[0] == 1
    assert run("onboard", "drafted.toml", "--cases", "cases.csv")[0] == 0


def test_a_table_becomes_a_running_domain_by_a_template(run, files):
    draw = np.random.default_rng(3)
    miles = draw.normal(300, 90, 240).round()
    late = draw.random(240) < 1 / (1 + np.exp(-(miles - 300) / 60))
    ended = np.where(late, "Delayed", "On time")
    paid = np.where(late & (draw.random(240) < 0.9), "20 €", "0 €")
    table = pd.DataFrame(
        {"Parcel no": range(240), "miles": miles, "penalty paid": paid, "Delivery status": ended}
    )
    table.to_csv("parcels.csv", index=False)
    code, out, _ = run("draft", "parcels.csv", "--template", "logistics", "--out", "parcels.toml", "--json")
    assert code == 0 and any("penalty paid" in question for question in json.loads(out)["questions"])
    assert run("onboard", "parcels.toml", "--cases", "parcels.csv", "--hold", "20")[0] == 0
    assert run("retrain", "parcels")[0] == 0
    assert run("promote", "parcels", "v1", "--by", "lead", "--why", "the first")[0] == 0
    listed = json.loads(run("recommend", "parcels", "--json")[1])
    assert listed["count"] == 20
    code, _, err = run("draft", "parcels.csv", "--template", "banking")
    assert code == 1 and "cybersecurity" in err


def test_the_column_that_says_how_cases_ended_can_be_named(run, files):
    draw = np.random.default_rng(4)
    left = draw.random(120) < 0.4
    pd.DataFrame(
        {"who": [f"w{i}" for i in range(120)], "hours": draw.poisson(9, 120) + 4.5 * left,
         "Ausgeschieden": np.where(left, "ja", "nein"), "shift": draw.choice(["day", "night"], 120)}
    ).to_csv("staff.csv", index=False)  # fmt: skip
    code, out, _ = run("draft", "staff.csv")
    assert code == 0 and "[outcome]" not in out.replace("# [outcome]", "")
    assert "--outcome COLUMN" in run("draft", "staff.csv", "--out", "blank.toml")[1]
    code, out, _ = run("draft", "staff.csv", "--outcome", "Ausgeschieden", "--out", "staff.toml")
    assert code == 0 and "--outcome" not in out
    assert run("onboard", "staff.toml", "--cases", "staff.csv")[0] == 0
    assert run("retrain", "staff")[0] == 0
    for wrong in ("who", "hours ", "nothing"):
        code, _, err = run("draft", "staff.csv", "--outcome", wrong)
        assert code == 1 and "These can be" in err and "Ausgeschieden" in err


def test_bad_rows_are_listed_and_nothing_is_imported(run, files):
    bad = loan_cases(4).astype(object)
    bad.loc[1, "amount"] = "a lot"
    bad.loc[2, "insured"] = "perhaps"
    bad.to_csv("bad.csv", index=False)
    code, out, err = run("onboard", "loans.toml", "--cases", "bad.csv")
    assert code == 1 and out == "" and "a lot" in err and "perhaps" in err
    assert run("report", "loans")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "nowhere"), "no domain"),
        (("retrain", "loans"), "50"),
        (("promote", "loans", "v9", "--by", "lead", "--why", "x"), "no version"),
        (("resolve", "loans", "--outcomes", "missing.csv"), "missing.csv"),
        (("report", "loans", "--segment", "colour=red"), "segment"),
    ],
)
def test_a_refusal_is_a_sentence_on_stderr(run, files, arguments, said):
    run("onboard", "loans.toml", "--cases", "cases.csv")
    code, out, err = run(*arguments)
    assert (code, out) == (1, "") and said in err and "Traceback" not in err


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("report",), ("promote", "loans", "v1"), ("report", "loans", "--segment", "x"),
     ("report", "loans", "--since", "yesterday")],
)  # fmt: skip
def test_wrong_usage_exits_with_two(run, files, arguments):
    run("onboard", "loans.toml")
    assert run(*arguments)[0] == 2


def test_overrides_alone_teach_nothing(run, files):
    cases = pd.read_csv("cases.csv")
    right = right_action(cases)
    other = {"lend": "decline", "decline": "lend"}
    overrides = pd.DataFrame(
        {"case_id": cases["case_id"], "manager": "m1", "recommended_action": [other[a] for a in right],
         "final_action": right}
    )  # fmt: skip
    overrides.to_csv("overrides.csv", index=False)
    run("onboard", "loans.toml", "--cases", "cases.csv", "--outcomes", "outcomes.parquet",
        "--decisions", "overrides.csv")  # fmt: skip
    code, _, err = run("retrain", "loans")
    assert code == 1 and "override" in err.lower()


@pytest.mark.parametrize(
    ("out", "said"),
    [("no/such/r.csv", "no folder"), ("folder.csv", "is a folder"), ("r.txt", "neither"), ("x" * 300 + ".csv", "name too long")],
)  # fmt: skip
def test_a_place_that_cannot_be_written_is_refused(run, files, out, said):
    (files / "folder.csv").mkdir()
    run(*ONBOARD)
    run("retrain", "loans")
    run("promote", "loans", "v1", "--by", "lead", "--why", "first")
    code, printed, err = run("recommend", "loans", "--out", out)
    assert (code, printed) == (1, "") and said in err
    assert not list(files.glob(".*.part"))


def test_a_draft_for_a_folder_that_is_not_there_is_refused(run, files):
    code, _, err = run("draft", "cases.csv", "--out", "no/such.toml")
    assert code == 1 and "cannot be written" in err


def test_the_last_day_there_is_ends_a_report(run, files):
    run(*ONBOARD)
    assert run("report", "loans", "--until", "9999-12-31")[0] == 0


def test_a_seed_that_no_training_takes_is_wrong_usage(run, files):
    run("onboard", "loans.toml")
    assert run("retrain", "loans", "--seed", str(10**30))[0] == 2


def a_process(*arguments, cwd, stdout=subprocess.PIPE, **environment) -> subprocess.Popen:
    given = {**os.environ, "RHML_DB": "duckdb:///log.duckdb", "PYTHONPATH": str(ROOT), **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "rhml", *arguments],
        cwd=cwd, env=given, stdout=stdout, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_terminal_without_unicode_and_strict_warnings_change_nothing(files):
    cramped = {"PYTHONIOENCODING": "ascii", "PYTHONWARNINGS": "error", "LC_ALL": "C"}
    drafted = a_process("draft", "cases.csv", cwd=files, **cramped)
    out, err = drafted.communicate()
    assert (drafted.returncode, err) == (0, b"") and out.isascii()
    drafted = a_process("draft", "cases.csv", "--json", cwd=files, **cramped)
    assert "…" in json.loads(drafted.communicate()[0])["text"]


def test_a_reader_who_leaves_early_is_no_error(files):
    reader, writer = os.pipe()
    os.close(reader)
    drafted = a_process("draft", "cases.csv", cwd=files, stdout=writer)
    os.close(writer)
    assert drafted.communicate()[1] == b"" and drafted.returncode == 0


def test_a_second_command_names_the_first_ones_process(run, files, now):
    run("onboard", "loans.toml")
    store = open_store(f"duckdb:///{files / 'log.duckdb'}", now=now)
    try:
        second = a_process("report", "loans", "--json", cwd=files)
        out, err = second.communicate()
    finally:
        store.close()
    assert (second.returncode, out) == (1, b"")
    assert f"process {os.getpid()}" in err.decode() and "--db" in err.decode()


def test_proposals_are_looked_for_listed_and_answered_by_id(run, files):
    run(*ONBOARD)
    for asked in (("propose", "loans", "--json"), ("propose", "loans", "--list", "--json")):
        code, out, _ = run(*asked)
        assert code == 0 and json.loads(out) == {"proposals": []}
    code, out, err = run("propose", "loans", "--accept", "gone", "--by", "lead", "--why", "w")
    assert (code, out) == (1, "") and "no proposal 'gone'" in err
    assert run("propose", "loans", "--accept", "a", "--decline", "b")[0] == 2
    for nothing in (("propose", "loans", "--accept", ""), ("correct", "loans", "--apply", "")):
        code, out, err = run(*nothing, "--by", "lead", "--why", "w")
        assert (code, out) == (1, "") and "There is no" in err


def test_every_n_outcomes_a_version_trains_itself_and_none_is_promoted(run, files):
    (files / "loans.toml").write_text(LOANS + "[training]\nevery = 80\n", "utf-8")
    code, out, _ = run(*ONBOARD, "--json")
    [said] = json.loads(out)["followed"]
    assert code == 0 and said == "v1 was trained by itself after 200 outcomes: first"
    assert run("promote", "loans", "v1", "--by", "lead", "--why", "the first")[0] == 0
    more = loan_cases(300)
    more = pd.DataFrame({"case_id": more["case_id"], "right_action": right_action(more)})
    more[200:260].to_csv(files / "some.csv", index=False)
    more[260:].to_csv(files / "rest.csv", index=False)
    assert json.loads(run("resolve", "loans", "--outcomes", "some.csv", "--json")[1])["followed"] == []
    [said] = json.loads(run("resolve", "loans", "--outcomes", "rest.csv", "--json")[1])["followed"]
    assert said.startswith("v2 was trained by itself after 100 outcomes")
    assert "v1 is live itself" in run("judge", "loans", "v1")[2]


def test_a_version_is_judged_again_and_priced(run, files):
    run(*ONBOARD)
    run("retrain", "loans")
    run("promote", "loans", "v1", "--by", "lead", "--why", "the first")
    run("retrain", "loans", "--seed", "8")
    code, out, _ = run("judge", "loans", "v2", "--json")
    assert code == 0 and json.loads(out)["known"] and "nothing is new" in run("judge", "loans", "v2")[1]
    code, out, _ = run("price", "loans", "--json")
    found = json.loads(out)
    assert (
        code == 0 and found["version"] == "v2" and not found["prices"] and "at least 3 people" in found["why"]
    )
    assert found["why"] in run("price", "loans", "--version", "v1")[1]


def test_a_look_at_a_person_is_asked_for_logged_and_listed(run, files):
    run(*ONBOARD)
    code, _, err = run("look", "loans", "m1", "--by", "lead")
    assert code == 1 and "Say why" in err
    code, out, _ = run("look", "loans", "m1", "--by", "lead", "--why", "yearly talk", "--json")
    found = json.loads(out)
    assert code == 0 and found["person"] == "m1" and found["right"]["n"] > 100
    _, out, _ = run("looks", "loans", "--about", "m1", "--json")
    [kept] = json.loads(out)["looks"]
    assert (kept["by"], kept["what"], kept["why"]) == ("lead", "record", "yearly talk")
    assert json.loads(run("looks", "loans", "--about", "m2", "--json")[1])["looks"] == []


def test_drills_says_what_a_person_may_practise_and_refuses_a_stranger(run, files):
    assert run(*ONBOARD)[0] == 0
    code, out, _ = run("drills", "loans", "--person", "m1", "--json")
    found = json.loads(out)
    assert code == 0 and found["session"]["cases"] == 10 and found["open"] is None and found["due"] == []
    assert "10 cases, about 5 minutes" in run("drills", "loans", "--person", "m1")[1]
    code, out, err = run("drills", "loans", "--person", "nobody")
    assert (code, out) == (1, "") and "Nobody called 'nobody'" in err
    looks = json.loads(run("looks", "loans", "--about", "m1", "--json")[1])["looks"]
    assert [(k["by"], k["what"]) for k in looks] == [("command line", "practice")]


def test_the_team_is_learned_from_its_calls_and_names_nobody(run, files):
    run(*ONBOARD, "--json")
    code, out, _ = run("team", "loans", "--json")
    found = json.loads(out)
    assert code == 0 and (found["card"]["calls"], found["known"], found["rescored"]) == (240, False, 0)
    assert "m1" not in out
    assert json.loads(run("team", "loans", "--json")[1])["known"] is True


def test_a_team_of_too_few_calls_is_refused_in_a_sentence(run, files):
    run(*ONBOARD[:4], "--json")
    code, out, err = run("team", "loans")
    assert (code, out) == (1, "") and "50 are needed" in err
