"""`verify`, `erase` and `retain` as an operator types them: a sentence, an exit code, JSON where it is asked for."""

import json

import duckdb
import pytest

from tests.test_command_line import ONBOARD
from tests.test_command_line import files as files
from tests.test_command_line import run as run


@pytest.fixture
def onboarded(run, files):
    assert run(*ONBOARD)[0] == 0
    return files / "log.duckdb"


def test_a_log_verifies_and_prints_its_heads(run, onboarded):
    code, out, _ = run("verify")
    assert code == 0 and "facts are as they were written." in out.splitlines()[0]
    head = next(line for line in out.splitlines() if line.startswith("Head of loans: ")).split()[3]
    told = json.loads(run("verify", "loans", "--head", head[:16], "--json")[1])
    assert told["sound"] and told["knows_head"] and told["chains"][0]["head"] == head
    assert run("verify", "--head", "0" * 64)[0] == 1


def test_a_changed_fact_ends_with_one_and_its_name(run, onboarded):
    with duckdb.connect(str(onboarded)) as stranger:
        stranger.execute(
            "UPDATE loans.outcomes SET right_action = 'decline' WHERE seq = (SELECT min(seq) FROM loans.outcomes)"
        )
        [(seq,)] = stranger.execute("SELECT min(seq) FROM loans.outcomes").fetchall()
    code, out, _ = run("verify")
    assert (
        code == 1
        and f"loans: outcomes {seq} (case a00000) was changed after it was sealed." in out.splitlines()[0]
    )
    told = json.loads(run("verify", "--json")[1])
    assert not told["sound"] and told["wrong"] == 1


def test_erasing_says_first_what_it_would_do_and_then_does_it(run, onboarded):
    code, _, refused = run("erase", "person", "m1")
    assert code == 1 and "Nothing is erased yet" in refused and "--yes" in refused
    code, out, _ = run("erase", "person", "m1", "--yes", "--why", "asked for it", "--json")
    told = json.loads(out)
    assert code == 0 and told["alias"].startswith("erased person") and told["facts"]["loans"] >= 240
    code, out, _ = run("verify")
    assert code == 0 and "because: asked for it" in out


def test_a_case_is_erased_by_domain_and_number(run, onboarded):
    assert b"a00007" in onboarded.read_bytes()
    code, out, _ = run("erase", "case", "loans", "a00007", "--yes", "--why", "asked for it")
    assert code == 0 and "redacted" in out
    assert b"a00007" not in onboarded.read_bytes()
    assert run("erase", "case", "loans")[0] == 2


def test_retention_says_what_is_due(run, onboarded):
    assert "keeps everything" in run("retain", "loans")[1]
    told = json.loads(run("retain", "loans", "--due", "--days", "1", "--json")[1])
    assert told["days"] == 1 and told["erased"] == 0
    assert run("retain", "loans", "--days", "1")[0] == 2
