from datetime import timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.errors import DecisionInvalid, NotPermitted, UnknownCase
from rhml.loop import teams
from rhml.loop.resolve import resolve_one, withdraw
from rhml.store import frames
from rhml.store.imports import Appended


def right_of(log, domain, case_id):
    cases = frames.cases(log, domain).set_index("case_id")
    return cases.loc[case_id, "right_action"]


def record(log, domain, now, case_id="a00250", action="lend", **other):
    named = {"known_at": now, "by": "lead", "at": now, **other}
    return resolve_one(log, domain, case_id, action, **named)


def test_an_outcome_is_recorded_then_known_then_corrected(log, resolved_loans, now):
    assert record(log, resolved_loans, now) == Appended(new=1)
    assert record(log, resolved_loans, now) == Appended(known=1)
    assert record(log, resolved_loans, now, action="decline") == Appended(corrected=1)
    assert right_of(log, resolved_loans, "a00250") == "decline"
    assert log.read("SELECT count(*) FROM loans.outcomes WHERE case_id = 'a00250'") == [(2,)]


def test_a_withdrawn_outcome_counts_as_unknown_and_may_come_again(log, resolved_loans, now):
    record(log, resolved_loans, now)
    withdraw(log, resolved_loans, "a00250", by="lead", at=now)
    assert right_of(log, resolved_loans, "a00250") is None
    with pytest.raises(DecisionInvalid, match="none to withdraw"):
        withdraw(log, resolved_loans, "a00250", by="lead", at=now)
    assert record(log, resolved_loans, now) == Appended(new=1)


def test_what_cannot_be_an_outcome_is_refused(log, resolved_loans, now):
    with pytest.raises(DecisionInvalid, match="no action"):
        record(log, resolved_loans, now, action="maybe")
    with pytest.raises(DecisionInvalid, match="future"):
        record(log, resolved_loans, now, known_at=now + timedelta(days=1))
    with pytest.raises(UnknownCase, match="Check the number"):
        record(log, resolved_loans, now, case_id="a99999")


def test_a_domain_without_outcomes_says_how_to_get_them(log, now):
    bare = parse_domain("bare", 'title = "B"\n[actions]\na = "A"\nb = "B"')
    with pytest.raises(DecisionInvalid, match=r"\[outcome\]"):
        record(log, bare, now)


def test_only_a_lead_records_and_withdraws(log, resolved_loans, now):
    teams.set_role(log, "lead", "lead", by="lead", at=now)
    teams.set_role(log, "m1", "manager", by="lead", at=now)
    with pytest.raises(NotPermitted, match="record outcomes"):
        record(log, resolved_loans, now, by="m1")
    with pytest.raises(NotPermitted, match="withdraw"):
        withdraw(log, resolved_loans, "a00001", by="m1", at=now)
