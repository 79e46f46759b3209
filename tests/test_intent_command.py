"""`intent` as an operator types it: tried, stated, held against the log, withdrawn; refusals in a sentence."""

import json
import sys

import pytest

from rhml.__main__ import main
from tests.intended import build


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("intended") / "log.duckdb"
    build(path, waiting=60)
    return path


@pytest.fixture
def run(built, tmp_path, monkeypatch, capsys):
    copy = tmp_path / "log.duckdb"
    copy.write_bytes(built.read_bytes())
    monkeypatch.setenv("RHML_DB", f"duckdb:///{copy}")

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rhml", "intent", "loans", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_an_intent_is_tried_stated_kept_and_withdrawn(run):
    code, out, _ = run("--balance", "1", "--queue", "costs")
    assert code == 0 and "Tried, not in force: Fewer wrong “Lend” (2 : 1); costliest first." in out
    assert "No intent is in force" in run()[1]
    code, out, _ = run("--balance", "1", "--state", "--why", "cash is short", "--by", "lead", "--json")
    told = json.loads(out)
    assert code == 0 and told["in_force"]["intent"]["balance"] == 1.0 and told["promise"]["changed"] > 0
    [stated] = told["intents"]
    assert stated["kept"]["exact"] and stated["promise"] == told["promise"]
    assert {"what", "promised", "in_log", "exact"} == set(stated["kept"]["lines"][0])
    code, out, _ = run("--withdraw", "--why", "over", "--by", "lead")
    assert code == 0 and "No intent is in force any more" in out
    assert "The log shows exactly what was promised" in run()[1]


def test_a_segment_may_be_protected(run):
    code, out, _ = run("--protect", "sector=crafts", "--factor", "4", "--state", "--why", "fair", "--json")
    assert code == 0
    assert json.loads(out)["in_force"]["intent"]["protect"] == {
        "column": "sector", "value": "crafts", "factor": 4.0, "kind": "",
    }  # fmt: skip


def test_refusals_are_sentences_with_a_remedy(run):
    for arguments, said in (
        (("--balance", "9"), "at most 32 times"),
        (("--balance", "1", "--state"), "Say why"),
        (("--balance", "1", "--state", "--why", "x", "--by", "m1"), "only a lead"),
        (("--withdraw", "--why", "x"), "nothing to withdraw"),
        (("--protect", "sector=fishing", "--state", "--why", "x"), "There are: crafts, farming, retail"),
        (("--protect", "region=north"), "unequal treatment"),
    ):
        code, out, err = run(*arguments)
        assert code == 1 and out == "" and said in err, arguments
    assert run("--state", "--withdraw", "--why", "x")[0] == 2
    assert run("--weight", "lend=much")[0] == 2
