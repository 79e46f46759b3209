"""Cases are imported whole and typed, or not at all."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.errors import ImportRefused
from rhml.intake.cases import check_cases
from rhml.intake.tables import Table, read_bytes

TEXT = """
title = "Loans"
case_id = "request"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
column = "repaid"
true_means = "lend"
[features.amount]
column = "Amount"
[features.region]
kind = "category"
levels = ["north", "south"]
[features.remark]
kind = "text"
"""
DOMAIN = parse_domain("loans", TEXT)


def check(text, domain=DOMAIN, **more):
    return check_cases(read_bytes("cases.csv", text.encode()), domain, **more)


def refused(text, domain=DOMAIN, **more):
    with pytest.raises(ImportRefused) as caught:
        check(text, domain, **more)
    return caught.value.problems


def test_columns_are_found_under_either_name_and_typed():
    read = check("request,amount,region,remark,due_at,extra\n 7 ,1.5,north,,2024-01-01,x\n8,,,hello,,y\n")
    assert read.frame.columns.tolist() == ["case_id", "received_at", "due_at", "amount", "region", "remark"]
    assert read.frame["case_id"].tolist() == ["7", "8"]
    assert read.frame["amount"].dtype == np.float64
    assert read.frame["region"].tolist() == ["north", None]
    assert read.frame["due_at"].dtype == "datetime64[us]"
    assert read.frame["received_at"].isna().all()
    assert read.outcomes is None
    assert any("extra" in note for note in read.notes)


def test_outcomes_in_the_same_file_are_read_beside_the_cases():
    read = check("case_id,Amount,region,remark,repaid\n1,1,,,yes\n2,1,,,no\n3,1,,,\n")
    assert read.outcomes["right_action"].tolist() == ["lend", "decline"]
    assert read.outcomes["case_id"].tolist() == ["1", "2"]


def test_an_outcome_known_tomorrow_is_refused():
    text = "case_id,Amount,region,remark,repaid,known_at\n1,1,,,yes,2030-01-01\n"
    (problem,) = refused(text, now=datetime(2024, 1, 1))
    assert (problem.row, problem.column) == (2, "known_at")


def test_every_problem_is_listed_at_once_with_row_and_column():
    problems = refused(
        "request,Amount,region,remark\n1,12%,north,ok\n1,2,nrth,=1+1\n,3,south,ok\n" + "x" * 201 + ",1,,\n"
    )
    found = {(p.row, p.column) for p in problems}
    assert found == {
        (2, "Amount"),
        (3, "request"),
        (3, "region"),
        (3, "remark"),
        (4, "request"),
        (5, "request"),
    }
    assert all(p.remedy and len(p.value) <= 80 for p in problems)


def test_a_repeated_case_names_both_rows():
    (problem,) = refused("request,Amount,region,remark\na,1,,\nb,1,,\na,1,,\n")
    assert problem.row == 4
    assert "Row 2" in problem.problem


def test_a_declared_feature_without_its_column_is_refused_with_the_likely_one():
    (problem,) = refused("request,Amount,Region,remark\na,1,,\n")
    assert "'Region'" in problem.problem
    assert "remove [features.region]" in problem.remedy


def test_two_names_of_a_column_must_agree():
    assert check("request,case_id,Amount,region,remark\n1,1,2,,\n").frame["case_id"].tolist() == ["1"]
    (problem,) = refused("request,case_id,Amount,region,remark\n1,2,2,,\n")
    assert "different values" in problem.problem


def test_a_heading_of_one_feature_is_not_the_product_name_of_another():
    text = 'title="D"\n[actions]\na="A"\nb="B"\n[features.x]\ncolumn="y"\n[features.y]\ncolumn="z"'
    read = check("case_id,y,z\n1,2,3\n", parse_domain("d", text))
    assert read.frame[["x", "y"]].values.tolist() == [[2, 3]]


def test_own_names_for_received_and_due():
    text = 'title="D"\nreceived_at="in"\ndue_at="until"\n[actions]\na="A"\nb="B"'
    read = check("case_id,in,until\n1,2024-01-01,2024-02-01\n", parse_domain("d", text))
    assert read.frame["due_at"][0] == pd.Timestamp("2024-02-01")


def test_only_the_first_200_problems_are_listed_and_all_are_counted():
    rows = "\n".join(f"{i},x,," for i in range(500))
    with pytest.raises(ImportRefused, match="500 problems; the first 200") as caught:
        check("request,Amount,region,remark\n" + rows)
    assert [p.row for p in caught.value.problems] == list(range(2, 202))


def test_terminal_codes_in_cells_are_not_repeated_raw():
    problems = refused("request,Amount,region,remark\n1,\x1b[31mred,,\n")
    assert "\x1b" not in problems[0].value + str(problems[0])


def test_a_typed_table_needs_no_text():
    frame = pd.DataFrame(
        {"request": [1.0, 2.0], "Amount": [1, 2], "region": ["north", None], "remark": ["a", "b"]}
    )
    read = check_cases(Table(frame, "t", False), DOMAIN)
    assert read.frame["case_id"].tolist() == ["1", "2"]
