import pandas as pd

from rhml.machine.learning.calls import read_calls

CASES = pd.DataFrame({"case_id": ["1", "2", "3"], "bank": [False, False, True]})


def read(domain, *rows):
    columns = [
        "case_id",
        "manager",
        "mode",
        "first_action",
        "recommended_action",
        "final_action",
        "decided_at",
    ]
    contexts = read_calls(CASES, pd.DataFrame(rows, columns=columns), domain=domain)
    return {c.context: list(zip(c.case, c.condition, c.action, strict=True)) for c in contexts if len(c)}


def test_first_call_counts_once_and_its_final_decision_given_it(domain):
    row = ("1", "m1", "first_call", "lend", "decline", "decline", pd.Timestamp("2024-01-01"))
    assert read(domain, row) == {"unaided": [(0, 0, 0)], "revised": [(0, 1, 1)]}


def test_assisted_decision_is_read_beside_its_recommendation(domain):
    row = ("2", "m1", "assisted", None, "decline", "lend", pd.Timestamp("2024-01-01"))
    assert read(domain, row) == {"aided": [(1, 1, 0)]}


def test_decision_without_any_recommendation_is_unaided(domain):
    row = ("2", "m1", "assisted", None, None, "decline", pd.Timestamp("2024-01-01"))
    assert read(domain, row) == {"unaided": [(1, 0, 1)]}


def test_first_call_beside_the_evidence_is_a_context_of_its_own(domain):
    row = ("2", "m1", "evidence_only", "lend", "lend", "lend", pd.Timestamp("2024-01-01"))
    assert read(domain, row) == {"evidence": [(1, 0, 0)], "revised": [(1, 0, 0)]}


def test_bank_and_strange_cases_are_left_out(domain):
    when = pd.Timestamp("2024-01-01")
    rows = [(case, "m1", "first_call", "lend", None, "lend", when) for case in ("3", "99")]
    assert read(domain, *rows) == {}


def test_the_last_decision_of_a_manager_on_a_case_stands(domain):
    early = ("1", "m1", "first_call", "lend", None, "lend", pd.Timestamp("2024-01-01"))
    late = ("1", "m1", "first_call", "decline", None, "decline", pd.Timestamp("2024-02-01"))
    assert read(domain, late, early) == {"unaided": [(0, 0, 1)]}


def test_calls_know_the_segment_of_their_case(domain):
    cases = CASES.assign(branch=["a", "b", "a"])
    rows = [
        (case, "m1", "first_call", "lend", None, "lend", pd.Timestamp("2024-01-01")) for case in ("1", "2")
    ]
    columns = [
        "case_id",
        "manager",
        "mode",
        "first_action",
        "recommended_action",
        "final_action",
        "decided_at",
    ]
    unaided = read_calls(cases, pd.DataFrame(rows, columns=columns), domain=domain)[0]
    [(segment, count)] = unaided.segments
    assert count == 2
    assert segment[0] != segment[1]


def test_a_segment_of_too_many_values_pools_nothing(domain):
    many = pd.DataFrame({"case_id": [str(i) for i in range(60)], "bank": False})
    many["branch"] = many["case_id"]
    rows = [(str(i), "m1", "first_call", "lend", None, "lend", pd.Timestamp("2024-01-01")) for i in range(60)]
    columns = [
        "case_id",
        "manager",
        "mode",
        "first_action",
        "recommended_action",
        "final_action",
        "decided_at",
    ]
    assert read_calls(many, pd.DataFrame(rows, columns=columns), domain=domain)[0].segments == ()
