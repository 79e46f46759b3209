"""The Equal treatment and Methods views, as a reader opens them."""

import numpy as np
import pytest
import streamlit as st

from rhml.intake.tables import Table
from rhml.loop.onboard import onboard
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.benchmarks.equal_treatment import DOMAIN, Scenario, decisions
from tests.loans import NOW
from tests.ui.log_of_loans import opened

COLUMNS = ["case_id", "manager", "mode", "first_action", "recommended_action", "recommended_confidence", "final_action",
           "decided_at"]  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    """A log in which lending is turned down more often in the south."""
    url = f"duckdb:///{tmp_path_factory.mktemp('treated')}/log.duckdb"
    rows = decisions(Scenario("8 points", unequal=0.12, decisions=4_000), 4)
    store = open_store(url, now=NOW)
    facts = rows[["case_id", "x0", "x1", "x2", "region", "age"]]
    outcomes = rows[["case_id", "right_action"]].assign(known_at=rows["decided_at"])
    given = {"cases": facts, "outcomes": outcomes, "decisions": rows[COLUMNS]}
    tables = {name: Table(frame.reset_index(drop=True), "test", False) for name, frame in given.items()}
    onboard(store, DOMAIN, **tables, by="operator", at=NOW)
    store.write(lambda tx: organization.set_role(tx, "lena", "lead", at=NOW, by="operator"))
    store.close()
    return url


@pytest.fixture
def view(held, monkeypatch):
    monkeypatch.setenv("RHML_DB", held)
    yield lambda name: opened("improvement", view=name)
    store, worker = resources._opened(held)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def said(page):
    return " ".join(str(one.value) for one in (*page.markdown, *page.caption, *page.info)).replace("\\", "")


def test_a_difference_is_shown_as_a_question_with_its_numbers(view):
    page = view("Equal treatment")
    assert not page.exception
    assert "1 difference to ask about" in said(page)
    assert "Is there a reason that the facts do not show?" in said(page)
    assert "accus" not in said(page).replace("never an accusation", "")


def test_the_table_has_every_kind_of_case_as_counted_and_on_like_cases(view):
    table = view("Equal treatment").dataframe[0].value
    assert set(table["Region"]) == {"north", "south", "east"}
    words = dict(zip(table["Region"], table["In words"], strict=True))
    assert words["south"].startswith("a question")
    assert all("points" in cell for cell in table["Difference on like cases"])


def test_another_column_and_measure_can_be_looked_at(view):
    page = view("Equal treatment")
    page.selectbox(key="protected").set_value("age").run()
    page.selectbox(key="treated").set_value("team_right").run()
    assert not page.exception
    assert "Age" in page.dataframe[0].value.columns


def test_methods_say_what_is_taken_for_granted_and_what_this_log_says(view):
    page = view("Methods")
    assert not page.exception
    assert "What can be known here" in said(page)
    assert "It takes for granted" in said(page)
    assert "4,000 decisions by 12 managers" in said(page)
    assert len(page.expander) >= 15


def test_nothing_of_the_question_names_a_person(view):
    shown = said(view("Equal treatment"))
    assert not any(f"m{k} " in shown for k in np.arange(12))
