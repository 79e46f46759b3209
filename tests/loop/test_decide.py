from datetime import timedelta

import pytest

from rhml.errors import (
    CaseGone,
    CaseTaken,
    DecisionInvalid,
    FirstCallMissing,
    NotPermitted,
    RationaleMissing,
    ReasonMissing,
    UnknownCase,
)
from rhml.loop import queue
from rhml.loop.agree import agree_with_all
from rhml.loop.decide import Choice, commit_first_call, decide, reverse
from rhml.loop.teams import set_role
from rhml.store import case_file, history, waiting
from rhml.store.waiting import Queue
from tests.loans import NOW
from tests.recommended import recommend, shown_id, waiting_in


@pytest.fixture
def recommended(log, resolved_loans):
    recommend(log, resolved_loans)
    return resolved_loans


@pytest.fixture
def assisted(log, recommended):
    return waiting_in(log, recommended, "assisted")


def choose(log, domain, case_id, action="decline", **named):
    return Choice(case_id, action, shown_id(log, domain, case_id), **named)


def saved(log, decision):
    [row] = log.frame("SELECT * FROM loans.decided WHERE decision_id = $1", [decision.decision_id]).to_dict(
        "records"
    )
    return row


def test_agreeing_records_what_was_shown(log, recommended, assisted):
    choice = choose(log, recommended, assisted, confidence=0.8, seconds=12.5)
    row = saved(log, decide(log, recommended, choice, manager="m1", at=NOW))
    assert (row["final_action"], row["recommended_action"], row["model_version"]) == (
        "decline",
        "decline",
        "v1",
    )
    assert (row["final_confidence"], row["seconds"], row["live_version"]) == (0.8, 12.5, "v1")
    assert row["first_action"] is None


def test_an_override_keeps_reason_rationale_and_marks(log, recommended, assisted):
    choice = choose(
        log, recommended, assisted, "lend", reason="Data is wrong", rationale=" A typo. ",
        marks=(("amount", "value is wrong"),),
    )  # fmt: skip
    row = saved(log, decide(log, recommended, choice, manager="m1", at=NOW))
    assert (row["reason"], row["rationale"]) == ("Data is wrong", "A typo.")
    assert log.read("SELECT factor, mark FROM loans.marks") == [("amount", "value is wrong")]


def test_override_without_reason_is_refused(log, recommended, assisted):
    with pytest.raises(ReasonMissing, match="the next model learns from it"):
        decide(log, recommended, choose(log, recommended, assisted, "lend"), manager="m1", at=NOW)
    assert case_file.waiting_row(log, recommended, assisted)


def test_other_as_a_reason_needs_a_sentence(log, recommended, assisted):
    with pytest.raises(RationaleMissing):
        decide(
            log, recommended, choose(log, recommended, assisted, "lend", reason="Other"), manager="m1", at=NOW
        )


def test_a_case_decided_meanwhile_is_refused_and_nothing_changes(log, recommended, assisted):
    choice = choose(log, recommended, assisted)
    decide(log, recommended, choice, manager="m1", at=NOW)
    before = log.read("SELECT count(*) FROM loans.decisions")
    with pytest.raises(CaseGone):
        decide(log, recommended, choice, manager="m2", at=NOW)
    assert log.read("SELECT count(*) FROM loans.decisions") == before
    with pytest.raises(UnknownCase):
        decide(log, recommended, Choice("nowhere", "lend"), manager="m1", at=NOW)


def test_a_case_that_somebody_has_open_is_refused(log, recommended, assisted):
    queue.claim(log, recommended, assisted, manager="m2", at=NOW)
    with pytest.raises(CaseTaken):
        decide(log, recommended, choose(log, recommended, assisted), manager="m1", at=NOW)


@pytest.mark.parametrize("mode", ["first_call", "evidence_only"])
def test_the_own_call_comes_first_where_the_card_asks_for_it(log, recommended, mode):
    case_id = waiting_in(log, recommended, mode)
    choice = choose(log, recommended, case_id)
    with pytest.raises(FirstCallMissing):
        decide(log, recommended, choice, manager="m1", at=NOW)
    commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW, confidence=0.7)
    row = saved(log, decide(log, recommended, choice, manager="m1", at=NOW + timedelta(minutes=1)))
    assert (row["mode"], row["first_action"], row["first_confidence"]) == (mode, "lend", 0.7)


def test_a_second_first_call_is_refused(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW)
    with pytest.raises(DecisionInvalid, match="on record already"):
        commit_first_call(log, recommended, case_id, "decline", manager="m1", at=NOW)


def test_nobody_calls_first_who_has_seen_the_recommendation(log, recommended, assisted):
    with pytest.raises(DecisionInvalid, match="no first call"):
        commit_first_call(log, recommended, assisted, "lend", manager="m1", at=NOW)


def test_a_decision_without_a_model_is_a_first_call(log, resolved_loans):
    case_id = waiting_in(log, resolved_loans, "assisted")
    choice = Choice(case_id, "lend", confidence=0.9)
    row = saved(log, decide(log, resolved_loans, choice, manager="m1", at=NOW))
    assert (row["mode"], row["first_action"], row["first_confidence"]) == ("first_call", "lend", 0.9)


def test_a_recommendation_that_arrived_meanwhile_must_be_seen(log, resolved_loans):
    case_id = waiting_in(log, resolved_loans, "assisted")
    recommend(log, resolved_loans)
    with pytest.raises(DecisionInvalid, match="has arrived"):
        decide(log, resolved_loans, Choice(case_id, "lend"), manager="m1", at=NOW)


def test_the_recommendation_of_another_case_is_refused(log, recommended, assisted):
    other = shown_id(log, recommended, waiting_in(log, recommended, "assisted", 1))
    with pytest.raises(DecisionInvalid, match="not of this case"):
        decide(log, recommended, Choice(assisted, "decline", other), manager="m1", at=NOW)


def test_what_counts_is_the_recommendation_shown_not_the_newest(log, recommended, assisted):
    choice = choose(log, recommended, assisted)
    recommend(log, recommended, version="v2")
    row = saved(log, decide(log, recommended, choice, manager="m1", at=NOW))
    assert (row["model_version"], row["live_version"]) == ("v1", "v2")


def test_the_next_case_is_opened_with_the_same_commit(log, recommended, assisted):
    after = waiting_in(log, recommended, "assisted", 1)
    decide(log, recommended, choose(log, recommended, assisted), manager="m1", at=NOW, then_open=after)
    assert case_file.waiting_row(log, recommended, after)["claimed_by"] == "m1"


def test_the_decision_stands_where_the_next_case_is_taken(log, recommended, assisted):
    after = waiting_in(log, recommended, "assisted", 1)
    queue.claim(log, recommended, after, manager="m2", at=NOW)
    decide(log, recommended, choose(log, recommended, assisted), manager="m1", at=NOW, then_open=after)
    assert case_file.waiting_row(log, recommended, assisted) is None
    assert case_file.waiting_row(log, recommended, after)["claimed_by"] == "m2"


def test_agreeing_with_many_says_why_some_were_left(log, recommended, assisted):
    own = waiting_in(log, recommended, "first_call")
    agreed = agree_with_all(log, recommended, (assisted, own, "a00001"), manager="m1", at=NOW)
    assert [d.case_id for d in agreed.saved] == [assisted]
    assert {case_id: why[:20] for case_id, why in agreed.refused} == {
        own: "This case asks for y",
        "a00001": "a00001 was decided m",
    }


def test_a_reversal_returns_the_case_and_keeps_the_decision(log, recommended, assisted):
    choice = choose(log, recommended, assisted)
    done = decide(log, recommended, choice, manager="m1", at=NOW)
    assert reverse(log, recommended, done.decision_id, by="m1", at=NOW + timedelta(minutes=1)) == assisted
    assert case_file.waiting_row(log, recommended, assisted)["recommendation_id"] == choice.recommendation_id
    [last] = history.recent(log, recommended, "m1")
    assert (last["decision_id"], last["reversed"]) == (done.decision_id, True)
    assert history.decided_since(log, recommended, "m1", NOW) == 0
    told = [event["what"] for event in history.of_case(log, recommended, assisted)]
    assert told == ["decided", "reversed"]


def test_only_the_one_who_decided_reverses_and_only_once(log, recommended, assisted):
    done = decide(log, recommended, choose(log, recommended, assisted), manager="m1", at=NOW)
    with pytest.raises(DecisionInvalid, match="Only m1"):
        reverse(log, recommended, done.decision_id, by="m2", at=NOW)
    reverse(log, recommended, done.decision_id, by="m1", at=NOW)
    with pytest.raises(DecisionInvalid, match="reversed already"):
        reverse(log, recommended, done.decision_id, by="m1", at=NOW)


def test_progress_counts_decisions_of_this_app_only(log, recommended, assisted):
    assert history.decided_since(log, recommended, "m1", NOW - timedelta(days=400)) == 0
    decide(log, recommended, choose(log, recommended, assisted), manager="m1", at=NOW)
    assert history.decided_since(log, recommended, "m1", NOW) == 1
    assert waiting.count(log, recommended, Queue("m1"), now=NOW)["cases"] == 59


def test_an_analyst_decides_nothing(log, resolved_loans):
    set_role(log, "Lead", "lead", by="Lead", at=NOW)
    set_role(log, "asker", "analyst", by="Lead", at=NOW)
    [(case,)] = log.read("SELECT case_id FROM loans.waiting LIMIT 1")
    with pytest.raises(NotPermitted, match="managers and leads decide"):
        decide(log, resolved_loans, Choice(case, "lend"), manager="asker", at=NOW)
    with pytest.raises(NotPermitted):
        commit_first_call(log, resolved_loans, case, "lend", manager="asker", at=NOW)
