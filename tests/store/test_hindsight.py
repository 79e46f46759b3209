from datetime import timedelta

import pytest

from rhml.errors import DecisionInvalid
from rhml.loop import queue
from rhml.loop.decide import commit_first_call, reverse
from rhml.loop.resolve import withdraw
from rhml.store import frames, hindsight, organization
from tests.loans import NOW
from tests.loop.looking_back import decided, proved, score, waiting_ids

POINTS = (0.1, 0.1, 0.0, 0.0, 0.0)


@pytest.fixture
def desk(log, resolved_loans):
    """Waiting loans, all recommended to be declined, and a lead."""
    log.write(lambda tx: organization.set_role(tx, "lead", "lead", at=NOW, by="setup"))
    waiting = frames.undecided(log, resolved_loans)["case_id"]
    score(log, resolved_loans, {case_id: ("decline", POINTS) for case_id in waiting})
    return resolved_loans


def news(log, domain, author="m1", since=NOW):
    found = hindsight.news(log, domain, author, since=since)
    assert hindsight.news_count(log, domain, author, since=since) == len({row["case_id"] for row in found})
    return [
        (row["kind"], row["case_id"], row["mine"], row["other"], row["by_whom"], row["why"]) for row in found
    ]


def test_the_author_hears_that_somebody_took_a_decision_back(log, desk):
    one, own = waiting_ids(log, desk, "assisted")[:2]
    made, mine = decided(log, desk, one, "lend"), decided(log, desk, own, "lend")
    later = NOW + timedelta(hours=1)
    reverse(log, desk, made.decision_id, by="lead", at=later, why="the wrong file")
    reverse(log, desk, mine.decision_id, by="m1", at=later)
    assert news(log, desk) == [("reversed", one, "lend", None, "lead", "the wrong file")]
    decided(log, desk, one, "decline", manager="lead", at=later)
    assert news(log, desk) == [("reversed", one, "lend", "decline", "lead", "the wrong file")]
    assert news(log, desk, since=later) == [] and news(log, desk, author="m2") == []


def test_only_a_lead_who_says_why_takes_anothers_decision_back(log, desk):
    made = decided(log, desk, waiting_ids(log, desk, "assisted")[0], "lend")
    for by, why in (("lead", " "), ("m2", "I know better")):
        with pytest.raises(DecisionInvalid, match="or a lead who says why"):
            reverse(log, desk, made.decision_id, by=by, at=NOW, why=why)
    proved(log, desk, made.case_id, "lend")
    with pytest.raises(DecisionInvalid, match="before the outcome is known"):
        reverse(log, desk, made.decision_id, by="lead", at=NOW, why="the wrong file")


def test_who_asked_a_lead_hears_what_was_decided(log, desk):
    called, asked = waiting_ids(log, desk, "first_call")[0], waiting_ids(log, desk, "assisted")[0]
    for case_id in (called, asked):
        if case_id == called:
            commit_first_call(log, desk, case_id, "lend", manager="m1", at=NOW)
        queue.escalate(log, desk, case_id, why="Is this right?", manager="m1", at=NOW)
    later = NOW + timedelta(hours=1)
    decided(log, desk, asked, "decline", manager="lead", at=later)
    decided(log, desk, called, "decline", manager="lead", first="lend", at=later)
    kinds = {row[1]: row[:5] for row in news(log, desk)}
    assert kinds == {
        asked: ("answered", asked, None, "decline", "lead"),
        called: ("answered", called, "lend", "decline", "lead"),
    }


def test_what_outcomes_say_of_overrides_is_news_and_of_agreement_is_not(log, desk):
    saved, spoiled, agreed = waiting_ids(log, desk, "assisted")[:3]
    for case_id, action in ((saved, "lend"), (spoiled, "lend"), (agreed, "decline")):
        decided(log, desk, case_id, action)
        proved(log, desk, case_id, "lend" if case_id == saved else "decline")
    found = {row[1]: row[0] for row in news(log, desk, since=NOW + timedelta(hours=1))}
    assert found == {saved: "rescued", spoiled: "contradicted"}


def test_who_was_told_an_outcome_hears_that_it_changed(log, desk):
    one, gone, back = waiting_ids(log, desk, "assisted")[:3]
    for case_id in (one, gone, back):
        decided(log, desk, case_id, "decline")
        proved(log, desk, case_id, "decline")
    told = NOW + timedelta(days=2)
    proved(log, desk, one, "lend", days=3)
    proved(log, desk, back, "lend", days=3)
    proved(log, desk, back, "decline", days=4)
    withdraw(log, desk, gone, by="lead", at=NOW + timedelta(days=3))
    assert sorted(news(log, desk, since=told)) == sorted([
        ("corrected", one, "decline", "lend", "lead", ""), ("withdrawn", gone, "decline", None, "lead", ""),
    ])  # fmt: skip
    assert news(log, desk, since=NOW + timedelta(hours=1)) == []


def test_nothing_of_the_bank_is_news(log, desk):
    one = waiting_ids(log, desk, "assisted", bank=True)[0]
    decided(log, desk, one, "lend")
    proved(log, desk, one, "lend")
    proved(log, desk, one, "decline", days=3)
    queue_case = waiting_ids(log, desk, "assisted", bank=True)[0]
    queue.escalate(log, desk, queue_case, why="?", manager="m1", at=NOW)
    decided(log, desk, queue_case, "lend", manager="lead")
    for since in (None, NOW + timedelta(days=2)):
        assert news(log, desk, since=since) == []
