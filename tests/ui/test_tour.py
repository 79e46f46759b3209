"""The picker and the tour on the pages: only in a demo log, and with no check mark that the log does not bear out."""

from datetime import timedelta

import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.demo import touring
from rhml.demo.tour_steps import NEWCOMER
from rhml.demo.tours import tour_of
from rhml.intake.tables import read_bytes
from rhml.loop.decide import Choice, decide
from rhml.loop.onboard import onboard
from rhml.store import demo_log, jobs, organization, tours
from rhml.store.opening import open_store, utc_now
from rhml.ui import resources
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened

TOUR = tour_of("organizational")
REQUESTS = parse_domain(
    TOUR.domain,
    'title = "Purchase requests"\n[terms]\ncase = "request"\nmanager = "buyer"\n'
    '[actions]\napprove = "Approve"\nsend_back = "Send back"\n[outcome]\n[features.amount]\nkind = "number"\n',
)
CASES = "case_id,amount\n" + "".join(f"PR-{i},{100 * i}\n" for i in range(1, 6))


@pytest.fixture
def demo_url(tmp_path, monkeypatch):
    """A log that is known as a demo, with requests that wait and nothing else."""
    url = f"duckdb:///{tmp_path / 'demo.duckdb'}"
    store = open_store(url, now=utc_now())
    onboard(
        store, REQUESTS, cases=read_bytes("cases.csv", CASES.encode()), by="Lead",
        at=utc_now() - timedelta(days=1),
    )  # fmt: skip
    store.write(lambda tx: organization.set_role(tx, "Lead", "lead", at=utc_now(), by="Lead"))
    store.write(lambda tx: demo_log.mark(tx, "organizational", at=utc_now()))
    demo_log.keep_truth(store, TOUR.domain, {"PR-1": "send_back", "PR-2": "approve"})
    store.close()
    monkeypatch.setenv("RHML_DB", url)
    yield url
    log, worker = resources._opened(url)
    worker.stop()
    log.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def panel(page) -> str:
    return next((m.value for m in page.markdown if " of 5 · " in m.value or "on record" in m.value), "")


def on_tour(page):
    page.button(key="tour_begin").click().run()
    return page


def test_a_newcomer_is_invited_on_pending_and_may_decline(demo_url):
    page = opened("pending")
    assert any("Three minutes" in m.value for m in page.markdown)
    page.button(key="tour_not_now").click().run()
    assert not any("Three minutes" in m.value for m in page.markdown)
    assert not any("Three minutes" in m.value for m in opened("pending").markdown)


def test_an_organizations_own_log_has_no_picker_and_no_tour(loans_log):
    loans_log()
    page = opened("pending")
    assert not [b for b in page.button if b.key in ("five_fields", "tour_begin")]


def test_a_tour_begins_with_its_first_step_under_a_name_of_ones_own(demo_url):
    page = on_tour(opened("pending"))
    assert "1 of 5 · Decide one request" in panel(page)
    assert page.selectbox(key="person").value == NEWCOMER


def test_only_the_log_moves_the_tour_on(demo_url):
    page = on_tour(opened("pending"))
    page.run()
    assert "1 of 5" in panel(page)
    store = resources.store()
    domain = organization.domain(store, TOUR.domain)
    decide(store, domain, Choice("PR-1", "approve"), manager="Lead", at=utc_now())
    page.run()
    assert "1 of 5" in panel(page)
    decide(store, domain, Choice("PR-2", "approve"), manager=NEWCOMER, at=utc_now())
    page.run()
    assert "2 of 5 · Decide one differently" in panel(page)


def test_time_passes_for_what_the_newcomer_decided_and_for_nothing_else(demo_url):
    on_tour(opened("pending"))
    store = resources.store()
    domain = organization.domain(store, TOUR.domain)
    decide(store, domain, Choice("PR-1", "approve"), manager="Lead", at=utc_now())
    decide(store, domain, Choice("PR-2", "approve"), manager=NEWCOMER, at=utc_now())
    held = tours.of(store, NEWCOMER, "organizational")
    assert touring.let_time_pass(store, TOUR, held, at=utc_now()) == touring.Passed(known=1, never=0)
    known = store.read(f"SELECT case_id, right_action FROM {TOUR.domain}.current_outcomes")
    assert known == [("PR-2", "approve")]


def test_a_page_counts_as_read_only_when_it_was_drawn(demo_url):
    on_tour(opened("pending"))
    store = resources.store()
    held = tours.of(store, NEWCOMER, "organizational")
    assert "improvement" not in tours.looks(store, held)
    page = opened("improvement")
    page.selectbox(key="person").set_value(NEWCOMER).run()
    assert "improvement" in tours.looks(store, held)


def test_a_tour_can_be_folded_taken_up_again_and_ended(demo_url):
    page = on_tour(opened("pending"))
    page.button(key="tour_fold").click().run()
    assert panel(page) == "" and "0 of 5" in page.button(key="tour_unfold").label
    page.button(key="tour_unfold").click().run()
    assert "1 of 5" in panel(page)
    page.button(key="tour_end").click().run()
    assert panel(page) == ""
    assert panel(opened("pending")) == ""


def test_the_picker_tells_the_five_and_what_is_real(demo_url):
    page = opened("pending")
    page.button(key="five_fields").click().run()
    told = " ".join(c.value for c in page.caption).replace("\\", "")
    assert "Real: 1,989 applications" in told and "no message was written by a person" in told
    assert page.button(key="tour-organizational").label == "Take the tour"
    assert page.button(key="build-logistics").label == "Build"


def test_a_field_that_is_picked_is_built_by_the_worker(demo_url, monkeypatch):
    page = opened("pending")
    resources._opened(demo_url)[1].stop()
    page.button(key="five_fields").click().run()
    page.button(key="build-logistics").click().run()
    [asked] = jobs.latest(resources.store(), kind="demo")
    assert (asked.state, asked.arguments, asked.asked_by) == ("waiting", {"field": "logistics"}, NEWCOMER)


def test_people_of_other_fields_are_not_offered(demo_url):
    store = open_store_of(demo_url)
    for name in ("Buyer 1", "Dispatcher 1", "Somebody new"):
        store.write(lambda tx, n=name: organization.set_role(tx, n, "manager", at=utc_now(), by="Lead"))
    store.write(lambda tx: demo_log.mark(tx, "logistics", at=utc_now()))
    store.write(lambda tx: organization.set_role(tx, "Lead", "lead", at=utc_now(), by="Lead"))
    offered = opened("pending").selectbox(key="person").options
    assert "Buyer 1 (buyer)" in offered and "Somebody new (buyer)" in offered
    assert not any("Dispatcher" in one for one in offered)


def open_store_of(url):
    """The log as the pages hold it."""
    return resources.log_at(url)
