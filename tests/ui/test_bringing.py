"""From an organization's own table to the first card, without TOML: the guided form, the import, the first steps."""

import time

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.demo.templates import template
from rhml.intake.drafting.draft import draft
from rhml.intake.tables import read_bytes
from rhml.loop import uploads
from rhml.loop.uploads import File
from rhml.store import frames, jobs, organization, registry, waiting
from rhml.ui import resources
from tests.ui.log_of_loans import NOW, opened
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.test_organization import ended, pressed, said

PAGE = """
from pathlib import Path
import streamlit as st
from rhml.intake.tables import read_bytes
from rhml.intake.drafting.writing import write
from rhml.ui.bringing import columns, drafted, form
class File:
    file_id = "f1"
table = read_bytes("parcels.csv", Path({path!r}).read_bytes())
lent = drafted.start_from(table, "f1")
guessed, choices = drafted.guessed("f1", table)
roles = form.roles("f1", guessed, choices)
plan = drafted.drafted("f1", "parcels", table, lent, roles)
plan = form.answers(plan, "k" + str(abs(hash(roles))) + (lent.name if lent else ""))
plan = columns.columns(plan, "k")
plan = form.wording(plan, "w")
plan = form.stake(plan, "s")
st.code(write(plan))
"""
N = 220


def parcels() -> pd.DataFrame:
    draw = np.random.default_rng(9)
    far = draw.normal(300, 90, N)
    late = draw.random(N) < 1 / (1 + np.exp(-(far - 300) / 60))
    paid = np.where(late & (draw.random(N) < 0.9), 20.0, 0.0)
    return pd.DataFrame({
        "Parcel no": [f"P{i}" for i in range(N)], "Distance (km)": far.round(), "carrier": draw.choice(["A", "B"], N),
        "order value": draw.integers(10, 900, N), "driver age": draw.integers(20, 60, N), "penalty paid": paid,
        "Delivery status": np.where(late, "Delayed", "On time"),
    })  # fmt: skip


@pytest.fixture
def form(tmp_path) -> AppTest:
    """The guided form on a table of parcels."""
    path = tmp_path / "parcels.csv"
    parcels().to_csv(path, index=False)
    # AppTest itself keeps the form's format functions in the session, where the app allows no functions.
    st.config.set_option("runner.enforceSerializableSessionState", False)
    page = AppTest.from_string(PAGE.format(path=str(path)), default_timeout=30).run()
    assert not page.exception
    return page


def domain_of(page):
    assert not page.exception
    return parse_domain("parcels", page.code[0].value)


def chosen(page, label, value):
    next(s for s in page.selectbox if s.label.startswith(label)).select(value)
    return page.run()


def test_a_form_that_nobody_touches_is_a_domain(form):
    domain = domain_of(form)
    assert domain.action_keys == ("go", "change") and domain.terms.manager == "dispatcher"
    assert (domain.case_id, domain.outcome.column, domain.value.column) == (
        "Parcel no",
        "Delivery status",
        "order_value",
    )
    assert domain.segments.protected == ("driver_age",)
    assert "penalty_paid" not in {f.name for f in domain.features}
    assert "filled in only after the end" in form.warning[0].value


def test_another_field_lends_other_buttons(form):
    form.session_state["field_f1"] = "organizational"
    domain = domain_of(form.run())
    assert domain.action_keys == ("approve", "send_back")
    form.session_state["field_f1"] = "My table alone"
    assert [a.label for a in domain_of(form.run()).actions] == ["On time", "Delayed"]


def test_words_and_meanings_are_changed_without_toml(form):
    page = chosen(form, "Delivery status = On time", "change")
    page = chosen(page, "Delivery status = Delayed", "go")
    next(t for t in page.text_input if t.label == "One case is called").set_value("crate")
    next(t for t in page.text_input if t.label.startswith("Button, where")).set_value("Ship it")
    domain = domain_of(page.run())
    assert domain.outcome.means == {"On time": "change", "Delayed": "go"}
    assert (
        domain.terms.case == "crate" and domain.actions[0].label == "Ship it" and "ship it" in domain.question
    )


def test_a_column_that_is_ticked_is_read_again(form):
    page = form
    assert page.dataframe[0].value.iloc[0]["Column"] == "penalty paid"


def test_another_outcome_changes_what_is_suspected(form):
    page = chosen(form, "Which column says how it ended?", "")
    assert domain_of(page).outcome is None
    assert domain_of(page).action_keys == ("go", "change")


def brought(hold=25, frame=None):
    frame = parcels() if frame is None else frame
    table = read_bytes("parcels.csv", frame.to_csv(index=False).encode())
    text = draft(table, name="parcels", template=template("logistics"))
    token = uploads.keep(
        "parcels", text, {"cases": File("parcels.csv", frame.to_csv(index=False).encode())}, hold=hold
    )
    resources.ask_for("onboard", domain="parcels", by="lead", arguments={"upload": token, "train": "yes"})
    assert ended("onboard").state == "done"


def trained():
    for _ in range(400):
        found = jobs.latest(resources.store(), kind="retrain", domain="parcels", limit=1)
        if found and found[0].state not in jobs.OPEN:
            return found[0]
        time.sleep(0.05)
    raise AssertionError("no training")


def test_a_first_import_trains_and_two_clicks_lead_to_the_first_card(loans_log):
    loans_log()
    brought()
    assert trained().state == "done"
    page = opened("organization")
    assert "never learned from" in said(page)
    page = pressed(page, "Let it recommend")
    assert not page.exception
    assert registry.live_version(resources.store(), "parcels") == "v1"
    ended("recommend")
    domain = resources.domain("parcels")
    waits = waiting.count(resources.store(), domain, waiting.Queue("lead"), now=NOW)["cases"]
    assert waits == 25 == len(frames.recommended(resources.store(), domain))
    assert any(b.label == "Decide the first of 25 parcels" for b in opened("organization").button)


def test_a_table_too_small_for_a_model_says_so_leads_on_and_is_closed(loans_log):
    loans_log()
    brought(hold=0, frame=parcels().head(30))
    assert trained().state == "refused"
    page = opened("organization")
    assert page.warning and any(b.label == "Decide the first one" for b in page.button)
    page = pressed(page, "Close")
    assert "from your table to the first card" not in said(page)
    assert "parcels" in organization.domain_names(resources.store())
