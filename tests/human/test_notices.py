from datetime import timedelta

from rhml.human.notices import COUNTED, counts, notices
from tests.human.decisions import NOW


def news(kind="reversed", case="a1", mine="lend", other="decline", hours=0, **more):
    row = {"kind": kind, "case_id": case, "decision_id": f"d-{case}", "mine": mine, "other": other,
           "by_whom": "lead", "why": "", "happened_at": NOW - timedelta(hours=hours)}  # fmt: skip
    return row | more


def test_what_people_did_comes_before_what_outcomes_said():
    found = notices([news("rescued", "a1"), news("contradicted", "a2"), news("reversed", "a3", hours=9)])
    assert [one.kind for one in found] == ["reversed", "contradicted", "rescued"]


def test_an_answer_that_differs_from_the_own_call_contradicts_it():
    rows = [news("answered", "a1"), news("answered", "a2", mine="decline"), news("answered", "a3", mine=None)]
    assert [(one.case_id, one.kind) for one in notices(rows)] == [
        ("a1", "contradicted by a lead"), ("a2", "answered"), ("a3", "answered"),
    ]  # fmt: skip


def test_a_case_answered_twice_is_told_once_as_it_stands():
    rows = [news("answered", other="ask", hours=1), news("answered", hours=5)]
    assert [one.other for one in notices(rows)] == ["ask"]


def test_a_corrected_outcome_stands_for_what_it_makes_of_the_override():
    found = notices([news("corrected"), news("contradicted"), news("rescued", "a2")])
    assert [one.kind for one in found] == ["corrected", "rescued"]


def test_each_kind_is_counted_in_words():
    rows = [news(), news("rescued", "a2"), news("rescued", "a3")]
    assert counts(notices(rows)) == "1 reversed by somebody else · 2 overrides proved right"
    assert set(COUNTED) >= {one.kind for one in notices(rows)} and counts(notices([])) == ""
