import pandas as pd
import pytest

from rhml.errors import ImportRefused
from rhml.loop.onboard import onboard
from rhml.store import frames
from tests.loans import NOW, csv, loan_cases, right_action


def bring(log, loans, **files):
    return onboard(log, loans, by="lead", at=NOW, **{name: csv(frame) for name, frame in files.items()})


def test_the_same_files_twice_change_nothing_and_say_so(log, loans):
    cases = loan_cases(30)
    outcomes = pd.DataFrame({"case_id": cases["case_id"], "right_action": right_action(cases)})
    decisions = pd.DataFrame(
        {"case_id": cases["case_id"], "manager": "m1", "final_action": "lend", "rationale": "known to us"}
    )
    first = bring(log, loans, cases=cases, outcomes=outcomes, decisions=decisions)
    before = frames.counter(log, loans)
    again = bring(log, loans, cases=cases, outcomes=outcomes, decisions=decisions)
    assert first.changed and not again.changed
    assert (again.cases.known, again.outcomes.known, again.decisions.known) == (30, 30, 30)
    assert frames.counter(log, loans) == before


def test_a_case_with_other_values_is_refused_and_nothing_is_imported(log, loans):
    bring(log, loans, cases=loan_cases(5))
    changed = loan_cases(8)
    changed.loc[2, "amount"] = 1
    with pytest.raises(ImportRefused, match="other values") as refused:
        bring(log, loans, cases=changed)
    assert [p.value for p in refused.value.problems] == ["a00002"]
    assert frames.totals(log, loans)["cases"] == 5


def test_a_decision_with_other_values_is_refused(log, loans):
    decisions = pd.DataFrame(
        {"case_id": ["a00000"], "manager": ["m1"], "decision_id": ["7"], "final_action": ["lend"]}
    )
    bring(log, loans, cases=loan_cases(2), decisions=decisions)
    with pytest.raises(ImportRefused, match="other values"):
        bring(log, loans, decisions=decisions.assign(final_action="decline"))


def test_another_outcome_of_a_case_is_a_correction(log, loans):
    outcomes = pd.DataFrame({"case_id": ["a00000"], "right_action": ["lend"]})
    bring(log, loans, cases=loan_cases(2), outcomes=outcomes)
    again = bring(log, loans, outcomes=outcomes.assign(right_action="decline"))
    assert (again.outcomes.new, again.outcomes.corrected) == (0, 1)
    assert log.read("SELECT right_action FROM loans.current_outcomes") == [("decline",)]
    assert log.read("SELECT count(*) FROM loans.outcomes") == [(2,)]


def test_an_imported_recommendation_counts_as_shown_by_imported(log, loans):
    decisions = pd.DataFrame(
        {
            "case_id": ["a00000", "a00001"],
            "manager": "m1",
            "first_action": ["lend", "lend"],
            "recommended_action": ["decline", None],
            "recommended_confidence": [0.7, None],
            "final_action": ["decline", "lend"],
        }
    )
    bring(log, loans, cases=loan_cases(2), decisions=decisions)
    rows = log.read("SELECT model_version, recommended_confidence FROM loans.decisions ORDER BY case_id")
    assert rows == [("imported", 0.7), (None, None)]
    assert log.read("SELECT model_version, action FROM loans.recommendations") == [("imported", "decline")]


def test_versions_of_another_system_keep_their_names_and_never_pass_for_ours(log, loans):
    decisions = pd.DataFrame(
        {
            "case_id": ["a00000", "a00001", "a00002"],
            "manager": "m1",
            "recommended_action": ["lend", "lend", None],
            "model_version": ["v1", None, None],
            "final_action": "lend",
        }
    )
    bring(log, loans, cases=loan_cases(3), decisions=decisions)
    versions = frames.decided(log, loans).set_index("case_id")["model_version"]
    assert versions["a00000"] == "imported v1" and versions["a00001"] == "imported"
    assert pd.isna(versions["a00002"])


def test_decided_cases_leave_the_waiting_list_and_first_calls_alone_do_not(log, loans):
    decisions = pd.DataFrame(
        {
            "case_id": ["a00000", "a00001"],
            "manager": "m1",
            "first_action": "lend",
            "final_action": ["lend", None],
        }
    )
    bring(log, loans, cases=loan_cases(3), decisions=decisions)
    waiting = {c for (c,) in log.read("SELECT case_id FROM loans.waiting")}
    assert waiting == {"a00001", "a00002"}


def test_values_come_back_as_they_were_given(log, loans):
    bring(log, loans, cases=loan_cases(12))
    found = frames.cases(log, loans)
    assert found["amount"].tolist() == [float(a) for a in loan_cases(12)["amount"]]
    assert found["insured"].tolist() == [0.0, 1.0] * 6
    assert found["late"].isna().tolist() == [True] + [False] * 10 + [True]
    assert str(found["founded"].iloc[3].date()) == "2003-01-15"


def test_every_case_is_drawn_once_with_the_shares_on_record(log, loans):
    bring(log, loans, cases=loan_cases(400))
    [(bank, first_call, share)] = log.read(
        "SELECT avg(bank::int), avg((mode = 'first_call')::int), min(share_bank) FROM loans.cases"
    )
    assert 0.13 < bank < 0.27 and 0.13 < first_call < 0.27 and share == 0.2
