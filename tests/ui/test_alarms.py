"""Whether people still decide for themselves: Team → Alarms, My learning → Reliance, and the line on Improvement."""

from dataclasses import replace

import pytest
import streamlit as st

from rhml.loop.onboard import onboard
from rhml.loop.teams import set_role
from rhml.proof import plant
from rhml.proof.examination import NOW, files
from rhml.proof.organization import Organization, organization
from rhml.store import organization as kept
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.ui.log_of_loans import opened

FALLS = replace(plant.DESKILLING, change=-0.14, assisted=200)


@pytest.fixture
def planted_log(tmp_path, monkeypatch):
    """Makes a log of a planted organization with m1 in a role, and closes what the pages opened."""
    address = f"duckdb:///{tmp_path / 'pages.duckdb'}"

    def make(planted, *, role="lead"):
        store = open_store(address, now=NOW, secret="fixed for tests")
        onboard(store, Organization.domain(), **files(organization(planted, 2)), by="m1", at=NOW)
        set_role(store, "z lead", "lead", by="z lead", at=NOW)
        set_role(store, "m1", role, by="z lead", at=NOW)
        store.close()
        monkeypatch.setenv("RHML_DB", address)

    yield make
    store, worker = resources._opened(address)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def said(page) -> str:
    parts = (*page.markdown, *page.caption, *page.info, *page.warning, *page.success)
    return " ".join(str(part.value) for part in parts)


def test_a_lead_answers_a_raised_alarm_in_one_press(planted_log):
    planted_log(FALLS)
    page = opened("team", view="Alarms")
    assert not page.exception
    assert "Alarm since" in said(page) and "Deferring, not learning" in said(page)
    assert [h.value for h in page.header] == [
        "Deferring instead of learning", "Following the model into its mistakes",
        "Does the team know when the model is right?",
    ]  # fmt: skip
    page.button(key="raise_deskilling").click().run()
    assert not page.exception
    assert kept.domain(resources.store(), "planted").modes.first_call > 0.2
    assert "New cases ask for the own call first" in page.success[0].value
    assert "raise_deskilling" not in [b.key for b in page.button]
    assert "whether it helps will show here" in said(page)


def test_who_is_no_lead_reads_the_proposal_and_cannot_press_it(planted_log):
    planted_log(FALLS, role="manager")
    page = opened("team", view="Alarms")
    page.selectbox(key="person").select("m1").run()
    assert "What helps" in said(page) and "raise_deskilling" not in [b.key for b in page.button]


def test_improvement_tells_a_raised_alarm_in_one_line(planted_log):
    planted_log(FALLS)
    assert any("Deferring, not learning" in w.value for w in opened("improvement").warning)


def test_a_quiet_team_is_told_what_is_watched_and_when_the_next_look_comes(planted_log):
    planted_log(plant.STABLE.sized(200))
    page = opened("team", view="Alarms")
    assert not page.exception and not page.warning
    assert "Quiet" in said(page) and "The next look comes after" in said(page)
    assert not any("alarm" in w.value for w in opened("improvement").warning)


def test_a_young_team_is_told_how_many_calls_are_missing(planted_log):
    planted_log(plant.STABLE.sized(60))
    assert "about 180 more" in said(opened("team", view="Alarms"))


def test_a_manager_sees_whether_they_know_when_the_model_is_right(planted_log):
    planted_log(replace(plant.STABLE, managers=2).sized(300))
    page = opened("my_learning", view="Reliance")
    assert not page.exception
    assert [m.label for m in page.metric] == ["Followed, model right", "Followed, model wrong", "Difference"]
    assert "you followed the model in" in said(page)
