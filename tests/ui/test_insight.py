"""The Models page's Explanation: what moves a version, and what changed with it."""

import shutil
import time

import pytest
import streamlit as st

from rhml.loop.insight import CHANGES, VIEW, insight
from rhml.store import jobs, organization, studies
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.ui.log_of_loans import NOW, fill, learn, opened
from tests.ui.log_of_loans import loans_log as loans_log


@pytest.fixture(scope="module")
def two_versions(tmp_path_factory):
    """A log with two versions, the second of them explained; made once, every test has a copy."""
    path = tmp_path_factory.mktemp("explained") / "log.duckdb"
    store = open_store(f"duckdb:///{path}", now=NOW)
    fill(store)
    domain = organization.domain(store, "loans")
    learn(store, domain)
    insight(store, domain, "v2", by="lead", at=NOW, progress=lambda share, words: None)
    store.close()
    return path


@pytest.fixture
def explained(two_versions, tmp_path, monkeypatch):
    """Opens the Explanation of a version in a copy of the log."""
    url = f"duckdb:///{shutil.copy(two_versions, tmp_path / 'copy.duckdb')}"
    monkeypatch.setenv("RHML_DB", url)

    def look(version="v2", **query):
        page = opened("models", view="Explanation", version=version, **query)
        assert not page.exception
        return page

    yield look
    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def texts(page) -> str:
    return " ".join(m.value for m in [*page.markdown, *page.caption]).replace("\\", "")


def finished(kind: str) -> jobs.Job:
    for _ in range(600):
        newest = jobs.latest(resources.store(), kind=kind, domain="loans", limit=1)
        if newest and newest[0].state not in jobs.OPEN:
            return newest[0]
        time.sleep(0.05)
    raise AssertionError(f"the {kind} job did not end")


def headers(page) -> list[str]:
    return [h.value for h in page.header]


def test_without_a_model_the_view_says_what_is_missing(loans_log):
    loans_log(outcomes=30)
    page = opened("models", view="Explanation")
    assert not page.exception
    assert "the log holds 30" in page.info[0].value


def test_the_first_look_at_a_version_asks_for_its_explanation(explained):
    explained("v1")
    assert finished("insight").state == "done"
    assert headers(explained("v1"))[0] == "What moves it"
    assert studies.newest(resources.store(), "loans", VIEW, "v1").made_by == "lead"


def test_anyone_reads_what_moves_a_version(explained):
    page = explained()
    page.selectbox(key="person").select("analyst").run()
    assert not page.exception
    assert headers(page) == [
        "What moves it", "How a factor bears on it", "Two factors together", "In each segment", "What changed with it",
    ]  # fmt: skip
    view = studies.newest(resources.store(), "loans", VIEW, "v2").content
    assert f"on {view['n']} applications outside the bank" in texts(page)


def test_every_number_stands_with_its_interval_and_its_count(explained):
    said = " ".join(str(cell) for table in explained().table for cell in table.value.to_numpy().ravel())
    assert said.replace("\\", "").count("; n ") > 10


def test_a_factor_is_chosen_by_the_address_and_drawn(explained):
    for factor, shown in (("sector", "Sector"), ("late", "Late payments")):
        assert explained(factor=shown).selectbox(key="factor").value == factor


def test_what_changed_is_told_against_the_champion_with_the_waiting_cases(explained):
    page = explained()
    assert page.selectbox(key="against").value == "v1"
    assert studies.newest(resources.store(), "loans", CHANGES, "v2").content["against"] == "v1"
    assert "It recommends something else in" in texts(page)


def test_another_comparison_is_worked_out_when_asked_for(explained):
    explained("v1")
    finished("insight")
    page = explained("v1")
    assert "v1 has not been compared with v2 yet" in texts(page)
    page.button(key="compare").click().run()
    assert finished("insight").state == "done"
    page = explained("v1")
    assert studies.newest(resources.store(), "loans", CHANGES, "v1").content["against"] == "v2"
    assert "It recommends something else in" in texts(page)
