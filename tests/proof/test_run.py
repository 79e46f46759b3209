import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rhml.__main__ import app
from rhml.errors import RhmlError
from rhml.proof import plan, plant, run
from rhml.proof.plan import PLAN, planned
from rhml.proof.run import LINES, prove


@pytest.fixture
def quick(monkeypatch):
    """A plan of small organizations, so that a proof takes a moment."""
    monkeypatch.setattr(plan, "PLAN", (replace(plant.STABLE, calls=60, assisted=30),))


def test_a_proof_is_resumed_where_it_was_cut_off(tmp_path, quick):
    whole = prove(3, seed=5, out=tmp_path, workers=1)
    file = tmp_path / LINES
    first, second, third = file.read_text("utf-8").splitlines()
    file.write_text(f"{first}\n{second}\n{third[:40]}", "utf-8")
    told = []
    again = prove(3, seed=5, out=tmp_path, workers=1, progress=lambda share, words: told.append(words))
    assert again == whole and told == ["1 of 1 organizations"]


def test_a_line_that_only_lost_its_end_is_not_glued_to_the_next(tmp_path, quick):
    prove(1, seed=5, out=tmp_path, workers=1)
    file = tmp_path / LINES
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    two = prove(2, seed=5, out=tmp_path, workers=1)
    assert prove(2, seed=5, out=tmp_path, workers=1) == two and len(file.read_bytes().splitlines()) == 2


def test_more_organizations_go_on_from_those_that_are_done(tmp_path, quick):
    two = prove(2, seed=5, out=tmp_path, workers=1)
    assert prove(3, seed=5, out=tmp_path, workers=1)[:2] == two


@pytest.mark.parametrize(
    "damage",
    [b"not a line", b"5", b"null", b'{"plant": []}', b'{"plant": [], "calls": 1, "seed": 1}', b"\xff"],
)
def test_a_damaged_line_in_the_middle_is_told(tmp_path, quick, damage):
    (tmp_path / LINES).write_bytes(damage + b"\n{}\n")
    with pytest.raises(RhmlError, match="Line 1"):
        prove(1, seed=5, out=tmp_path, workers=1)


def test_lines_of_another_edition_of_the_product_are_not_mixed_in(tmp_path, quick, monkeypatch):
    prove(1, seed=5, out=tmp_path, workers=1)
    monkeypatch.setattr(run, "edition", lambda: "another")
    with pytest.raises(RhmlError, match="another edition"):
        prove(1, seed=5, out=tmp_path, workers=1)


def test_a_stopped_proof_says_what_is_kept_and_how_to_go_on(tmp_path, quick, monkeypatch):
    done = iter([run.examined(*one) for one in planned(1, 5)])

    def until_ctrl_c(*_):
        try:
            return next(done)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(run, "examined", until_ctrl_c)
    with pytest.raises(RhmlError, match=r"1 of 3 organizations are in .*goes on from there"):
        prove(3, seed=5, out=tmp_path, workers=1)
    assert len((tmp_path / LINES).read_text("utf-8").splitlines()) == 1


def test_ctrl_c_ends_the_workers_too(tmp_path):
    """In a process group of its own, as a terminal has it: Ctrl-C reaches the workers as well."""
    command = [
        sys.executable,
        "-m",
        "rhml",
        "prove",
        "--organizations",
        "40",
        "--workers",
        "2",
        "--out",
        str(tmp_path),
    ]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (tmp_path / LINES).exists() and running.poll() is None:
        time.sleep(0.1)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 1 and "the same command goes on from there" in said
    assert "Traceback" not in said


def test_other_seeds_are_other_organizations():
    assert {seed for _, seed in planned(60, 1)}.isdisjoint({seed for _, seed in planned(60, 2)})


def test_a_small_proof_has_seen_every_subject_and_a_large_one_every_kind():
    assert {one.subject for one, _ in planned(20, 7)} == {one.subject for one in PLAN}
    assert {one.name for one, _ in planned(1_000, 7)} == {one.name for one in PLAN}


def test_a_small_proof_reads_few_reports_and_a_large_one_holds_every_kind_in_proportion():
    assert sum(one.looks for one, _ in planned(14, 7)) < 30
    held = Counter(one for one, _ in planned(1_000, 7))
    for one, turns in Counter(PLAN).items():
        assert held[one] / 1_000 == pytest.approx(turns / len(PLAN), abs=turns / 1_000), one.name


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
    assert {"section", "what", "promise", "hits", "of", "share", "low", "high", "kept", "error"} == set(
        found["counts"][0]
    )
    assert found["said"].startswith("1 organization: ")
    assert len(Path(tmp_path / LINES).read_text("utf-8").splitlines()) == 1
