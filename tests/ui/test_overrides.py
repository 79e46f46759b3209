"""The Overrides page: filters in the URL, small counts in words, searchable rationales, safe files."""

import csv
import io
import json
from datetime import datetime

import pandas as pd
import pyarrow.parquet as pq

from rhml.ui import exports
from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log

ABOUT = exports.about("Overrides: Loans", filters="Manager: m1, m2", rows=2, what="overrides", versions=["v1"],
                      at=datetime(2026, 3, 1, 9))  # fmt: skip


def texts(page) -> str:
    return " ".join(m.value for m in page.markdown)


def test_a_high_rate_is_put_beside_its_limits_and_its_outcomes(loans_log):
    loans_log()
    page = opened("overrides")
    assert not page.exception
    assert "above 10%" in texts(page) and "judge by outcome" in texts(page)
    assert {"Rescued", "Spoiled", "Not yet known"} <= {m.label for m in page.metric}
    assert "Right when they differed: **" in texts(page) and "€" in texts(page)


def test_filters_come_from_the_address(loans_log):
    loans_log()
    page = opened("overrides", in_reason="Data is wrong", words="contract")
    assert not page.exception
    assert page.multiselect(key="in_reason").value == ["Data is wrong"]
    assert "Looking at: Reason" in texts(page)
    assert "New information" not in texts(page)
    page.button(key="clear").click().run()
    assert page.multiselect(key="in_reason").value == [] and page.text_input(key="words").value == ""


def test_small_counts_are_words(loans_log):
    loans_log()
    page = opened("overrides", split="Month")
    table = page.dataframe[0].value
    assert "too few to say" in table["Right when they differed"][0]


def test_a_manager_sees_no_numbers_of_other_managers(loans_log):
    loans_log()
    page = opened("overrides")
    page.selectbox(key="person").select("m1").run()
    assert not page.exception
    assert "Manager" not in page.selectbox(key="split").options
    assert not [m for m in page.multiselect if m.key == "in_manager"]
    assert "m2" not in texts(page) and "another manager" in texts(page)


def test_a_word_nobody_wrote_leaves_a_sentence(loans_log):
    loans_log()
    page = opened("overrides", words="zebra")
    assert "No override is left" in page.info[0].value and page.button(key="clear")


def test_rationales_are_shown_as_typed(loans_log):
    loans_log()
    page = opened("overrides", words="bank's")
    assert "100% of \\_late\\_ payments" in texts(page)


def test_without_outcomes_worth_cannot_be_known(loans_log):
    loans_log(text=LOANS, outcomes=0)
    page = opened("overrides")
    assert not page.exception
    assert "cannot be known" in texts(page)


def test_before_the_first_decision_the_page_offers_the_next_step(loans_log):
    loans_log(decisions=False, outcomes=0)
    page = opened("overrides")
    assert not page.exception
    assert "Nothing is here yet" in page.info[0].value
    assert not page.multiselect, "a filter with nothing to choose helps nobody"


def test_a_csv_prints_itself_and_runs_nothing():
    table = pd.DataFrame(
        {
            "case_id": ["a1", "@a2"],
            "rationale": ['=HYPERLINK("x")', None],
            "value": [-3.5, 1.0],
            "=odd": ["\tx", "ok"],
        }
    )
    text = exports.csv_bytes(table, ABOUT).decode("utf-8-sig")
    lines = text.splitlines()
    skip = next(i for i, line in enumerate(lines) if not line.lstrip('"').startswith("#"))
    assert lines[0].startswith(f"# The table begins in line {skip + 1};") or f"line {skip + 1};" in lines[0]
    for printed in ("Manager: m1, m2", "2 overrides", "2026-03-01 09:00 UTC", "v1"):
        assert printed in text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r"))]
    back = pd.read_csv(io.StringIO(text), skiprows=skip)
    assert back["value"].tolist() == [-3.5, 1.0] and back["rationale"][0] == '\'=HYPERLINK("x")'


def test_a_parquet_file_prints_itself_and_keeps_what_was_typed():
    table = pd.DataFrame({"rationale": ["=1+1"]})
    held = pq.read_table(io.BytesIO(exports.parquet_bytes(table, ABOUT)))
    assert held.to_pandas()["rationale"].tolist() == ["=1+1"]
    assert json.loads(held.schema.metadata[b"about"])["filters"] == "Manager: m1, m2"


def test_managers_are_told_that_the_bank_is_left_out(loans_log):
    loans_log()
    page = opened("overrides")
    assert not any("bank" in c.value for c in page.caption)
    page.selectbox(key="person").select("m1").run()
    assert any("Without the" in c.value and "bank" in c.value for c in page.caption)
