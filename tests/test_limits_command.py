"""`limits` as an operator types it: every rate, what was done about one, and refusals in a sentence."""

import json
import sys

import pytest

from rhml.__main__ import main
from rhml.store.opening import open_store
from tests.ui.log_of_loans import NOW, fill


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    url = f"duckdb:///{tmp_path / 'log.duckdb'}"
    store = open_store(url, now=NOW)
    fill(store)
    store.close()
    monkeypatch.setenv("RHML_DB", url)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rhml", "limits", "loans", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_rates_are_told_and_what_was_done_stays_beside_them(run):
    code, out, _ = run("--about", "sector=retail", "--what", "talked", "--why", "a new trade")
    assert code == 0 and "sector=retail:" in out and "Talked about by command line" in out
    code, out, _ = run("--json")
    told = json.loads(out)
    assert code == 0 and [note["why"] for note in told["notes"]] == ["a new trade"]
    row = next(row for row in told["rows"] if row["by"] == "all")
    assert row["standing"] == "above: act" and row["rate"]["low"] < row["rate"]["value"] < row["rate"]["high"]


def test_what_cannot_be_recorded_is_refused_in_a_sentence(run):
    assert run("--about", "sector=moon", "--why", "x") == (
        1, "", "No rate is told of 'sector=moon'. `python -m rhml limits loans` lists them all.\n",
    )  # fmt: skip
    assert "only a lead" in run("--about", "sector=retail", "--why", "x", "--by", "analyst")[2]
    assert "Say what came of it" in run("--about", "sector=retail")[2]


def test_an_analyst_reads_names_that_stand_for_people(run):
    code, out, _ = run("--by", "analyst")
    assert code == 0 and "manager=person " in out and "m1" not in out
    assert "manager=" not in run("--by", "m1")[1]
