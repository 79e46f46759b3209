"""The view Corrections of the Models page, and what a card and the list say of a correction."""

import pandas as pd
import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.loop.apply_correction import apply
from rhml.loop.correct import correct
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.store import case_file, corrections, organization
from rhml.store.opening import open_store
from rhml.ui import account, correction_line, reasons, waiting_list, waterfall
from rhml.ui.resources import correction_words
from tests.flipped import FLIPPED, firms, outcomes, table
from tests.loans import NOW
from tests.ui.log_of_loans import opened as opened_page


@pytest.fixture(scope="module")
def log_file(tmp_path_factory):
    """A log with a live model, a proposed correction and recommendations."""
    path = tmp_path_factory.mktemp("corrections") / "log.duckdb"
    log = open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", FLIPPED)
    first, later = firms(700, 1), firms(1_000, 3, start=1_000)
    files = {"cases": table(first), "outcomes": table(outcomes(first, 2, turned=False))}
    onboard(log, domain, **files, by="lead", at=NOW)
    log.write(lambda tx: organization.set_role(tx, "lead", "lead", at=NOW, by="lead"))
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    done = retrain(log, domain, by="lead", at=NOW, progress=lambda share, words: None)
    promote(log, domain, done.version, by="lead", why="the first", at=NOW)
    onboard(log, domain, cases=table(later), by="lead", at=NOW)
    recommend_waiting(log, domain, at=NOW, progress=lambda share, words: None)
    right = outcomes(later, 4, turned=True).assign(known_at=pd.Timestamp("2026-02-01"))
    resolve(log, domain, right[:800], by="lead", at=NOW)
    assert correct(log, domain, by="lead", at=NOW).proposed == ("k1",)
    log.close()
    return path


@pytest.fixture
def opened(log_file, tmp_path, monkeypatch):
    copy = tmp_path / "log.duckdb"
    copy.write_bytes(log_file.read_bytes())
    url = f"duckdb:///{copy}"
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setenv("RHML_DB", url)
    yield url
    from rhml.ui import resources

    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()


def page(person):
    app = opened_page("models", view="Corrections", domain="loans")
    if person != "lead":
        app.selectbox(key="person").select(person).run()
    assert not app.exception
    return app


def said(app):
    return "\n".join(element.value for kind in ("markdown", "info", "caption", "success", "error")
                     for element in getattr(app, kind))  # fmt: skip


def test_a_correction_is_told_with_its_evidence_and_what_is_missing(opened):
    words = said(page("m1"))
    assert "Years in business under" in words and "proposed, too early to say" in words
    assert "It rests on" in words and "only later ones can prove it" in words
    assert "Only a lead may apply" in words


def test_a_manager_has_no_buttons(opened):
    assert not [b for b in page("m1").button if b.key and b.key.startswith(("apply", "off"))]


def test_a_lead_applies_with_a_reason_and_is_told_what_it_changed(opened):
    app = page("lead")
    app.button(key="apply_k1").click().run()
    assert any("Say why" in error.value for error in app.error)
    app = page("lead")
    app.text_input(key="why_k1").set_value("it is plain").run()
    app.checkbox(key="anyway_k1").check().run()
    app.button(key="apply_k1").click().run()
    assert not app.exception and "made anew" in said(app) and "in force since" in said(app)
    assert "it is plain" in said(app)


def test_a_lead_refuses_it(opened):
    app = page("lead")
    app.text_input(key="why_k1").set_value("a file was wrong").run()
    app.button(key="off_k1").click().run()
    assert "is refused" in said(app) and "switched off" in said(app)


def test_the_card_tells_the_correction_as_a_line_that_adds_up(opened):
    from rhml.ui import resources

    store, domain = resources.store(), parse_domain("loans", FLIPPED)
    apply(store, domain, "k1", by="lead", why="urgent", at=NOW, anyway=True)
    [(shown_id,), *_] = store.read(
        "SELECT recommendation_id FROM loans.recommendations WHERE corrections IS NOT NULL AND action <> uncorrected_action"
    )
    shown = case_file.recommendation(store, "loans", shown_id)
    assert "Changed by the team’s correction" in correction_line.on_card(domain, shown)
    found = account.account(
        points=shown.points, base=shown.base, probability=shown.probability, correction=shown.correction
    )
    parts = found.start + sum(line.points for line in found.shown) + found.rest + found.correction
    assert parts == found.total == round(100 * shown.probability)
    [held] = corrections.corrections(store, "loans")
    assert correction_words("loans", shown.corrections, shown.made_at) == (held.now.sentence,)
    assert "lowered it by" in reasons.correction_sentence(-0.12, -12)
    assert waterfall.MOST


def test_the_list_marks_what_a_correction_changed():
    domain = parse_domain("loans", FLIPPED)
    row = {"mode": "assisted", "scored": True, "action": "lend", "probability": 0.9, "unlike": False}
    assert "correction" not in waiting_list.suggested(domain, row | {"uncorrected_action": "lend"})
    assert "changed by the team’s correction" in waiting_list.suggested(
        domain, row | {"uncorrected_action": "decline"}
    )
