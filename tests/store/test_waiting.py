import random
from datetime import timedelta

import pytest

from rhml.errors import CaseGone, CaseTaken, RhmlError
from rhml.loop import queue
from rhml.loop.decide import Choice, commit_first_call, decide, reverse
from rhml.loop.onboard import onboard
from rhml.store import case_file, waiting
from rhml.store.waiting import Queue
from tests.loans import NOW, csv, loan_cases
from tests.recommended import recommend, shown_id, waiting_in

COLUMNS = (
    "case_id, received_at, due_at, stake, mode, recommendation_id, model_version, action, probability, "
    "snoozed_until, assigned_to, escalated_by, escalation"
)


@pytest.fixture
def recommended(log, resolved_loans):
    recommend(log, resolved_loans)
    return resolved_loans


def ids(log, domain, queue_, now=NOW):
    return [row["case_id"] for row in waiting.page(log, domain, queue_, now=now, limit=1000)]


def listed(log):
    return log.read(f"SELECT {COLUMNS} FROM loans.waiting ORDER BY case_id")


def some_verb(draw, log, domain, case_id, made, at):
    """One verb of a working day, drawn at random; refusals are part of a working day."""
    manager = draw.choice(["m1", "m2"])
    named = {"manager": manager, "at": at}
    match draw.choice(["claim", "skip", "snooze", "escalate", "assign", "call", "decide", "reverse"]):
        case "claim":
            queue.claim(log, domain, case_id, **named)
        case "skip":
            queue.skip(log, domain, case_id, **named)
        case "snooze":
            queue.snooze(log, domain, case_id, until=at + timedelta(days=draw.randint(1, 9)), **named)
        case "escalate":
            queue.escalate(log, domain, case_id, why=" is it real? ", **named)
        case "assign":
            queue.assign(log, domain, case_id, to="m2", **named)
        case "call":
            commit_first_call(log, domain, case_id, "lend", **named)
        case "decide":
            choice = Choice(case_id, "lend", shown_id(log, domain, case_id), reason="New information")
            made.append(decide(log, domain, choice, **named))
        case "reverse" if made:
            undone = made.pop(draw.randrange(len(made)))
            reverse(log, domain, undone.decision_id, by=undone.manager, at=at)


def test_the_list_equals_the_one_rebuilt_from_the_facts(log, recommended):
    draw, made, refused = random.Random(5), [], 0
    cases = ids(log, recommended, Queue("m1"))[:6]
    for minute in range(160):
        at = NOW + timedelta(minutes=minute)
        try:
            some_verb(draw, log, recommended, draw.choice(cases), made, at)
        except (RhmlError, TypeError):  # a decided case has no row to take a recommendation from
            refused += 1
        if minute == 80:
            onboard(log, recommended, cases=csv(loan_cases(5, start=300)), by="lead", at=at)
            recommend(log, recommended, version="v2", at=at)
    kept = listed(log)
    log.write(lambda tx: waiting.rebuild(tx, recommended))
    assert listed(log) == kept
    [(decided, reversed_)] = log.read(
        "SELECT (SELECT count(*) FROM loans.decisions WHERE NOT imported), (SELECT count(*) FROM loans.reversals)"
    )
    assert decided > reversed_ > 2
    assert 0 < refused < 120


def test_the_named_orders_order_by_what_they_name(log, recommended):
    rows = {row["case_id"]: row for row in waiting.page(log, recommended, Queue("m1"), now=NOW, limit=1000)}
    for order, key in (
        ("due_soonest", lambda row: row["due_at"]),
        ("oldest_first", lambda row: row["received_at"]),
        ("most_at_stake", lambda row: -row["stake"]),
    ):
        values = [key(rows[case_id]) for case_id in ids(log, recommended, Queue("m1", order))]
        assert values == sorted(values)


def test_least_sure_first_says_nothing_of_cases_that_ask_for_an_own_call(log, recommended):
    rows = waiting.page(log, recommended, Queue("m1", "model_least_sure"), now=NOW, limit=1000)
    assisted = [row["probability"] for row in rows if row["mode"] == "assisted"]
    others = [row for row in rows if row["mode"] != "assisted"]
    assert assisted == sorted(assisted)
    assert others
    assert all((r["action"], r["probability"], r["recommendation_id"]) == (None,) * 3 for r in others)
    # Their order is not that of their probabilities, which only the database knows.
    stored = dict(log.read("SELECT case_id, probability FROM loans.waiting"))
    assert [stored[r["case_id"]] for r in others] != sorted(stored[r["case_id"]] for r in others)


def test_a_filter_by_suggestion_leaves_cases_out_that_ask_for_an_own_call(log, recommended):
    rows = waiting.page(log, recommended, Queue("m1", action="decline"), now=NOW, limit=1000)
    assert {row["mode"] for row in rows} == {"assisted"}
    assert waiting.count(log, recommended, Queue("m1", action="lend"), now=NOW)["cases"] == 0


def test_segments_and_assignment_narrow_the_list(log, recommended):
    rows = waiting.page(log, recommended, Queue("m1", segment=(("sector", "retail"),)), now=NOW, limit=1000)
    assert {row["sector"] for row in rows} == {"retail"}
    queue.assign(log, recommended, rows[0]["case_id"], to="m1", manager="lead", at=NOW)
    assert ids(log, recommended, Queue("m1", mine=True)) == [rows[0]["case_id"]]
    assert ids(log, recommended, Queue("m2", mine=True)) == []


def test_pages_do_not_overlap_and_cover_the_list(log, recommended):
    parts = [waiting.page(log, recommended, Queue("m1"), now=NOW, limit=25, offset=o) for o in (0, 25, 50)]
    assert [r["case_id"] for part in parts for r in part] == ids(log, recommended, Queue("m1"))


def test_following_goes_through_the_queue_and_round(log, recommended):
    order = ids(log, recommended, Queue("m1"))
    seen = [waiting.following(log, recommended, Queue("m1"), None, now=NOW)]
    for _ in order:
        seen.append(waiting.following(log, recommended, Queue("m1"), seen[-1], now=NOW))
    assert seen == [*order, order[0]]


def test_following_passes_over_what_somebody_else_has_open(log, recommended):
    first, second, third, *_ = ids(log, recommended, Queue("m1"))
    queue.claim(log, recommended, second, manager="m2", at=NOW)
    assert waiting.following(log, recommended, Queue("m1"), first, now=NOW) == third
    later = NOW + timedelta(minutes=recommended.pending.claim_minutes)
    assert waiting.following(log, recommended, Queue("m1"), first, now=later) == second


def test_following_finds_its_place_far_from_the_front(log, recommended, monkeypatch):
    monkeypatch.setattr(waiting, "NEAR_FRONT", 5)
    order = ids(log, recommended, Queue("m1"))
    assert waiting.following(log, recommended, Queue("m1"), order[30], now=NOW) == order[31]
    assert waiting.following(log, recommended, Queue("m1"), "not waiting", now=NOW) == order[0]


def test_a_claim_is_one_persons_until_it_runs_out(log, recommended):
    case_id = waiting_in(log, recommended, "assisted")
    queue.claim(log, recommended, case_id, manager="m1", at=NOW)
    with pytest.raises(CaseTaken, match="m1 has"):
        queue.claim(log, recommended, case_id, manager="m2", at=NOW + timedelta(minutes=19))
    queue.claim(log, recommended, case_id, manager="m2", at=NOW + timedelta(minutes=20))


def test_a_case_that_left_cannot_be_claimed(log, recommended):
    with pytest.raises(CaseGone):
        queue.claim(log, recommended, "a00001", manager="m1", at=NOW)


def test_peers_come_with_the_last_decision_and_the_newest_outcome(log, recommended):
    found = case_file.peers(log, recommended, ("a00007", "nothing", "a00003"))
    assert [row["case_id"] for row in found] == ["a00007", "a00003"]
    decided = dict(log.read("SELECT case_id, final_action FROM loans.decided"))
    right = dict(log.read("SELECT case_id, right_action FROM loans.current_outcomes"))
    assert [(r["final_action"], r["right_action"]) for r in found] == [
        (decided[c], right[c]) for c in ("a00007", "a00003")
    ]


def test_common_values_are_sorted_and_bounded(log, recommended):
    assert case_file.common_values(log, recommended, "sector") == ["crafts", "farming", "retail"]
    assert len(case_file.common_values(log, recommended, "amount", limit=3)) == 3
