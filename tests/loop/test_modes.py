"""The three card modes: drawn once, asked unless overdue, never dodged, and what they cost."""

from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.core.policy import asks
from rhml.errors import DecisionInvalid, FirstCallMissing
from rhml.loop import queue
from rhml.loop.agree import agree_with_all
from rhml.loop.decide import Choice, commit_first_call, decide, reverse
from rhml.loop.modes import modes
from rhml.store import case_file, waiting
from rhml.store.waiting import Queue
from tests.loans import LOANS, NOW
from tests.recommended import recommend, shown_id, waiting_in

STRICT = parse_domain("loans", LOANS.replace("overdue_days = 3650", "overdue_days = 7"))
"""The same domain where a case more than a week overdue asks for nothing."""


@pytest.fixture
def recommended(log, resolved_loans):
    recommend(log, resolved_loans)
    return resolved_loans


def due(log, case_id):
    return case_file.facts(log, STRICT, case_id)["due_at"]


def choose(log, domain, case_id, action="decline", **named):
    return Choice(case_id, action, shown_id(log, domain, case_id), **named)


def asked(log, decision):
    [(found,)] = log.read("SELECT asked FROM loans.decisions WHERE decision_id = $1", [decision.decision_id])
    return found


def test_a_case_is_asked_for_up_to_the_limit_and_not_beyond():
    limit = NOW + timedelta(days=7)
    assert asks(STRICT, "first_call", NOW, limit)
    assert not asks(STRICT, "first_call", NOW, limit + timedelta(seconds=1))
    assert asks(STRICT, "evidence_only", None, NOW)
    assert not asks(STRICT, "assisted", None, NOW)


@pytest.mark.parametrize("mode", ["first_call", "evidence_only"])
def test_beyond_the_limit_a_case_is_decided_without_an_own_call_and_that_is_on_record(log, recommended, mode):
    case_id = waiting_in(log, recommended, mode)
    late = due(log, case_id) + timedelta(days=7, minutes=1)
    with pytest.raises(DecisionInvalid, match="overdue by now"):
        commit_first_call(log, STRICT, case_id, "lend", manager="m1", at=late)
    saved = decide(log, STRICT, choose(log, STRICT, case_id), manager="m1", at=late)
    assert (saved.mode, saved.first_action, asked(log, saved)) == (mode, None, False)


def test_what_was_asked_is_on_record(log, recommended):
    own, at_once = (waiting_in(log, recommended, mode) for mode in ("first_call", "assisted"))
    commit_first_call(log, recommended, own, "lend", manager="m1", at=NOW)
    assert asked(log, decide(log, recommended, choose(log, recommended, own), manager="m1", at=NOW)) is True
    done = decide(log, recommended, choose(log, recommended, at_once), manager="m1", at=NOW)
    assert asked(log, done) is None


def test_a_case_that_becomes_overdue_while_it_is_open_goes_on_asking(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    limit = due(log, case_id) + timedelta(days=7)
    queue.claim(log, STRICT, case_id, manager="m1", at=limit - timedelta(minutes=5))
    late = limit + timedelta(minutes=10)
    queue.claim(
        log, STRICT, case_id, manager="m1", at=late
    )  # half of the time is gone, so the page renews it
    with pytest.raises(FirstCallMissing):
        decide(log, STRICT, choose(log, STRICT, case_id), manager="m1", at=late)
    commit_first_call(log, STRICT, case_id, "lend", manager="m1", at=late)
    assert asked(log, decide(log, STRICT, choose(log, STRICT, case_id), manager="m1", at=late)) is True


def test_who_opens_it_again_after_the_limit_is_not_asked(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    limit = due(log, case_id) + timedelta(days=7)
    queue.claim(log, STRICT, case_id, manager="m1", at=limit - timedelta(minutes=5))
    later = limit + timedelta(hours=2)
    queue.claim(log, STRICT, case_id, manager="m1", at=later)
    with pytest.raises(DecisionInvalid):
        commit_first_call(log, STRICT, case_id, "lend", manager="m1", at=later)


def test_a_call_made_in_time_counts_when_the_decision_comes_late(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    limit = due(log, case_id) + timedelta(days=7)
    commit_first_call(log, STRICT, case_id, "lend", manager="m1", at=limit)
    saved = decide(
        log, STRICT, choose(log, STRICT, case_id), manager="m1", at=limit + timedelta(days=3)
    )  # fmt: skip
    assert (saved.first_action, saved.asked) == ("lend", True)


def test_the_list_gives_away_nothing_of_a_case_that_asks_and_everything_of_one_that_does_not(
    log, recommended
):
    case_id = waiting_in(log, recommended, "first_call")
    limit = due(log, case_id) + timedelta(days=7)

    def row(now, **named):
        rows = waiting.page(log, STRICT, Queue("m1", **named), now=now, limit=1000)
        return next((r for r in rows if r["case_id"] == case_id), None)

    assert (row(limit)["mode"], row(limit)["action"]) == ("first_call", None)
    assert row(limit, action="decline") is None
    later = limit + timedelta(seconds=1)
    assert (row(later)["mode"], row(later)["action"]) == ("assisted", "decline")
    assert row(later, action="decline")
    assert row(later, order="model_least_sure")


@pytest.mark.parametrize("mode", ["first_call", "evidence_only"])
def test_no_door_lets_a_decision_pass_that_was_not_called_first(log, recommended, mode):
    case_id = waiting_in(log, recommended, mode)
    queue.claim(log, recommended, case_id, manager="m1", at=NOW)
    queue.skip(log, recommended, case_id, manager="m1", at=NOW)
    queue.claim(log, recommended, case_id, manager="m1", at=NOW)
    for choice in (
        choose(log, recommended, case_id),
        choose(log, recommended, case_id, "lend", reason="Other", rationale="I know better."),
    ):
        with pytest.raises(FirstCallMissing):
            decide(log, recommended, choice, manager="m1", at=NOW)
    with pytest.raises(DecisionInvalid, match="has arrived"):
        decide(log, recommended, Choice(case_id, "lend"), manager="m1", at=NOW)
    done = agree_with_all(log, recommended, (case_id,), manager="m1", at=NOW)
    assert (done.saved, done.refused[0][0]) == ((), case_id)
    assert log.read("SELECT count(*) FROM loans.decisions WHERE NOT imported") == [(0,)]


def test_one_managers_call_opens_no_card_for_another(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW)
    with pytest.raises(FirstCallMissing):
        decide(log, recommended, choose(log, recommended, case_id), manager="m2", at=NOW)


def test_taking_a_decision_back_does_not_allow_a_second_first_call(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW)
    saved = decide(log, recommended, choose(log, recommended, case_id), manager="m1", at=NOW)
    reverse(log, recommended, saved.decision_id, by="m1", at=NOW)
    with pytest.raises(DecisionInvalid, match="on record already"):
        commit_first_call(log, recommended, case_id, "decline", manager="m1", at=NOW)


def test_an_own_call_keeps_its_marks_and_its_seconds(log, recommended):
    case_id = waiting_in(log, recommended, "first_call")
    commit_first_call(
        log, recommended, case_id, "lend", manager="m1", at=NOW, seconds=41.5,
        marks=(("late", "irrelevant here"), ("amount", "matters")),
    )  # fmt: skip
    call = case_file.first_call(log, "loans", case_id, "m1")
    assert (call.action, call.seconds) == ("lend", 41.5)
    marks = case_file.own_marks(log, "loans", call.first_call_id)
    assert marks == (("late", "irrelevant here"), ("amount", "matters"))


@pytest.mark.parametrize("mark", [("nowhere", "matters"), ("late", "silly"), ("late:words", "matters")])
def test_a_mark_that_is_not_the_cards_is_refused_and_no_call_is_kept(log, recommended, mark):
    case_id = waiting_in(log, recommended, "first_call")
    with pytest.raises(DecisionInvalid, match="not one of the card's"):
        commit_first_call(log, recommended, case_id, "lend", manager="m1", at=NOW, marks=(mark,))
    assert case_file.first_call(log, "loans", case_id, "m1") is None


def test_the_report_counts_drawn_asked_done_and_left_out(log, recommended):
    rows = waiting.page(log, recommended, Queue("m1"), now=NOW, limit=1000)
    of = {
        m: [r["case_id"] for r in rows if r["mode"] == m] for m in ("assisted", "first_call", "evidence_only")
    }
    first, second, third, *_ = of["first_call"]
    commit_first_call(log, recommended, first, "lend", manager="m1", at=NOW)
    decide(log, recommended, choose(log, recommended, first, seconds=90.0), manager="m1", at=NOW)
    late = due(log, second) + timedelta(days=8)
    decide(log, STRICT, choose(log, STRICT, second), manager="m1", at=late)
    commit_first_call(log, recommended, third, "lend", manager="m1", at=NOW)
    queue.skip(log, recommended, third, manager="m1", at=NOW)
    queue.skip(log, recommended, of["first_call"][3], manager="m1", at=NOW)
    for case_id in of["assisted"][:20]:
        decide(log, recommended, choose(log, recommended, case_id, seconds=30.0), manager="m1", at=NOW)

    found = {use.mode: use for use in modes(log, recommended).modes}
    own = found["first_call"]
    assert own.drawn == len(of["first_call"])
    assert (own.decided, own.asked, own.done, own.overdue, own.called) == (2, 1, 1, 1, 1)
    assert own.set_aside.value == pytest.approx(1 / own.drawn)
    assert own.waiting == own.drawn - 2
    assert (found["assisted"].minutes.value, own.minutes.known) == (0.5, False)
    assert sum(use.drawn for use in found.values()) == len(rows)
    assert own.meant == pytest.approx(0.2)
