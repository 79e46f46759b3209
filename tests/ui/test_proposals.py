"""The Models page's proposals: what people ask for, what it would cost or gain, and only a lead answers."""

import shutil

import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.store import jobs, organization, proposals, waiting
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.loans import LOANS, NOW, csv, loan_cases, right_action
from tests.ui.log_of_loans import opened

HOSTILE = "<img src=x onerror=alert(1)> **[x](http://x)** $y$ =1+1"
EVIDENCE = {
    "how": "trained", "cases": 420, "bank": 253, "changed": 60, "measure": "accuracy", "won": 22, "lost": 38,
    "gain": {"value": -0.038, "low": -0.068, "high": -0.008, "n": 420, "why": ""}, "champion": None,
    "support": {"overrides": 32, "term": "visit", "words": []}, "p": 0.001, "examples": [HOSTILE],
}  # fmt: skip


def proposal(kind, content, name):
    return proposals.Proposal(name, kind, content, f"4 officers said {HOSTILE}.", EVIDENCE, 1, NOW, "lead")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("proposals") / "log.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    loans, cases = parse_domain("loans", LOANS), loan_cases(60)
    outcomes = cases[["case_id"]].assign(right_action=right_action(cases), known_at="2026-03-01")
    onboard(log, loans, cases=csv(cases), outcomes=csv(outcomes[:40]), by="lead", at=NOW)
    for person, role in (("lead", "lead"), ("m1", "manager")):
        log.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="lead"))
    log.close()
    return path


@pytest.fixture
def page(made, tmp_path, monkeypatch):
    """Opens a page of the app on a log with the proposals given."""
    shutil.copy(made, tmp_path / "log.duckdb")
    monkeypatch.setenv("RHML_DB", f"duckdb:///{tmp_path / 'log.duckdb'}")

    def open_(file="models", *found, **query):
        if found:
            resources.store().write(lambda tx: proposals.add(tx, "loans", list(found)))
        about = {"view": "Proposals"} if file == "models" else {}
        return opened(file, domain="loans", **about, **query)

    yield open_
    store, worker = resources._opened(resources.url())
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


DROP = proposal("drop", {"feature": "late"}, "p-drop")
COLLECT = proposal("collect", {"name": "visit", "label": "Visit", "kind": "yes_no"}, "p-collect")


def said(app) -> str:
    return " ".join(m.value for m in [*app.markdown, *app.info, *app.success, *app.caption])


def test_with_nothing_proposed_the_page_says_what_would_be(page):
    app = page()
    assert not app.exception
    assert "Nothing has been proposed yet" in app.info[0].value
    assert app.button(key="propose").label == "Look for proposals"


def test_a_proposal_shows_who_asks_what_it_costs_and_no_markup_of_theirs(page):
    app = page("models", DROP)
    assert not app.exception
    text = said(app)
    assert "Drop “Late” from the model" in text
    assert "**−3.8 points (−6.8 to −0.8; n 420)**: a cost; better in 22 and worse in 38 of 420 cases." in text
    live = text.replace("\\<", "").replace("\\]", "").replace("\\*", "").replace("\\$", "")
    assert "<img" not in live and "](http" not in live and "**[" not in live and "\\<img" in text


def test_only_a_lead_is_offered_an_answer(page):
    app = page("models", DROP)
    app.selectbox(key="person").select("m1").run()
    assert "Drop “Late”" in said(app)
    assert not [b for b in app.button if b.key and b.key.startswith(("accept", "decline", "propose"))]


def test_an_answer_needs_a_reason(page):
    app = page("models", DROP)
    app.button(key="accept_p-drop").click().run()
    assert "Say why" in app.error[0].value
    assert proposals.proposal(resources.store(), "loans", "p-drop").decided is None


def test_a_declined_proposal_moves_to_those_decided_earlier(page):
    app = page("models", DROP)
    app.text_input(key="why_p-drop").input("It costs too much")
    app.button(key="decline_p-drop").click().run()
    assert not app.exception
    assert "Declined" in app.success[0].value
    assert "It costs too much" in app.table[0].value.to_string()
    assert resources.domain("loans").feature("late").use


def test_accepting_a_field_makes_it_part_of_the_card(page):
    app = page("models", COLLECT)
    app.text_input(key="label_p-collect").input("Site visited")
    app.selectbox(key="kind_p-collect").select("yes_no")
    app.text_input(key="why_p-collect").input("We can ask")
    app.button(key="accept_p-collect").click().run()
    assert not app.exception
    assert "**Site visited**: not used yet; 0 of 50 values" in said(app)
    log, loans = resources.store(), resources.domain("loans")
    case_id = waiting.page(log, loans, waiting.Queue("m1"), now=NOW, limit=1)[0]["case_id"]
    card = page("decide", case=case_id)
    assert not card.exception
    card.radio(key=f"collect-site_visited-{case_id}").set_value("yes")
    next(b for b in card.button if b.label == "Save what you know").click().run()
    assert not card.exception
    assert log.read("SELECT value, by_whom FROM loans.case_values") == [("true", "lead")]
    assert not card.radio


def test_accepting_an_edit_asks_for_a_retraining(page):
    app = page("models", DROP)
    app.text_input(key="why_p-drop").input("Nobody trusts it")
    app.button(key="accept_p-drop").click().run()
    assert not app.exception
    assert not resources.domain("loans").feature("late").use
    assert jobs.latest(resources.store(), kind="retrain", domain="loans", limit=1)
