"""Improvement → Who taught whom: a list each way, numbers behind a click, cases behind two, and what next where empty."""

import shutil

import pytest

from rhml.store import organization
from tests.loans import NOW
from tests.taught_desk import desk, lesson
from tests.ui.log_of_loans import LOANS, opened
from tests.ui.log_of_loans import loans_log as loans_log

VIEW = "Who taught whom"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "log.duckdb"
    log, _ = desk(path, known=0.15, first=2_500, later=1_400, right=0.92, taught=(lesson("l1"),))
    for person, role in (("lead", "lead"), ("m1", "manager")):
        log.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))
    log.close()
    return path


@pytest.fixture
def taught(made, tmp_path, monkeypatch):
    shutil.copy(made, tmp_path / "log.duckdb")
    monkeypatch.setenv("RHML_DB", f"duckdb:///{tmp_path / 'log.duckdb'}")


def shown(person="lead"):
    page = opened("improvement", view=VIEW)
    page.selectbox(key="person").select(person).run()
    assert not page.exception
    return page


def said(page) -> str:
    html = [block.proto.body for block in page.get("html")]
    return " ".join(
        [*(part.value for part in (*page.markdown, *page.info, *page.caption, *page.header)), *html]
    ).replace("\\", "")


def test_both_lists_say_the_word_first_and_keep_numbers_and_cases_behind_it(taught):
    page = shown()
    text = said(page)
    assert "People → model" in text and "Model → people" in text
    assert "✓ Taught" in text and "What people called (v1, live)" in text
    assert "points (" in text and "Without: " in text and "the newest 12:" in text
    links = [link.proto.query_string for link in page.get("page_link")]
    assert any("case=c" in link for link in links)


def test_a_manager_reads_the_same_and_nobodys_name(taught):
    text = said(shown("m1"))
    assert "✓ Taught" in text
    assert not any(name in text for name in ("m2", "m3", "m4"))


def test_before_anything_is_taught_it_says_what_comes_next(loans_log):
    loans_log()
    page = shown()
    text = said(page)
    assert "there is no version of it yet" in text and "no lesson has been taught yet" in text
    labels = {link.proto.label for link in page.get("page_link")}
    assert {"Practice", "Retrain", "Team’s lessons"} <= labels


def test_without_outcomes_it_says_that_it_cannot_be_known(loans_log):
    loans_log(text=LOANS, outcomes=0)
    assert "cannot be known" in said(shown())
