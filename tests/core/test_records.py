"""A decision the domain does not know is refused, and so is an override without its reason."""

from dataclasses import replace
from datetime import datetime

import pytest

from rhml.core.domain import parse_domain
from rhml.core.records import Decision, check_decision
from rhml.errors import DecisionInvalid, RationaleMissing, ReasonMissing

DOMAIN = parse_domain(
    "loans", 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n[features.amount]'
)
AGREED = Decision(
    decision_id="d1",
    case_id="c1",
    manager="m1",
    mode="assisted",
    recommended_action="lend",
    final_action="lend",
    decided_at=datetime(2024, 1, 1),
)
OVERRIDE = replace(AGREED, final_action="decline")


def test_agreeing_needs_no_reason():
    assert check_decision(DOMAIN, AGREED) is None
    assert not AGREED.is_override


def test_deciding_without_advice_is_no_override():
    alone = replace(AGREED, recommended_action=None, final_action="decline")
    assert not alone.is_override
    assert check_decision(DOMAIN, alone) is None


def test_an_override_without_a_reason_is_refused():
    with pytest.raises(ReasonMissing):
        check_decision(DOMAIN, OVERRIDE)
    assert check_decision(DOMAIN, replace(OVERRIDE, reason="New information")) is None


def test_a_reason_outside_the_list_is_refused():
    with pytest.raises(DecisionInvalid, match="'Mood'"):
        check_decision(DOMAIN, replace(OVERRIDE, reason="Mood"))


def test_other_needs_a_sentence():
    with pytest.raises(RationaleMissing):
        check_decision(DOMAIN, replace(OVERRIDE, reason="Other", rationale="  "))
    assert check_decision(DOMAIN, replace(OVERRIDE, reason="Other", rationale="because of the flood")) is None


@pytest.mark.parametrize(
    "change",
    [
        {"final_action": "maybe"},
        {"first_action": "maybe"},
        {"final_confidence": 1.2},
        {"first_confidence": -0.1},
        {"final_confidence": float("nan")},
        {"marks": (("amount", "nonsense"),)},
        {"marks": (("colour", "matters"),)},
    ],
)
def test_what_the_domain_does_not_know_is_refused(change):
    with pytest.raises(DecisionInvalid):
        check_decision(DOMAIN, replace(AGREED, **change))


def test_a_mark_of_the_card_is_kept():
    assert check_decision(DOMAIN, replace(AGREED, marks=(("amount", "matters"),))) is None
