"""A drill in the log: drawn once, each place answered once, nothing told before its call, nothing that is work."""

import shutil
from datetime import timedelta

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DrillRefused, NotPermitted
from rhml.loop import drill, drill_pool, drill_record, drill_told
from rhml.loop.resolve import resolve_one, withdraw
from rhml.loop.teams import set_role
from rhml.store import drills, frames, lessons
from rhml.store.lessons import LessonEvent, StoredLesson
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW
from tests.past_loans import LATER, past_loans


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """A log of past loans on disk, to be copied, and what proved right in it."""
    path = tmp_path_factory.mktemp("past") / "past.duckdb"
    store = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    right = past_loans(store, parse_domain("loans", LOANS))
    store.close()
    return path, right


@pytest.fixture
def log(past, tmp_path):
    path = shutil.copy(past[0], tmp_path / "copy.duckdb")
    store = open_store(f"duckdb:///{path}", now=NOW)
    yield store
    store.close()


@pytest.fixture
def right(past):
    return past[1]


@pytest.fixture
def begun(log, loans):
    return drill.begin(log, loans, "m1", at=LATER)


def words_of(version):
    return (), {}, ()


def call(log, domain, held, place, action="lend", **named):
    named = {"person": "m1", "at": LATER + timedelta(seconds=30 * len(again(log, held).answers)), **named}
    return drill.answer(log, domain, held.drill_id, place, action, **named)


def again(log, held):
    return drills.held(log, "loans", held.drill_id)


def whole(log, domain, held, right, *, wrong=()):
    """Answer every place, rightly except some."""
    other = {"lend": "decline", "decline": "lend"}
    for place, planned in enumerate(held.plan["places"]):
        action = right[planned["case_id"]]
        call(log, domain, held, place, other[action] if place in wrong else action, confidence=0.8)
    return again(log, held)


def test_a_drill_of_ten_is_drawn_and_kept_with_its_plan(log, loans, begun):
    assert len(begun.plan["places"]) == 10 and begun.manager == "m1"
    assert drills.open_of(log, "loans", "m1", "drill") == begun
    assert {p["source"] for p in begun.plan["places"]} == {"dispute", "plain"}


def test_beginning_again_is_refused_and_changes_nothing(log, loans, begun):
    with pytest.raises(DrillRefused, match="open already"):
        drill.begin(log, loans, "m1", at=LATER)
    assert drills.open_of(log, "loans", "m1", "drill") == begun
    assert drill.begin(log, loans, "m0", at=LATER).plan != begun.plan


def test_the_draw_comes_from_the_logs_secret_and_the_person_alone(log, loans, right):
    first = drill.begin(log, loans, "m1", at=LATER)
    log.write(lambda tx: [tx.run("DELETE FROM loans.drills")])
    assert drill.begin(log, loans, "m1", at=LATER).plan == first.plan


def test_a_case_is_shown_with_its_facts_and_nothing_else(log, loans, begun):
    asked = drill.asked(log, loans, begun, at=LATER)
    assert (asked.place, asked.number, asked.of) == (0, 1, 10)
    assert not set(asked.facts) & {"right_action", "known_at", "final_action", "recommended_action", "points"}
    with pytest.raises(DrillRefused, match="Call this case first"):
        drill_told.told(log, loans, begun, 0, words_of=words_of)


def test_the_bank_and_what_waits_or_has_no_outcome_never_come(log, loans, right):
    cases = frames.cases(log, loans).set_index("case_id")
    waiting = {case for (case,) in log.read("SELECT case_id FROM loans.waiting")}
    for person in ("m0", "m1", "m2", "reader"):
        places = drill.begin(log, loans, person, at=LATER).plan["places"]
        ids = [place["case_id"] for place in places]
        assert not cases.loc[ids, "bank"].any() and not waiting & set(ids)
        assert cases.loc[ids, "right_action"].notna().all()


def test_an_answer_says_at_once_what_proved_right(log, loans, begun, right):
    case_id = begun.plan["places"][0]["case_id"]
    found = call(log, loans, begun, 0, "lend", confidence=0.7, seconds=9.0)
    assert (found.right_action, found.right) == (right[case_id], right[case_id] == "lend")
    told = drill_told.told(log, loans, again(log, begun), 0, words_of=words_of)
    assert told.opposite["right_action"] != found.right_action or not found.right
    assert told.model_action in ("lend", "decline") and told.factor is None


def test_the_other_case_is_never_one_that_is_still_to_be_asked_nor_of_the_bank(log, loans, begun):
    cases = frames.cases(log, loans).set_index("case_id")
    for place in range(9):
        call(log, loans, begun, place)
        held = again(log, begun)
        other = drill_told.told(log, loans, held, place, words_of=words_of).opposite["case_id"]
        assert other not in {p["case_id"] for p in held.plan["places"][place + 1 :]}
        assert not cases.loc[other, "bank"]


def test_a_place_is_answered_once_and_in_its_turn(log, loans, begun):
    first = call(log, loans, begun, 0, "lend")
    with pytest.raises(DrillRefused, match="counts once"):
        call(log, loans, begun, 0, "decline")
    for place in (2, -1, 99, True, 0.0, "1"):
        with pytest.raises(DrillRefused):
            call(log, loans, begun, place)
    assert again(log, begun).answers == {0: first}


@pytest.mark.parametrize(
    ("action", "confidence"),
    [("sell", None), ("", None), ("lend'; --", None), ("lend", 1.5), ("lend", -0.1), ("lend", float("nan"))],
)
def test_what_no_form_can_say_is_refused(log, loans, begun, action, confidence):
    with pytest.raises(DrillRefused):
        call(log, loans, begun, 0, action, confidence=confidence)
    assert not again(log, begun).answers


def test_nobody_answers_stops_or_moves_in_anothers_drill(log, loans, begun):
    for act in (
        lambda: call(log, loans, begun, 0, person="m0"),
        lambda: drill.stop(log, loans, begun.drill_id, person="m0", at=LATER),
        lambda: drill.choose(log, loans, begun.drill_id, 0, "lend", person="m0"),
        lambda: drill.go_on(log, loans, begun.drill_id, 0, person="m0"),
        lambda: drill.answer(log, loans, "' OR 1=1", 0, "lend", person="m1", at=LATER),
    ):
        with pytest.raises(DrillRefused):
            act()


def test_who_has_left_or_has_no_name_does_not_practise(log, loans, right):
    set_role(log, "m0", "left", by="lead", at=NOW)
    for person in ("m0", " "):
        with pytest.raises(NotPermitted):
            drill.begin(log, loans, person, at=LATER)


def test_an_impossible_time_is_not_believed(log, loans, begun):
    for place, seconds in enumerate((float("inf"), -3.0, float("nan"))):
        assert call(log, loans, begun, place, seconds=seconds).seconds is None
    assert call(log, loans, begun, 3, seconds=1e9).seconds == drill.LONGEST


def test_where_one_was_is_in_the_log(log, loans, begun):
    drill.choose(log, loans, begun.drill_id, 0, "decline", person="m1")
    assert drills.half_done(log, "loans", begun) == {"place": 0, "action": "decline"}
    call(log, loans, begun, 0, "decline")
    assert drills.half_done(log, "loans", begun) == {"told": 0}
    drill.go_on(log, loans, begun.drill_id, 0, person="m1")
    assert drills.half_done(log, "loans", begun) == {}
    drill.choose(log, loans, begun.drill_id, 1, "lend", person="m1")
    drill.go_on(log, loans, begun.drill_id, 0, person="m1")
    drill.choose(log, loans, begun.drill_id, 0, "lend", person="m1")
    assert drills.half_done(log, "loans", begun) == {"place": 1, "action": "lend"}


def test_the_last_answer_finishes_the_drill_and_another_one_may_begin(log, loans, begun, right):
    held = whole(log, loans, begun, right, wrong=(0, 4))
    assert held.ended.kind == "finished"
    found = drill_record.summary(log, loans, held)
    assert (found.right, found.asked) == (8, 10) and not found.said.known
    assert sum(n for _, n in found.back) >= 2
    with pytest.raises(DrillRefused, match="ended"):
        drill.stop(log, loans, held.drill_id, person="m1", at=LATER)
    assert drill.begin(log, loans, "m1", at=LATER).plan["seed"] != begun.plan["seed"]


def test_stopping_keeps_what_was_answered(log, loans, begun):
    call(log, loans, begun, 0)
    drill.stop(log, loans, begun.drill_id, person="m1", at=LATER)
    assert again(log, begun).ended.kind == "stopped" and len(again(log, begun).answers) == 1
    with pytest.raises(DrillRefused, match="ended"):
        call(log, loans, begun, 1)


def test_what_was_missed_is_asked_again_first(log, loans, begun, right):
    whole(log, loans, begun, right, wrong=(1, 2))
    missed = {begun.plan["places"][place]["case_id"] for place in (1, 2)}
    later = LATER + timedelta(days=2)
    assert {card.case_id for card in drill_record.standing(log, loans, "m1", at=later).due} == missed
    asked = [p for p in drill.begin(log, loans, "m1", at=later).plan["places"] if p["due"]]
    assert {p["case_id"] for p in asked} == missed


def test_a_case_whose_outcome_was_withdrawn_or_that_waits_again_is_left_out(log, loans, begun):
    first, second, third = (begun.plan["places"][place]["case_id"] for place in range(3))
    withdraw(log, loans, first, by="lead", at=LATER)
    log.write(
        lambda tx: tx.run("INSERT INTO loans.waiting (case_id, mode) VALUES ($1, 'assisted')", [second])
    )
    with pytest.raises(DrillRefused, match="left out"):
        call(log, loans, begun, 0)
    asked = drill.asked(log, loans, begun, at=LATER)
    assert (asked.place, asked.number, asked.of, asked.facts["case_id"]) == (2, 1, 8, third)
    assert again(log, begun).left_out == {0, 1}


def test_a_corrected_outcome_counts_as_it_stands_when_the_call_is_made(log, loans, begun, right):
    case_id = begun.plan["places"][0]["case_id"]
    other = {"lend": "decline", "decline": "lend"}[right[case_id]]
    resolve_one(log, loans, case_id, other, by="lead", at=LATER, known_at=NOW)
    assert call(log, loans, begun, 0, other).right


def test_practice_is_no_decision_and_no_call(log, loans, begun, right):
    before = frames.decided(log, loans)
    calls = log.read("SELECT count(*) FROM loans.first_calls")
    whole(log, loans, begun, right)
    pd.testing.assert_frame_equal(frames.decided(log, loans), before)
    assert log.read("SELECT count(*) FROM loans.first_calls") == calls


def test_where_decisions_choose_the_outcomes_only_cases_tried_by_lot_are_practised_on(log, right):
    selective = parse_domain("loans", LOANS.replace("[outcome]", '[outcome]\nobserved_after = ["lend"]'))
    with pytest.raises(DrillRefused, match="Cannot be known"):
        drill.begin(log, selective, "m1", at=LATER)


def test_where_the_lot_was_honoured_its_cases_are_practised_on(log, right):
    selective = parse_domain("loans", LOANS.replace("[outcome]", '[outcome]\nobserved_after = ["lend"]'))
    half = list(right.index[::2])
    log.write(lambda tx: tx.run("UPDATE loans.cases SET explore = case_id = ANY($1)", [half]))
    log.write(lambda tx: tx.run("UPDATE loans.decisions SET imported = FALSE"))
    begun = drill.begin(log, selective, "m1", at=LATER)
    assert {place["case_id"] for place in begun.plan["places"]} <= set(half)


def test_without_outcomes_or_with_few_practice_says_why_not(log, loans, right):
    log.write(lambda tx: tx.run("DELETE FROM loans.outcomes WHERE case_id > $1", [right.index[11]]))
    with pytest.raises(DrillRefused, match="too few for a session"):
        drill.begin(log, loans, "m1", at=LATER)
    bare = parse_domain("loans", LOANS.replace("[outcome]", ""))
    assert "no outcomes" in drill_record.standing(log, bare, "m1", at=LATER).why


def lesson(name="l1", manager=None, starts=NOW, learner="people"):
    return StoredLesson(
        name, learner, manager, {"conditions": [{"feature": "amount", "op": ">=", "value": 8000.0}], "learner": learner},
        "a sentence", {}, 0, NOW, "lead", (LessonEvent("teach the team", "lead", "why", NOW, starts),),
    )  # fmt: skip


def test_lessons_come_once_they_are_taught_and_only_ones_own(log, loans, right):
    new = (
        lesson(), lesson("later", starts=LATER + timedelta(days=3)), lesson("theirs", manager="m0"),
        lesson("machine", learner="model"),
    )  # fmt: skip
    log.write(lambda tx: lessons.append(tx, "loans", new))
    assert set(drill_pool.taught(log, loans, "m1", LATER)) == {"l1"}
    begun = drill.begin(log, loans, "m1", at=LATER)
    [at] = [i for i, place in enumerate(begun.plan["places"]) if place["lesson_id"]]
    held = whole(log, loans, begun, right)
    told = drill_told.told(log, loans, held, at, words_of=words_of)
    assert told.facts["amount"] >= 8000 and told.lesson == "amount at least 8,000" and told.source == "lesson"
    assert drill_record.summary(log, loans, held).lessons["l1"] == ("amount at least 8,000", 1, 1)


def test_any_case_that_a_lesson_covers_says_so_and_no_other(log, loans, begun):
    log.write(lambda tx: lessons.append(tx, "loans", (lesson(),)))
    for place in range(10):
        call(log, loans, begun, place)
    held = again(log, begun)
    told = [drill_told.told(log, loans, held, place, words_of=words_of) for place in range(10)]
    assert {(one.facts["amount"] >= 8000, one.lesson) for one in told} == {
        (True, "amount at least 8,000"), (False, None),
    }  # fmt: skip


def test_the_cases_of_a_course_are_kept_out_of_drills(log, loans, right):
    plan = {
        "tests": [{"case_id": case} for case in right.index[:100]],
        "practice": {"case_ids": list(right.index[100:180])},
    }
    log.write(lambda tx: drills.begin(tx, "loans", "c", manager="m1", kind="course", plan=plan, at=LATER))
    places = drill.begin(log, loans, "m1", at=LATER).plan["places"]
    assert {p["case_id"] for p in places} <= set(right.index[180:])


def test_the_record_is_plain_and_a_strangers_is_refused(log, loans, begun, right):
    found = drill_record.record(log, loans, "m1", at=LATER)
    assert found["open"] == {"drill_id": begun.drill_id, "begun_at": LATER, "answered": 0, "of": 10}
    assert found["practised"]["right"]["why"] == "No cases so far." and found["session"]["cases"] == 10
    assert "open: 0 of 10 answered" in drill_record.in_words(found)
    with pytest.raises(DrillRefused, match="Nobody called"):
        drill_record.record(log, loans, "stranger", at=LATER)
