"""Kinds, units and what stands for nothing are guessed from the cells, and the table can then be imported."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.cases import check_cases
from rhml.intake.drafting.draft import planned
from rhml.intake.drafting.guesses import guess
from rhml.intake.drafting.writing import write
from rhml.intake.ids import FROM_ROW
from rhml.intake.tables import read_bytes


def of(*cells, heading="x"):
    return guess(heading, "x", pd.Series([*cells] * 20, dtype="str"))


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1,5", "2,25", "k.A."], "number"), (["12 %", "7 %", "?"], "number"), (["€ 1,200", "€ 950", ""], "number"),
        (["3", "4", "#DIV/0!"], "number"), (["ja", "nein", "unbekannt"], "yes_no"), (["是", "否"], "yes_no"),
        (["31.12.23", "1.2.24", "-"], "date"), (["12/31/2023 1:05 PM", "1/2/2024 9:10 AM"], "date"), (["Dec-2015", "Jan-2016"], "date"),
        (["007", "013"], "category"), (["A1", "B2", "C3"], "category"), (["36 months", "60 months"], "number"),
    ],
)  # fmt: skip
def test_cells_as_exports_write_them_have_a_kind(cells, kind):
    assert of(*cells).kind == kind


def test_a_code_for_nothing_is_missing():
    assert of("-999", "3", "4").missing == (-999.0,)
    assert of("999999", *"123456789").missing == (999999.0,)
    assert of("-1", "3", "4").missing == ()


def test_a_postcode_is_no_quantity():
    assert of("10115", "20095", heading="PLZ").kind == "category"


def imported(frame):
    table = read_bytes("t.csv", frame.to_csv(index=False).encode())
    plan = planned(table, name="t")
    return plan, check_cases(table, parse_domain("t", write(plan)))


def test_rows_without_a_name_get_one_made_of_what_they_say():
    frame = pd.DataFrame({"a": [1, 2, 2, 3] * 10, "b": ["x", "y", "y", "z"] * 10})
    plan, read = imported(frame)
    assert parse_domain("t", write(plan)).case_id == FROM_ROW
    assert read.frame["case_id"].is_unique
    again = imported(frame)[1].frame["case_id"]
    assert again.tolist() == read.frame["case_id"].tolist()
    more = imported(pd.concat([frame, pd.DataFrame({"a": [9], "b": ["w"]})]))[1].frame["case_id"]
    assert more.tolist()[:-1] == read.frame["case_id"].tolist()


def test_a_name_that_repeats_is_told_and_no_name():
    plan, read = imported(pd.DataFrame({"case_id": [1, 1, 2] * 10, "a": np.linspace(0, 1, 30)}))
    assert any("names several rows alike" in question for question in plan.questions)
    assert read.frame["case_id"].is_unique


def test_a_long_text_is_never_the_name_of_a_case():
    frame = pd.DataFrame(
        {"v1": ["ham", "spam"] * 50, "v2": [f"please call number {i} today" for i in range(100)]}
    )
    plan, _ = imported(frame)
    assert plan.sketch.case_id is None and plan.outcome.answer.heading == "v1"


def test_a_count_is_no_outcome():
    draw = np.random.default_rng(1)
    frame = pd.DataFrame({"id": range(90), "amount": draw.normal(size=90), "late": draw.poisson(1.0, 90)})
    assert imported(frame)[0].outcome is None


def test_the_age_of_a_machine_is_not_protected_and_a_persons_is():
    draw = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "tool age": draw.integers(1, 90, 60),
            "Applicant age": draw.integers(18, 70, 60),
            "AGE": draw.integers(18, 70, 60),
        }
    )
    assert imported(frame)[0].protected == ("applicant_age", "age")


def test_two_columns_of_one_heading_are_told_apart():
    table = read_bytes("t.csv", b"id,a,a,\n1,2,3,4\n2,5,6,7\n")
    assert list(table.frame.columns) == ["id", "a", "a (2)", "column 4"] and "a (2)" in table.notes[-1]
