"""A question on its way: begun without waiting, cancelled at once, and a box that reaches nothing whatever it is told."""

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from rhml.errors import QuestionRefused
from rhml.loop import erase
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.store.questions import boxes, question
from rhml.store.questions.casting import Caster, Opened
from rhml.store.questions.mould import WAS_OVER
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


casts = pytest.mark.skipif(not boxes.CASTS, reason="boxes are cast where processes can be forked")


@pytest.fixture(params=["started", pytest.param("cast", marks=casts)])
def ways(request):
    """Boxes of both kinds: started for the question, and cast in a mould that waits."""
    if request.param == "cast":
        boxes.keep_ready()
    yield request.param
    boxes.end()


def content(sql: str, copy: str | None = None, **asked) -> bytes:
    """What a box is told."""
    instructions = {
        "sql": sql,
        "tables": [],
        "views": {},
        "copy": copy,
        "rows": 10,
        "seconds": 5,
        "megabytes": 256,
    }
    return json.dumps({**instructions, **asked}).encode() + b"\n"


def told(sql: str, copy: str | None = None, **asked) -> dict:
    """What a box says to a text that nobody has read before."""
    _, written = boxes.take(Opened(copy)).ask(content(sql, copy, **asked), 60)
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


def test_a_cancelled_question_ends_and_the_next_one_is_answered(held, ways, monkeypatch):
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


@casts
def test_a_box_waits_ready_and_ends_with_its_mould():
    mould = Caster(Opened())
    mould.prepare()
    [waiting] = mould._ready
    assert waiting.alive
    assert mould.take() is waiting
    waiting.kill()
    assert waiting.ask(content("SELECT 1"), 60) == (-9, b"")
    mould.prepare()
    [waiting] = mould._ready
    mould.end()
    assert not waiting.alive and not mould.alive
    assert mould.take() is None


@casts
def test_what_one_box_was_told_no_other_finds(held):
    _, _, copy = held
    mould, copied = Caster(Opened(str(copy.path), (("decided", "reason"),), 256)), str(copy.path)
    views = {"mine": "SELECT 'a name' AS who"}
    for _ in range(3):
        code, written = mould.take().ask(content("SELECT who FROM mine", copied, views=views), 60)
        assert code == 0 and json.loads(written.splitlines()[0]) == {"cut": False}
        _, written = mould.take().ask(content("SELECT who FROM mine", copied), 60)
        assert "mine does not exist" in json.loads(written.splitlines()[0])["words"]
    mould.end()


@casts
def test_a_mould_is_no_more_once_its_copy_is_erased(held, tmp_path):
    _, _, copy = held
    held_here = tmp_path / "copy.duckdb"
    held_here.write_bytes(copy.path.read_bytes())
    mould = Caster(Opened(str(held_here)))
    mould.prepare()
    [waiting] = mould._ready
    held_here.unlink()
    mould._process.wait(20)
    assert not mould.alive and mould.take() is None
    assert not waiting.alive
    mould.end()


@casts
def test_a_box_that_ended_before_it_was_asked_is_replaced(held, monkeypatch):
    store, domain, _ = held
    boxes.keep_ready()
    over = boxes._mould(Opened())._cast()
    os.kill(over._process, 9)
    monkeypatch.setattr(over, "ask", lambda *_: (WAS_OVER, b""))
    taken = [over]
    real = boxes.take
    monkeypatch.setattr(boxes, "take", lambda opened=None: taken.pop() if taken else real(opened))
    assert len(question.answer(store, domain, "SELECT 1").table) == 1
    over.end()
    boxes.end()


@casts
def test_boxes_of_one_mould_draw_by_chance_each_for_itself(held, ways):
    store, domain, _ = held
    for sql in (
        "SELECT random() AS drawn FROM decided LIMIT 1",
        "SELECT uuid() AS drawn FROM decided LIMIT 1",
        "SELECT sum(hash(case_id)) AS drawn FROM (SELECT case_id FROM decided USING SAMPLE 40 ROWS)",
        "SELECT sum(hash(case_id)) AS drawn FROM (SELECT case_id FROM decided ORDER BY random() LIMIT 40)",
    ):
        drawn = {str(question.answer(store, domain, sql).table["drawn"][0]) for _ in range(3)}
        assert len(drawn) > 1, sql


def test_a_mould_that_answers_too_late_is_no_more_asked():
    caster = Caster(Opened())
    try:
        box = caster.take()
        caster._ours.settimeout(0.2)
        os.kill(caster._process.pid, signal.SIGSTOP)
        assert caster.take() is None
        assert not caster.alive, "its late answer would be taken for the number of another box"
        box.end()
    finally:
        caster.end()


def test_a_mould_of_a_copy_that_is_not_there_gives_no_box(tmp_path):
    mould = Caster(Opened(str(tmp_path / "none.duckdb")))
    assert mould.take() is None
    mould.end()


@casts
def test_only_so_many_moulds_are_held(held):
    _, _, copy = held
    boxes.keep_ready()
    for path in (None, str(copy.path), *(f"/nowhere/{i}.duckdb" for i in range(boxes.KEPT - 1))):
        boxes._mould(Opened(path))
    assert len(boxes._moulds) == boxes.KEPT
    boxes.end()
    assert not boxes._moulds


def files(box) -> list[str]:
    """What a process has open."""
    found = []
    for number in Path(f"/proc/{box._process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            found.append(str(number.readlink()))
    return found


@casts
def test_a_box_holds_no_open_file_but_its_own(held):
    """The socket to the app stays with the mould; a box of a copy has the copy open besides its asker's socket."""
    _, _, copy = held
    mould = Caster(Opened(str(copy.path)))
    mould.take().end()
    box = mould._cast()
    deadline = time.monotonic() + 20
    while sum(file.startswith("socket:") for file in files(box)) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)  # it has just been cast, and lets go of what is the mould's
    assert sum(file.startswith("socket:") for file in files(box)) == 1
    assert [file for file in files(box) if file.endswith(".duckdb")] == [str(copy.path)]
    box.end()
    mould.end()


def test_a_copy_that_is_gone_is_asked_for_again(held, ways):
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
def test_a_box_reaches_no_file_even_if_the_text_was_not_read(held, ways, sql):
    _, _, copy = held
    assert told(sql, str(copy.path))["refused"]


def test_words_of_a_refusal_do_not_tell_where_the_copy_lies(held, ways):
    _, _, copy = held
    said = told(f"SELECT error('{copy.path}')", str(copy.path))
    assert str(copy.path) not in said["words"] and shelf.BEGUN not in said["words"]


def test_what_starter_questions_name_is_read_ahead(held):
    store, domain, copy = held
    opened = question._opened(store, domain, copy)
    assert opened.copy == str(copy.path)
    for known in (("decided", "sector"), ("decided", "final_action"), ("pending", "due_at")):
        assert known in opened.ahead
    assert not {("decided", "case_id"), ("decided", "rationale")} & set(opened.ahead)


def test_an_erasure_lets_go_of_every_answer(held):
    store, domain, _ = held
    done = question.begin(store, domain, "SELECT * FROM decided")
    assert len(done.result().table)
    running = question.begin(store, domain, LONG)
    erase.forget(store, [])
    for asking in (done, running):
        with pytest.raises(QuestionRefused, match="was erased"):
            asking.result()
        assert asking._found is None
    assert len(question.answer(store, domain, "SELECT 1").table) == 1
