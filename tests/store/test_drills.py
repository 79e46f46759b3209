"""Practice as facts: a place is answered once, whoever is faster, and a person has one session open."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from rhml.errors import DrillRefused
from rhml.store import drills
from rhml.store.drills import Answer, Event
from tests.loans import NOW

PLACE = Answer("d1", 0, "plain", "a00001", "m1", None, "lend", 0.8, "lend", 9.0, NOW)


def begin(log, drill_id="d1", manager="m1", kind="drill"):
    plan = {"places": [{"case_id": "a00001"}, {"case_id": "a00002"}]}
    log.write(lambda tx: drills.begin(tx, "loans", drill_id, manager=manager, kind=kind, plan=plan, at=NOW))


def answer(log, **other):
    log.write(lambda tx: drills.answer(tx, "loans", replace(PLACE, **other)))


def test_of_twenty_answers_to_one_place_at_the_same_moment_one_is_kept(log, resolved_loans):
    begin(log)

    def once(action) -> bool:
        try:
            answer(log, action=action)
        except DrillRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(once, ["lend", "decline"] * 10))
    assert sum(kept) == 1 and len(drills.answers(log, resolved_loans, manager="m1")) == 1


def test_of_many_begun_at_the_same_moment_one_is_open(log, resolved_loans):
    def once(drill_id) -> bool:
        try:
            begin(log, drill_id)
        except DrillRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, [f"d{i}" for i in range(12)])) == 1
    assert drills.begun(log, "loans", "m1", "drill") == 1


def test_a_drill_and_a_course_may_be_open_side_by_side(log, resolved_loans):
    begin(log)
    begin(log, "c1", kind="course")
    assert drills.open_of(log, "loans", "m1", "course").drill_id == "c1"
    assert drills.open_of(log, "loans", "m1", "drill").drill_id == "d1"


def test_what_ended_takes_no_answer_and_ends_once(log, resolved_loans):
    begin(log)
    answer(log)
    log.write(lambda tx: drills.happen(tx, "loans", "d1", Event("stopped", {}, NOW)))
    for act in (
        lambda: answer(log, place=1, case_id="a00002"),
        lambda: log.write(lambda tx: drills.happen(tx, "loans", "d1", Event("finished", {}, NOW))),
    ):
        with pytest.raises(DrillRefused, match="ended"):
            act()
    held = drills.held(log, "loans", "d1")
    assert held.ended.kind == "stopped" and list(held.answers) == [0] and held.next_place == 1


def test_answers_are_read_by_person_and_kind_with_what_was_right(log, resolved_loans):
    begin(log)
    begin(log, "c1", kind="course")
    answer(log)
    answer(log, place=1, case_id="a00002", action="decline", confidence=None)
    answer(log, drill_id="c1", phase="before")
    own = drills.answers(log, resolved_loans, manager="m1", kind="drill")
    assert own["right"].tolist() == [True, False] and own["lesson_id"].tolist() == [None, None]
    assert own["confidence"].isna().tolist() == [False, True]
    assert (
        len(drills.answers(log, resolved_loans)) == 3
        and drills.answers(log, resolved_loans, manager="m2").empty
    )


def test_an_unknown_drill_is_refused_with_a_sentence(log, resolved_loans):
    with pytest.raises(DrillRefused, match="no such session"):
        drills.held(log, "loans", "d'; DROP TABLE loans.drills; --")
