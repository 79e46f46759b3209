"""Old decision logs: what is kept, what is counted once, what is refused."""

import pytest

from rhml.core.domain import parse_domain
from rhml.errors import ImportRefused
from rhml.intake.decisions import check_decisions
from rhml.intake.tables import read_bytes

DOMAIN = parse_domain("loans", 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n')


def check(text, known=None):
    return check_decisions(read_bytes("d.csv", text.encode()), DOMAIN, known)


def refused(text, known=None):
    with pytest.raises(ImportRefused) as caught:
        check(text, known)
    return caught.value.problems


def test_several_people_decide_one_case():
    read = check("case_id,manager,final_action\n1,m1,lend\n1,m2,Decline\n")
    assert read.frame["final_action"].tolist() == ["lend", "decline"]
    assert read.frame["identity"].nunique() == 2


def test_identity_is_the_same_in_every_reading_and_the_id_where_given():
    text = "case_id,manager,final_action,decided_at,decision_id\n1,m1,lend,2024-01-01,\n2,m1,lend,,d-9\n"
    identity = check(text).frame["identity"].tolist()
    assert identity == check(text).frame["identity"].tolist()
    assert identity[0].startswith("row-")
    assert identity[1] == "d-9"
    assert (
        check("case_id,manager,final_action,decided_at\n1,m1,lend,01.01.2024\n").frame["identity"][0]
        == identity[0]
    )


def test_the_mode_follows_from_the_first_call_where_unsaid():
    read = check(
        "case_id,manager,first_action,final_action,mode\n1,m1,lend,lend,\n2,m1,,lend,\n3,m1,lend,,evidence_only\n"
    )
    assert read.frame["mode"].tolist() == ["first_call", "assisted", "evidence_only"]
    assert "assisted" in refused("case_id,manager,final_action,mode\n1,m1,lend,solo\n")[0].remedy


def test_confidences_are_probabilities_and_low_ones_are_flagged():
    read = check("case_id,manager,final_action,final_confidence\n1,m1,lend,0.2\n2,m1,lend,0.9\n")
    assert read.frame["final_confidence"].tolist() == [0.2, 0.9]
    assert any("1 rows are below 0.5" in note for note in read.notes)
    high, outside = refused("case_id,manager,final_action,final_confidence\n1,m1,lend,80\n2,m1,lend,-1\n")
    assert "Divide by 100" in high.remedy
    assert outside.row == 3


def test_a_confidence_needs_its_action():
    (problem,) = refused("case_id,manager,final_action,first_confidence\n1,m1,lend,0.7\n")
    assert "first_action" in problem.problem


def test_a_row_needs_a_call():
    (problem,) = refused("case_id,manager,first_action,final_action\n1,m1,,\n")
    assert "neither" in problem.problem


def test_a_row_needs_a_manager():
    assert refused("case_id,manager,final_action\n1,,lend\n")[0].column == "manager"
    assert "manager" in refused("case_id,final_action\n1,lend\n")[0].problem
    assert "longer" in refused(f"case_id,manager,final_action\n1,{'m' * 201},lend\n")[0].problem


def test_an_old_reason_is_kept_and_noted():
    read = check("case_id,manager,final_action,reason,rationale\n1,m1,lend,Gut feeling,because\n")
    assert read.frame["reason"].tolist() == ["Gut feeling"]
    assert any("Gut feeling" in note for note in read.notes)


def test_the_same_row_twice_counts_once():
    read = check("case_id,manager,final_action,decided_at\n1,m1,lend,2024-01-01\n1,m1,lend,2024-01-01\n")
    assert len(read.frame) == 1
    assert any("count once" in note for note in read.notes)


def test_one_identity_with_different_values_is_refused():
    (dated,) = refused(
        "case_id,manager,final_action,decided_at\n1,m1,lend,2024-01-01\n1,m1,decline,2024-01-01\n"
    )
    assert (dated.row, "Row 2" in dated.problem) == (3, True)
    (undated,) = refused("case_id,manager,final_action\n1,m1,lend\n1,m1,decline\n")
    assert "decided_at" in undated.remedy
    (named,) = refused("decision_id,case_id,manager,final_action\nd,1,m1,lend\nd,2,m1,lend\n")
    assert "same identity" in named.problem


def test_unknown_cases_and_actions_are_refused():
    problems = refused("case_id,manager,final_action,seconds\n1,m1,perhaps,-3\n9,m1,lend,1\n", known={"1"})
    assert {(p.row, p.column) for p in problems} == {(2, "final_action"), (2, "seconds"), (3, "case_id")}
