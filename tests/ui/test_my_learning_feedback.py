"""What a person is told on My learning after the fact: what set them apart, who did what, and nothing of the bank."""

from datetime import timedelta

import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.loop import teach
from rhml.loop.decide import reverse
from rhml.loop.onboard import onboard
from rhml.store import frames, next_cases, organization
from rhml.store.opening import open_store, utc_now
from rhml.ui import resources
from tests.loans import LOANS, NOW, csv, loan_cases
from tests.loop.looking_back import decided, proved, score, waiting_ids
from tests.ui.log_of_loans import loans_log, opened  # noqa: F401
from tests.ui.waiting_loans import texts

POINTS = (0.05, 0.2, 0.01, 0.0, 0.0)


@pytest.fixture
def log(tmp_path, monkeypatch):
    """A desk of loans that are all recommended to be declined, and its people; the pages open the same log."""
    url = f"duckdb:///{tmp_path / 'told.duckdb'}"
    store = open_store(url, now=NOW, secret="fixed for tests")
    domain = parse_domain("loans", LOANS.replace("[actions]", '[terms]\ncase = "application"\n[actions]'))
    onboard(store, domain, cases=csv(loan_cases(90)), by="lead", at=NOW)
    for person, role in (("lead", "lead"), ("m1", "manager"), ("m2", "manager")):
        store.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))
    score(store, domain, {case: ("decline", POINTS) for case in frames.undecided(store, domain)["case_id"]})
    store.close()
    monkeypatch.setenv("RHML_DB", url)
    yield resources.store()
    opened_store, worker = resources._opened(url)
    worker.stop()
    opened_store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def loans(log):
    return resources.domain("loans")


def page(name="my_learning", person="m1", **query):
    app = opened(name, **query)
    app.selectbox(key="person").select(person).run()
    assert not app.exception and not app.error
    return app


def test_a_dispute_is_told_with_its_factor_and_the_nearest_other_way(log, loans):
    one, other = waiting_ids(log, loans, "first_call")[:2]
    for case_id, right in ((one, "decline"), (other, "lend")):
        decided(log, loans, case_id, "lend", first="lend")
        proved(log, loans, case_id, right)
    said = texts(page())
    assert "So far, **2 outcomes**; your decision proved right in **1**." in said
    assert "Against the model: 1 right, 1 wrong" in said
    assert "What the model saw: **Late: " in said and "spoke for **Decline** by **20 points**." in said
    assert "is the nearest that went the other way: **Lend** proved right." in said
    assert "your own call: **Lend** (9 in 10) · the model's: **Decline** (8 in 10)" in said


def test_the_author_of_a_reversed_decision_hears_of_it_until_got_it(log, loans):
    one = waiting_ids(log, loans, "assisted")[0]
    made = decided(log, loans, one, "lend")
    reverse(log, loans, made.decision_id, by="lead", at=NOW + timedelta(hours=1), why="the *wrong* file")
    assert [p.label for p in page("pending").sidebar.get("page_link") if "News" in p.label] == [
        "News of your decisions: 1"
    ]
    app = page()
    assert "1 reversed by somebody else" in texts(app) and "“the *wrong* file”" in texts(app)
    app.button(key="got_it").click().run()
    assert "reversed by somebody else" not in texts(app)
    assert not [p for p in page("pending").sidebar.get("page_link") if "News" in p.label]


def test_a_lead_takes_a_decision_back_on_its_card_and_must_say_why(log, loans):
    one = waiting_ids(log, loans, "assisted")[0]
    decided(log, loans, one, "lend")
    card = page("decide", "lead", case=one)
    [submit] = [b for b in card.button if b.label == "Take it back"]
    submit.click().run()
    assert "or a lead who says why" in card.error[0].value
    card = page("decide", "lead", case=one)
    card.text_input[[t.label for t in card.text_input].index("Why")].set_value("the wrong file")
    [submit] = [b for b in card.button if b.label == "Take it back"]
    submit.click().run()
    assert "The model suggests" in texts(card)
    assert not [b for b in page("decide", "m2", case=one).button if b.label == "Take it back"]


def test_no_outcome_of_the_bank_reaches_who_decided_on_it(log, loans):
    bank, plain = waiting_ids(log, loans, "assisted", bank=True)[0], waiting_ids(log, loans, "assisted")[0]
    for case_id in (bank, plain):
        decided(log, loans, case_id, "lend")
        proved(log, loans, case_id, "decline")
    app = page()
    assert bank not in texts(app) and plain in str([p.label for p in app.main.get("page_link")])
    assert not [p for p in app.main.get("page_link") if bank in p.label]
    for person, case_id, told in (
        ("m1", bank, False),
        ("m2", bank, False),
        ("lead", bank, True),
        ("m1", plain, True),
    ):
        assert ("proved right" in texts(page("decide", person, case=case_id))) is told


def test_waiting_cases_are_offered_by_segment_or_where_the_model_may_be_shown(log, loans):
    ids = {mode: set(waiting_ids(log, loans, mode) + waiting_ids(log, loans, mode, bank=True))
           for mode in ("assisted", "first_call", "evidence_only")}  # fmt: skip
    now = utc_now()
    of_model = next_cases.of_sureness(log, loans, "m1", 0.75, 2.0, now=now, limit=500)
    assert {row["case_id"] for row in of_model} == ids["assisted"]
    assert next_cases.of_sureness(log, loans, "m1", 0.5, 0.75, now=now) == []
    farming = next_cases.of_segment(log, loans, "m1", "sector", "farming", now=now, limit=500)
    assert {row["case_id"] for row in farming} & ids["first_call"] and 20 < len(farming) < 60
    assert next_cases.of_segment(log, loans, "m1", "insured", "yes", now=now)


def test_calibration_says_one_sentence_and_the_next_cases_without_a_recommendation(log, loans):
    drawn = waiting_ids(log, loans, "assisted")
    for place, case_id in enumerate(drawn[:40]):
        decided(log, loans, case_id, "decline")
        proved(log, loans, case_id, "lend" if place % 2 else "decline")
    said = texts(page(view="Calibration"))
    assert "When you said about 9 in 10, you were right 5 in 10 (between " in said
    assert "You were too sure there." in said and "Where to look twice next" in said
    teach.acknowledge(log, loans, "m1", until=utc_now())
    assert "has arrived since" in texts(page())


def test_a_domain_without_outcomes_says_so(log, loans):
    bare = parse_domain("bare", LOANS.replace("[outcome]\n", ""))
    onboard(log, bare, cases=csv(loan_cases(60)), by="lead", at=NOW)
    decided(log, bare, waiting_ids(log, bare, "assisted")[0], "lend")
    assert "This domain has no outcomes." in texts(page(domain="bare"))
    assert "no outcomes, so who was right cannot be known" in texts(page(domain="bare", view="Calibration"))


def test_an_older_log_says_why_no_factor_is_named(loans_log):  # noqa: F811
    loans_log()
    said = texts(page())
    assert "Against the model: " in said and "no factor can be named" in said
    assert "What the model saw" not in said and "went the other way" not in said
