"""A course from begin to certificate on a real log: equated tests, no steering, each answer once, nothing told early."""

import json

import pytest

from rhml.errors import DrillRefused, NotPermitted
from rhml.loop import course, course_plan, course_state
from rhml.loop.course_record import courses_of, seen, verified
from rhml.store import drills, organization
from rhml.store.opening import open_store
from tests.loans import NOW

CALLS = {"lend": "decline", "decline": "lend"}


@pytest.fixture
def trainee(log, resolved_loans):
    for person, role in (("lead", "lead"), ("new", "manager"), ("other", "manager"), ("m0", "manager")):
        log.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))
    return "new"


def at_work(log, loans, held):
    return course.resume(log, loans, held, at=NOW)


def go(log, loans, held, *, right=lambda phase, number: True, until="done"):
    """Answer place by place, right or wrong as told, until a phase begins."""
    while (held := at_work(log, loans, held)).phase != until and held.now is not None:
        place = held.places[held.now]
        proved = dict(log.read("SELECT case_id, right_action FROM loans.current_outcomes"))[place.case_id]
        call = proved if right(place.phase, place.number) else CALLS[proved]
        course.answer(
            log, loans, held.drill.drill_id, held.now, call, person=held.drill.manager, at=NOW, confidence=0.7
        )
        held = course.Course(drills.held(log, "loans", held.drill.drill_id))
    return held


def test_the_two_tests_ask_the_same_of_a_trainee(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=20, at=NOW)
    rights = dict(log.read("SELECT case_id, right_action FROM loans.current_outcomes"))
    assert held.size == 20
    assert all(rights[p.before] == rights[p.after] == p.right for p in held.pairs)
    assert abs(held.equated().before - held.equated().after) < 0.05
    named = [c for p in held.pairs for c in (p.before, p.after)]
    assert len(set(named)) == 40


def test_no_case_of_the_bank_none_that_waits_and_none_the_person_decided(log, loans, trainee):
    held = go(log, loans, course.begin(log, loans, "m0", size=20, at=NOW), until="post")
    cases = {place.case_id for place in held.places}
    banked = {c for (c,) in log.read("SELECT case_id FROM loans.cases WHERE bank")}
    waiting = {c for (c,) in log.read("SELECT case_id FROM loans.waiting")}
    own = {c for (c,) in log.read("SELECT case_id FROM loans.decisions WHERE manager = 'm0'")}
    assert len(cases) == 40 + held.drill.plan["practice"]
    assert not cases & (banked | waiting | own)


def test_the_plan_is_the_secrets_and_not_the_persons(log, loans, trainee):
    drawn = course_plan.plan(log, loans, trainee, 10)
    assert course_plan.plan(log, loans, trainee, 10) == drawn
    assert course_plan.plan(log, loans, "other", 10)["pairs"] != drawn["pairs"]


def test_a_course_is_finished_with_a_certificate_that_the_log_vouches_for(log, loans, trainee):
    held = go(log, loans, course.begin(log, loans, trainee, size=20, at=NOW),
              right=lambda phase, number: phase != "pre" or number > 12)  # fmt: skip
    found = held.certificate
    assert (found["right_before"], found["right_after"], found["n"]) == (8, 20, 20)
    assert found["result"] == "improved" and 0 < found["low"] < 0.6 < found["high"]
    assert found["line"] == "Right answers of 20: 8 → 20."
    assert found["practised"] == 20 and found["person"] == "new"
    assert verified(log.secret, loans, held)


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE loans.drill_answers SET action = 'lend' WHERE phase = 'pre'",
        "UPDATE loans.drill_answers SET manager = 'other'",
        "UPDATE loans.drills SET plan = replace(plan, '\"number\": 0', '\"number\": 1')",
        "UPDATE loans.drill_events SET content = replace(content, '10 pairs', '40 pairs')",
    ],
)
def test_a_certificate_is_not_vouched_for_once_a_fact_or_its_own_words_were_changed(
    log, loans, trainee, forged
):
    go(log, loans, course.begin(log, loans, trainee, size=10, at=NOW))
    [held] = courses_of(log, loans, trainee)
    assert verified(log.secret, loans, held)
    log.write(lambda tx: tx.run(forged))
    [held] = courses_of(log, loans, trainee)
    assert verified(log.secret, loans, held) is False


def test_who_learned_nothing_is_not_said_to_have_improved(log, loans, trainee):
    held = go(
        log, loans, course.begin(log, loans, trainee, size=20, at=NOW), right=lambda _, number: number % 2
    )
    assert held.certificate["verdict"].startswith("not enough data yet")
    assert held.certificate["low"] < 0 < held.certificate["high"]


def test_a_test_tells_nothing_before_both_are_done(log, loans, trainee):
    held = go(log, loans, course.begin(log, loans, trainee, size=10, at=NOW), until="practice")
    with pytest.raises(DrillRefused, match="tells nothing"):
        course.told(log, loans, held, 0, words_of=lambda version: ((), {}, ()))
    with pytest.raises(DrillRefused, match="Call this case first"):
        course.told(log, loans, held, held.now, words_of=lambda version: ((), {}, ()))
    with pytest.raises(DrillRefused, match="not done yet"):
        course.finish(log, loans, held, at=NOW)
    place = held.now
    course.answer(log, loans, held.drill.drill_id, place, "lend", person=trainee, at=NOW)
    held = course.Course(drills.held(log, "loans", held.drill.drill_id))
    told = course.told(log, loans, held, place, words_of=lambda version: ((), {}, ()))
    assert told.answer.right_action in ("lend", "decline")
    asked_later = {place.case_id for place in held.places[held.now :]}
    assert told.opposite is None or told.opposite["case_id"] not in asked_later


def test_practice_comes_back_to_what_was_called_wrong(log, loans, trainee):
    held = go(log, loans, course.begin(log, loans, trainee, size=20, at=NOW),
              right=lambda phase, number: number % 3, until="post")  # fmt: skip
    why = [one.why for one in held.practised]
    assert why.count("like one you called wrong") == 8 and "mixed in" in why


def test_protected_facts_are_not_shown(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    assert "region" not in course.facts(log, loans, held)
    assert set(course.facts(log, loans, held)) == {"amount", "late", "sector", "insured", "founded"}


def test_an_answer_counts_once_and_only_in_its_turn(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    name = held.drill.drill_id
    course.answer(log, loans, name, 0, "lend", person=trainee, at=NOW)
    for place, said in ((0, "counts once"), (2, "not the case"), (-1, "not the case"), (999, "not the case"),
                        (1.0, "not the case"), (True, "not the case")):  # fmt: skip
        with pytest.raises(DrillRefused, match=said):
            course.answer(log, loans, name, place, "decline", person=trainee, at=NOW)
    [(count,)] = log.read("SELECT count(*) FROM loans.drill_answers")
    assert count == 1


@pytest.mark.parametrize("action", ["approve", "", "lend'; DROP TABLE", None])
def test_an_unknown_action_is_refused(log, loans, trainee, action):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    with pytest.raises(DrillRefused, match="none of the actions"):
        course.answer(log, loans, held.drill.drill_id, 0, action, person=trainee, at=NOW)


@pytest.mark.parametrize("confidence", [-0.1, 1.5, float("nan")])
def test_an_impossible_confidence_is_refused(log, loans, trainee, confidence):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    with pytest.raises(DrillRefused, match="probability"):
        course.answer(
            log, loans, held.drill.drill_id, 0, "lend", person=trainee, at=NOW, confidence=confidence
        )


def test_nobody_answers_or_ends_another_persons_course(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    name = held.drill.drill_id
    with pytest.raises(DrillRefused, match="another person's"):
        course.answer(log, loans, name, 0, "lend", person="other", at=NOW)
    with pytest.raises(DrillRefused, match="another person's"):
        course.stop(log, loans, name, person="other", at=NOW)
    log.write(lambda tx: organization.set_role(tx, "other", organization.LEFT, at=NOW, by="lead"))
    with pytest.raises(NotPermitted, match="has left"):
        course.begin(log, loans, "other", size=10, at=NOW)
    with pytest.raises(DrillRefused, match="no such session"):
        course.answer(log, loans, "x", 0, "lend", person=trainee, at=NOW)


@pytest.mark.parametrize("size", [0, 4, 41, -20, 20.0, True, None])
def test_a_size_that_is_none_is_refused(log, loans, trainee, size):
    with pytest.raises(DrillRefused, match="5 to 40"):
        course.begin(log, loans, trainee, size=size, at=NOW)


def test_one_course_at_a_time_and_after_a_restart_where_one_was(log, loans, trainee, url):
    held = course.begin(log, loans, trainee, size=10, at=NOW)
    with pytest.raises(DrillRefused, match="open already"):
        course.begin(log, loans, trainee, size=10, at=NOW)
    course.answer(log, loans, held.drill.drill_id, 0, "lend", person=trainee, at=NOW)
    course.choose(log, loans, held, 1, "decline")
    log.close()
    again = open_store(url, now=NOW)
    found = course.standing(again, loans, trainee)
    assert (found.now, found.drill.answers[0].action) == (1, "lend")
    assert course.half_done(again, loans, found) == {"place": 1, "action": "decline"}
    again.close()


def test_cases_of_one_course_are_not_in_the_next_and_history_runs_out_in_words(log, loans, trainee):
    first = go(log, loans, course.begin(log, loans, trainee, size=20, at=NOW))
    second = course.begin(log, loans, trainee, size=20, at=NOW)
    assert not seen([first]) & {place.case_id for place in second.places if place.case_id}
    go(log, loans, second)
    able = course_plan.offer(log, loans, trainee)
    assert able.largest < 20 and able.used == 2 * 60
    while able.largest:
        go(log, loans, course.begin(log, loans, trainee, size=able.largest, at=NOW))
        able = course_plan.offer(log, loans, trainee)
    assert able.why.startswith("History runs out")
    with pytest.raises(DrillRefused, match="History runs out"):
        course.begin(log, loans, trainee, size=10, at=NOW)


def test_a_course_ended_early_claims_nothing_and_frees_what_was_not_shown(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=20, at=NOW)
    course.answer(log, loans, held.drill.drill_id, 0, "lend", person=trainee, at=NOW)
    course.stop(log, loans, held.drill.drill_id, person=trainee, at=NOW)
    held = course.standing(log, loans, trainee)
    assert held.stopped and held.certificate is None and held.now is None
    assert len(seen([held])) == 2
    with pytest.raises(DrillRefused):
        course.answer(log, loans, held.drill.drill_id, 1, "lend", person=trainee, at=NOW)


def test_a_case_whose_outcome_is_withdrawn_leaves_with_its_pair(log, loans, trainee):
    held = course.begin(log, loans, trainee, size=20, at=NOW)
    gone = held.pairs[0].after
    log.write(
        lambda tx: tx.run(
            "INSERT INTO loans.outcomes SELECT max(seq) + 1, 'w', $1, NULL, NULL, TRUE, $2, 'lead' FROM loans.outcomes",
            [gone, NOW],
        )
    )
    held = go(log, loans, held)
    assert held.certificate["n"] == 19 and held.certificate["planned"] == 20
    assert held.drill.left_out == {next(i for i, p in enumerate(held.places) if p.case_id == gone)}


def test_finishing_twice_records_one_certificate(log, loans, trainee):
    held = go(log, loans, course.begin(log, loans, trainee, size=10, at=NOW))
    course.finish(log, loans, held, at=NOW)
    assert [e.kind for e in course.standing(log, loans, trainee).drill.events].count("certificate") == 1


def test_answers_of_a_course_are_no_decisions(log, loans, trainee):
    before = log.read("SELECT count(*) FROM loans.decisions")
    go(log, loans, course.begin(log, loans, trainee, size=10, at=NOW), until="practice")
    assert log.read("SELECT count(*) FROM loans.decisions") == before
    assert log.read("SELECT count(*) FROM loans.first_calls") == [(0,)]


def test_the_command_line_says_where_a_course_stands_and_nothing_of_an_open_test(log, loans, trainee):
    assert course_state.in_words(course_state.state(log, loans, trainee)).startswith("No course so far.")
    held = go(log, loans, course.begin(log, loans, trainee, size=10, at=NOW), until="practice")
    found = course_state.state(log, loans, trainee)
    assert found["course"] | {"course_id": "", "begun_at": ""} == {
        "course_id": "", "begun_at": "", "state": "open", "phase": "practice", "answered": 10, "of": 40, "size": 10,
    }  # fmt: skip
    assert found["certificates"] == [] and "right" not in json.dumps(found["course"], default=str)
    go(log, loans, held)
    found = course_state.state(log, loans, trainee)
    assert found["certificates"][0]["verified"] and found["course"]["state"] == "finished"
    assert "vouched for by the log" in course_state.in_words(found)
    json.dumps(found, default=str, allow_nan=False)
