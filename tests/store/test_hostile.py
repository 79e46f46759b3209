"""More than 200 hostile texts at the analysts' box: refused or harmless; nothing is made, read or told; the app stays."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import QuestionRefused
from rhml.loop import privacy, teams
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from rhml.store.questions import boxes, question
from rhml.store.questions.question import VIEWS, answer
from rhml.store.questions.statement import read_statement
from rhml.store.reading import making, shelf
from tests.loans import LOANS, NOW, csv, loan_cases, right_action
from tests.store import hostile, hostile_turns

SECRET = "a-secret-that-lies-in-a-file"
PEOPLE = ("Zora Quill", "Ivo Brandt", "Mina Okello")
WRITTEN = "as agreed with the branch"


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    yield from build(tmp_path_factory.mktemp("hostile"))


def build(folder: Path):
    """A log with 150 decisions of three people, a file with a secret, and an analyst's veil; closed afterwards."""
    log = open_store(f"duckdb:///{folder / 'log.duckdb'}", now=NOW, secret="0123456789abcdef" * 4)
    domain, cases = parse_domain("loans", LOANS), loan_cases(200)
    right = right_action(cases)
    decisions = pd.DataFrame({"case_id": cases["case_id"][:150], "manager": [PEOPLE[i % 3] for i in range(150)],
                              "recommended_action": "lend", "final_action": right[:150], "reason": "Other",
                              "rationale": WRITTEN, "decided_at": cases["due_at"][:150]})  # fmt: skip
    outcomes = pd.DataFrame({"case_id": cases["case_id"][:150], "right_action": right[:150]})
    onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="lead", at=NOW
    )
    teams.set_role(log, "lead", "lead", by="lead", at=NOW)
    (folder / "secret.csv").write_text(f"a,b\n1,{SECRET}\n", "utf-8")
    question.keep_ready(log, domain)  # as the page has it: boxes are cast where processes can be forked
    yield log, domain, privacy.veil(log, domain, reader="an", role="analyst"), folder
    boxes.end()
    log.close()


def filled(text: str, folder: Path) -> str:
    """A text with its places filled in."""
    return text.replace("{{", "{").replace("}}", "}").replace("{file}", str(folder / "secret.csv")).replace(
        "{new}", str(folder / "new.bin")).replace("{name}", PEOPLE[0]).replace("{host}", "127.0.0.1:9")  # fmt: skip


def tried(held, text: str) -> str:
    """What comes of a text: the answer's cells, or the refusal, as one string that tells nothing it must not."""
    log, domain, veil, folder = held
    before = (sorted(folder.iterdir()), log.read("SELECT n FROM loans.counter"))
    try:
        found = answer(log, domain, filled(text, folder), veil=veil).table
        told = " ".join([*map(str, found), *map(str, found.to_numpy(dtype=object).ravel())])
    except QuestionRefused as refused:
        told = str(refused)
        assert len(told) < 500
    asked = filled(text, folder)
    for word in (SECRET, *PEOPLE, log.secret.decode(), str(folder), "LD_LIBRARY_PATH"):
        assert word not in told.replace(asked, "") or word in asked, (text, told[:300])
    assert (sorted(folder.iterdir()), log.read("SELECT n FROM loans.counter")) == before
    return told


def test_there_are_more_than_two_hundred():
    assert hostile.COUNT > 200
    whole = [*chain(*hostile.REFUSED_BY_READING.values()), *hostile.NAMES, *hostile.BOMBS]
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize("family", hostile.REFUSED_BY_READING)
def test_what_reads_writes_sets_or_tells_is_refused_or_says_nothing(held, family, monkeypatch):
    monkeypatch.setenv("A_SECRET", SECRET)
    log, domain, _, folder = held
    passed = []
    for text in hostile.REFUSED_BY_READING[family]:
        try:
            read_statement(filled(text, folder), VIEWS)
            passed.append(text)
        except QuestionRefused as refused:
            assert len(str(refused)) < 500
    assert len(passed) <= (12 if family == "depth" else 6), passed
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda text: tried(held, text), passed[:3]))
    assert answer(log, domain, "SELECT count(*) AS n FROM decided").table["n"].tolist() == [150]


@pytest.mark.parametrize("of_copy", [False, True], ids=["small log", "large log"])
def test_no_text_gets_at_a_name_under_the_veil(held, of_copy):
    log, domain, _, _ = held
    texts = hostile.NAMES[: 2 if of_copy else None : 1 if of_copy else 2] + hostile.NAMES[1::4] * of_copy
    if of_copy:  # a large log is asked through a copy that the box opens as a file
        making.make(log, domain, at=NOW)
    with ThreadPoolExecutor(2) as pool:
        told = dict(zip(texts, pool.map(lambda text: tried(held, text), texts), strict=True))
    nothing = " ".join(answer(log, domain, "SELECT * FROM decided LIMIT 0").table)
    for text in texts:
        if "LIKE '{name}%'" in text:
            assert told[text].split()[-1] == "0"
        elif "'{name}'" in text:
            assert told[text] == nothing
    assert told[texts[0]].count("person ") == 3
    shelf.drop(log, domain)


@pytest.mark.parametrize("text", hostile.QUICK_BOMBS)
def test_a_bomb_ends_in_a_sentence_and_the_next_question_is_answered(held, monkeypatch, text):
    monkeypatch.setattr("rhml.store.questions.question.SECONDS", 0.5)
    log, domain, _, _ = held
    grown = _resident()
    assert "longer than" in (told := tried(held, text)) or "memory" in told
    assert _resident() - grown < 200 * 2**20
    monkeypatch.setattr("rhml.store.questions.question.SECONDS", 5.0)
    assert answer(log, domain, "SELECT count(*) AS n FROM decided").table["n"].tolist() == [150]


def test_texts_on_which_the_parser_hangs_cost_seconds_and_no_more(held):
    begun = time.process_time()
    for text in hostile.PARSER_BOMBS[:2]:
        with pytest.raises(QuestionRefused, match=r"deeply|SQL"):
            read_statement(text, VIEWS)
    assert time.process_time() - begun < 2  # what it cost the app itself: the rest was another process's
    assert read_statement("SELECT 1", VIEWS).text == "SELECT 1"


def _resident() -> int:
    """Memory that this process holds."""
    held = Path("/proc/self/statm")
    return int(held.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") if held.exists() else 0


def test_unusual_turns_of_the_language_lead_nowhere(held, monkeypatch):
    monkeypatch.setenv("A_SECRET", SECRET)
    log, domain, _, folder = held
    passed = []
    for text in hostile_turns.LEADS_OUT:
        try:
            read_statement(filled(text, folder), VIEWS)
            passed.append(text)
        except QuestionRefused as refused:
            assert len(str(refused)) < 500
    assert len(hostile_turns.LEADS_OUT) > 150 and len(passed) <= 20, passed
    for text in passed[::2]:
        assert tried(held, text).startswith("DuckDB says: ")
    assert answer(log, domain, "SELECT count(*) AS n FROM decided").table["n"].tolist() == [150]


@pytest.mark.parametrize("text", hostile_turns.QUICK)
def test_a_bomb_in_an_odd_place_ends_in_a_sentence(held, monkeypatch, text):
    monkeypatch.setattr("rhml.store.questions.question.SECONDS", 0.3)
    log, domain, _, _ = held
    assert "longer than" in (told := tried(held, text)) or "memory" in told
    monkeypatch.setattr("rhml.store.questions.question.SECONDS", 5.0)
    assert answer(log, domain, "SELECT count(*) AS n FROM decided").table["n"].tolist() == [150]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT list(decided_at) AS x FROM (FROM decided LIMIT 1)", "['20"),
        ("SELECT [TIMESTAMPTZ '2020-01-01 00:00:00+00'] AS x", "['2020-01-01"),
        ("SELECT [1.5, 2.25] AS x", "[1.50, 2.25]"),
        ("SELECT [2::HUGEINT] AS x", "[2]"),
    ],
)
def test_a_list_of_any_kind_leaves_the_box_as_text(held, sql, said):
    log, domain, _, _ = held
    assert answer(log, domain, sql).table["x"][0].startswith(said)
