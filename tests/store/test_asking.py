"""A question on its way: begun without waiting, cancelled at once, and a box that reaches nothing whatever it is told."""

import json
import time

import pytest

from rhml.errors import QuestionRefused
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.store.questions import boxes, question
from rhml.store.reading import making, shelf
from tests.ui.log_of_loans import NOW, WITH_OUTCOMES, fill

LONG = "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))"


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('asking') / 'log.duckdb'}", now=NOW)
    fill(store, WITH_OUTCOMES)
    domain = organization.domain(store, "loans")
    yield store, domain, making.make(store, domain, at=NOW)
    store.close()


def told(sql: str, copy: str | None = None, **asked) -> dict:
    """What a box says to a text that nobody has read before."""
    instructions = {
        "sql": sql,
        "tables": [],
        "views": {},
        "copy": copy,
        "rows": 10,
        "seconds": 5,
        "megabytes": 256,
    }
    box = boxes.take()
    with box:
        written, _ = box.communicate(json.dumps({**instructions, **asked}).encode() + b"\n")
    return json.loads(written.splitlines()[0])


def test_a_question_is_begun_without_waiting_for_it(held):
    store, domain, _ = held
    asking = question.begin(store, domain, "SELECT count(*) AS n FROM decided")
    assert asking.result().table["n"].tolist() == [360]
    assert asking.done
    asking.cancel()
    assert asking.result().as_of == NOW


def test_what_cannot_be_asked_is_refused_before_it_begins(held):
    store, domain, _ = held
    with pytest.raises(QuestionRefused, match="exactly one SELECT"):
        question.begin(store, domain, "DROP TABLE decided")


def test_a_cancelled_question_ends_and_the_next_one_is_answered(held, monkeypatch):
    monkeypatch.setattr(question, "SECONDS", 60.0)
    store, domain, _ = held
    asked = [question.begin(store, domain, LONG) for _ in range(4)]  # two run, two wait for a place
    time.sleep(0.2)
    for asking in asked:
        assert not asking.done
        asking.cancel()
    for asking in asked:
        with pytest.raises(QuestionRefused, match="cancelled"):
            asking.result()
    assert len(question.answer(store, domain, "SELECT 1 AS one").table) == 1


def test_a_box_waits_ready_and_ends_with_its_pool():
    boxes.keep_ready(1)
    for _ in range(200):
        if boxes._ready:
            break
        time.sleep(0.05)
    waiting = boxes._ready[0]
    assert waiting.poll() is None
    assert boxes.take() is waiting
    waiting.kill()
    waiting.communicate()
    boxes.end()
    assert not boxes._ready


def test_a_copy_that_is_gone_is_asked_for_again(held, monkeypatch):
    store, domain, copy = held
    away = copy.path.with_suffix(".away")
    copy.path.rename(away)
    with pytest.raises(QuestionRefused, match="Ask again"):
        question.answer(store, domain, "SELECT count(*) FROM decided")
    assert told("SELECT 1", str(copy.path)) == {"refused": "gone"}
    away.rename(copy.path)
    assert len(question.answer(store, domain, "SELECT 1 FROM decided").table) == 360


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM '/etc/passwd'",
        "ATTACH '/tmp/other.duckdb'",
        "SET enable_external_access = true",
        "SET temp_directory = '/tmp'",
        "INSERT INTO the_copy.people VALUES (9, 'x', 1)",
        "SELECT * FROM sniff_csv('/etc/passwd')",
    ],
)
def test_a_box_reaches_no_file_even_if_the_text_was_not_read(held, sql):
    _, _, copy = held
    assert told(sql, str(copy.path))["refused"]


def test_words_of_a_refusal_do_not_tell_where_the_copy_lies(held):
    _, _, copy = held
    said = told(f"SELECT error('{copy.path}')", str(copy.path))
    assert str(copy.path) not in said["words"] and shelf.BEGUN not in said["words"]
