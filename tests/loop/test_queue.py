from datetime import timedelta

import pytest

from rhml.errors import CaseGone, DecisionInvalid, RationaleMissing
from rhml.loop import queue
from rhml.store import history, waiting
from rhml.store.waiting import Queue
from tests.loans import NOW
from tests.recommended import recommend


@pytest.fixture
def recommended(log, resolved_loans):
    recommend(log, resolved_loans)
    return resolved_loans


def ids(log, domain, manager, now=NOW, **chosen):
    return [r["case_id"] for r in waiting.page(log, domain, Queue(manager, **chosen), now=now, limit=1000)]


def test_opening_a_case_lets_go_of_the_one_before(log, recommended):
    first, second, *_ = ids(log, recommended, "m1")
    queue.claim(log, recommended, first, manager="m1", at=NOW)
    queue.claim(log, recommended, second, manager="m1", at=NOW)
    queue.claim(log, recommended, first, manager="m2", at=NOW)
    open_with = {r["case_id"]: r["open_with"]
                 for r in waiting.page(log, recommended, Queue("m1"), now=NOW, limit=9)}  # fmt: skip
    assert (open_with[first], open_with[second]) == ("m2", "m1")


def test_a_skipped_case_goes_to_the_end_of_that_managers_queue_only(log, recommended):
    first, *rest = ids(log, recommended, "m1")
    queue.skip(log, recommended, first, manager="m1", at=NOW)
    assert ids(log, recommended, "m1") == [*rest, first]
    assert ids(log, recommended, "m2") == [first, *rest]


def test_a_snoozed_case_returns_by_itself(log, recommended):
    first = ids(log, recommended, "m1")[0]
    queue.snooze(log, recommended, first, until=NOW + timedelta(days=3), manager="m1", at=NOW)
    assert first not in ids(log, recommended, "m2")
    assert ids(log, recommended, "m2", snoozed=True) == [first]
    assert ids(log, recommended, "m2", now=NOW + timedelta(days=3))[0] == first


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_snooze_into_the_past_or_for_ever_is_refused(log, recommended, days):
    first = ids(log, recommended, "m1")[0]
    with pytest.raises(DecisionInvalid, match="later day"):
        queue.snooze(log, recommended, first, until=NOW + timedelta(days=days), manager="m1", at=NOW)


def test_an_escalated_case_moves_to_the_front_with_its_question(log, recommended):
    last = ids(log, recommended, "m1")[-1]
    queue.escalate(log, recommended, last, why="  Is the plan real? ", manager="m1", at=NOW)
    [row] = waiting.page(log, recommended, Queue("lead"), now=NOW, limit=1)
    assert (row["case_id"], row["escalated_by"], row["escalation"]) == (last, "m1", "Is the plan real?")


def test_an_escalation_without_a_question_is_refused(log, recommended):
    with pytest.raises(RationaleMissing):
        queue.escalate(log, recommended, ids(log, recommended, "m1")[0], why=" ", manager="m1", at=NOW)


def test_every_verb_is_a_fact_about_the_case(log, recommended):
    first = ids(log, recommended, "m1")[0]
    queue.skip(log, recommended, first, manager="m1", at=NOW)
    queue.assign(log, recommended, first, to="m2", manager="lead", at=NOW + timedelta(hours=1))
    told = [(e["actor"], e["what"], e["detail"]) for e in history.of_case(log, recommended, first)]
    assert told == [("m1", "skipped", ""), ("lead", "assigned", "m2")]


def test_nothing_can_be_done_with_a_case_that_was_decided(log, recommended):
    for verb, how in (("skip", {}), ("assign", {"to": "m2"}), ("escalate", {"why": "?"}),
                      ("snooze", {"until": NOW + timedelta(days=1)})):  # fmt: skip
        with pytest.raises(CaseGone):
            getattr(queue, verb)(log, recommended, "a00001", manager="m1", at=NOW, **how)
