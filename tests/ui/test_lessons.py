"""Lessons on My learning and on Team: who sees which, and what their buttons record."""

import shutil

import pytest
import streamlit as st

from rhml.loop.teams import set_role
from rhml.store import lessons as kept
from rhml.store import organization
from rhml.ui import resources
from tests.lessons_desk import desk
from tests.loans import NOW
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened as opened_page


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    path = tmp_path_factory.mktemp("lessons") / "log.duckdb"
    log, _, _ = desk(path)
    for who, role in (("boss", "lead"), ("m1", "manager"), ("m2", "manager")):
        set_role(log, who, role, by="boss", at=NOW)
    log.close()
    return path


@pytest.fixture
def opened(original, tmp_path, monkeypatch):
    shutil.copy(original, tmp_path / "log.duckdb")
    url = f"duckdb:///{tmp_path / 'log.duckdb'}"
    monkeypatch.setenv("RHML_DB", url)
    yield
    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def page(name, who):
    at = opened_page(name, domain="planted", view="Lessons")
    at.selectbox(key="person").select(who).run()
    assert not at.exception
    return at


def said(at):
    return " ".join(m.value for m in (*at.markdown, *at.caption))


def held():
    log = resources.store()
    return kept.held(log, organization.domain(log, "planted"))


def test_a_person_sees_the_own_lesson_and_sends_it_to_drills(opened):
    at = page("my_learning", "m1")
    own = next(x for x in held() if x.manager == "m1")
    assert "Only you see these" in said(at) and "you differed from the model" in said(at)
    at.button(key=f"to_own_drills_{own.lesson_id}").click().run()
    assert next(x for x in held() if x.manager == "m1").state == "to own drills"
    assert "The lesson is in your drills" in at.success[0].value


def test_nobody_else_sees_it(opened):
    for who in ("m2", "boss"):
        assert "you differed" not in said(page("my_learning", who))
        assert "you differed" not in said(page("team", who))


def test_a_lead_teaches_the_team_with_a_reason(opened):
    at = page("team", "boss")
    lesson = next(x for x in held() if x.manager is None and x.learner == "people")
    press = f"teach_the_team_{lesson.lesson_id}"
    at.button(key=press).click().run()
    assert "Say why" in at.error[0].value
    at.text_input(key=f"why_{lesson.lesson_id}").input("It costs us most").run()
    at.button(key=press).click().run()
    assert next(x for x in held() if x.lesson_id == lesson.lesson_id).state == "teach the team"
    assert "It costs us most" in said(at)


def test_only_the_models_lesson_can_be_taught_to_the_model(opened):
    keys = {b.key for b in page("team", "boss").button}
    for lesson in held():
        if lesson.manager is None:
            assert (f"teach_the_model_{lesson.lesson_id}" in keys) == (lesson.learner == "model")


def test_a_manager_reads_the_teams_lessons_and_changes_none(opened):
    at = page("team", "m2")
    assert "people differed from the model" in said(at)
    assert not [b for b in at.button if b.key and b.key.startswith(("teach_", "withdrawn_", "not_yet_"))]


def test_without_a_lesson_the_page_says_why(loans_log):
    loans_log()
    at = opened_page("my_learning", view="Lessons")
    assert "No lesson has been looked for yet" in at.info[0].value
