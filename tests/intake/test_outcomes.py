"""Outcomes: keys, labels or yes and no; one a case; of known cases; not of the future."""

from datetime import datetime

import pytest

from rhml.core.domain import parse_domain
from rhml.errors import ImportRefused
from rhml.intake.outcomes import check_outcomes
from rhml.intake.tables import read_bytes

ACTIONS = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n'
DOMAIN = parse_domain("loans", ACTIONS + "[outcome]")
YES_NO = parse_domain(
    "loans", ACTIONS + '[outcome]\ncolumn = "repaid"\ntrue_means = "lend"\nknown_at = "settled"'
)


def check(text, domain=DOMAIN, known=None, **more):
    return check_outcomes(read_bytes("o.csv", text.encode()), domain, known, **more)


def refused(text, domain=DOMAIN, known=None, **more):
    with pytest.raises(ImportRefused) as caught:
        check(text, domain, known, **more)
    return caught.value.problems


def test_keys_and_labels_are_read_and_labels_noted():
    read = check("case_id,right_action\n1,lend\n2,Decline\n3,\n")
    assert read.frame.columns.tolist() == ["case_id", "right_action", "known_at"]
    assert read.frame["right_action"].tolist() == ["lend", "decline"]
    assert any("'Decline'" in note for note in read.notes)
    assert any("no outcome yet" in note for note in read.notes)


def test_yes_and_no_stand_for_two_actions():
    read = check("case_id,repaid,settled\n1,1,2024-01-01\n2,false,\n", YES_NO)
    assert read.frame["right_action"].tolist() == ["lend", "decline"]
    assert read.frame["known_at"].notna().tolist() == [True, False]
    assert check("case_id,right_action\n1,decline\n", YES_NO).frame["right_action"].tolist() == ["decline"]


def test_unknown_cases_are_refused():
    (problem,) = refused("case_id,right_action\n1,lend\n2,lend\n", known={"1"})
    assert (problem.row, problem.value) == (3, "2")


def test_unknown_actions_are_refused():
    (problem,) = refused("case_id,right_action\n1,maybe\n")
    assert "lend, decline" in problem.remedy


def test_the_same_outcome_twice_counts_once():
    read = check("case_id,right_action\n1,lend\n1,lend\n")
    assert len(read.frame) == 1
    assert any("count once: 1" in note for note in read.notes)


def test_two_outcomes_of_one_case_are_refused_with_both_rows():
    (problem,) = refused("case_id,right_action\n1,\n1,lend\n2,lend\n1,decline\n")
    assert problem.row == 5
    assert problem.value == "decline"
    assert "Row 3" in problem.problem


def test_an_outcome_of_the_future_is_refused():
    text = "case_id,right_action,known_at\n1,lend,2024-06-03\n"
    assert len(check(text, now=datetime(2024, 6, 2, 12)).frame) == 1
    assert "future" in refused(text, now=datetime(2024, 6, 1))[0].problem


def test_a_file_without_any_outcome_is_refused():
    assert "No row" in refused("case_id,right_action\n1,\n")[0].problem


def test_a_domain_without_outcomes_takes_none():
    (problem,) = refused("case_id,right_action\n1,lend\n", parse_domain("loans", ACTIONS))
    assert "[outcome]" in problem.remedy
