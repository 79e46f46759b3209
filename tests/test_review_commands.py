"""What waits for a second person, and which decisions are in force, as an operator asks for them."""

import json
import sys

import pandas as pd
import pytest

from rhml.__main__ import main
from rhml.core.domain import parse_domain
from rhml.loop.decide import Choice, decide
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases

RULES = '[governance]\nsecond_signature_above = 0\nsignature_for = ["lend"]\nsecond_opinion = 1.0\n'


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A log with one decision that awaits a signature and one in force; runs one command on it."""
    url = f"duckdb:///{tmp_path / 'log.duckdb'}"
    store, domain = open_store(url, now=NOW, secret="fixed"), parse_domain("loans", LOANS + RULES)
    cases = loan_cases(3)
    cases["case_id"] = ["a0", "a1", "a2"]
    onboard(store, domain, cases=csv(cases), by="lead", at=NOW)
    decide(store, domain, Choice("a0", "lend"), manager="m1", at=NOW)
    decide(store, domain, Choice("a1", "decline"), manager="m1", at=NOW)
    store.close()
    monkeypatch.setenv("RHML_DB", url)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rhml", *arguments])
        try:
            main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return command


def test_review_lists_what_waits_and_tells_no_decision(run):
    code, out, _ = run("review", "loans", "--json")
    found = json.loads(out)
    assert code == 0
    assert [one["case_id"] for one in found["signatures"]] == ["a0"]
    assert sorted(one["case_id"] for one in found["opinions"]) == ["a0", "a1"]
    assert found["conflicts"] == [] and "lend" not in out and "decline" not in out
    assert "to sign   a0  by m1, above 0" in run("review", "loans")[1]


def test_effective_tells_what_may_be_carried_out(run, tmp_path):
    found = json.loads(run("effective", "loans", "--json")[1])
    assert found["states"] == {"effective": 1, "awaiting signature": 1, "in conflict": 0}
    by_case = {row["case_id"]: (row["effective_action"], row["state"]) for row in found["decisions"]}
    assert by_case == {"a1": ("decline", "effective"), "a0": (None, "awaiting signature")}
    code, out, _ = run("effective", "loans", "--out", str(tmp_path / "e.csv"), "--state", "effective")
    assert (code, list(pd.read_csv(tmp_path / "e.csv")["case_id"])) == (0, ["a1"])
    assert "Wrote 1 rows" in out


def test_an_unknown_state_or_domain_is_refused(run):
    assert run("effective", "loans", "--state", "done")[0] == 2
    code, _, err = run("review", "nowhere")
    assert code == 1 and "Known domains: loans" in err
