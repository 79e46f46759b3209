"""What matters now on Pending and Decide: who may state it, what it is said to change, and what changes then."""

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.core.intent import Intent
from rhml.loop.intent import statement as intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.changing import changing
from rhml.loop.intent.preview import preview
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import resources
from rhml.ui.intent import balance_picture
from rhml.ui.intent.card_line import because
from tests.loans import LOANS, NOW, csv, loan_cases
from tests.ui.log_of_loans import opened as opened_page
from tests.ui.waiting_loans import labels, press, texts

WORDS = 'title = "Loans"\n[terms]\ncase = "application"\n'
COST = "[value]\ncost = { lend = { decline = 0.5 }, decline = { lend = 0.2 } }\n"
TEXT = LOANS.replace('title = "Loans"\n', WORDS).replace("[value]\n", COST)
MODES = "first_call = 0.2\nevidence_only = 0.1\n"
WHY = "The bank has cut **our** line <b>until</b> spring."


def build(path, text: str = TEXT, *, model: bool = True) -> None:
    """Applications whose outcome risk only makes likelier, so that the model is not sure; 80 wait."""
    log, domain = (
        open_store(f"duckdb:///{path}", now=NOW, secret="fixed for tests"),
        parse_domain("loans", text),
    )
    cases = loan_cases(480)
    risk = cases["amount"] / 10_000 + cases["late"].fillna(1)
    lends = np.random.default_rng(5).random(len(cases)) < 1 / (1 + np.exp(1.2 * (risk - 2.5)))
    right = ["lend" if lend else "decline" for lend in lends]
    if "ask" in domain.action_keys:
        right = ["ask" if i % 3 == 1 else a for i, a in enumerate(right)]
    known = cases[["case_id"]].iloc[:400].assign(right_action=right[:400])
    past = known[["case_id"]].assign(manager="m1", final_action=right[:400], decided_at="2026-02-20")
    onboard(log, domain, cases=csv(cases), outcomes=csv(known), decisions=csv(past), by="lead", at=NOW)
    for person, role in (("lead", "lead"), ("m1", "manager"), ("analyst", "analyst"), ("trainee", "trainee")):
        log.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="lead"))
    if model:
        done = retrain(log, domain, by="lead", at=NOW, progress=quiet)
        promote(log, domain, done.version, by="lead", why="the first", at=NOW)
        recommend_waiting(log, domain, at=NOW, progress=quiet)
    log.close()


def quiet(share: float, message: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def loans_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("intent") / "log.duckdb"
    build(path, TEXT.replace("[modes]\n", f"[modes]\n{MODES}"))
    return path


@pytest.fixture
def desk(loans_file, tmp_path, monkeypatch):
    """The pages on a log of their own: one with a live model, unless a text says another one."""
    urls = []

    def make(text: str | None = None, *, model: bool = True):
        path = tmp_path / "log.duckdb"
        if text is None and model:
            path.write_bytes(loans_file.read_bytes())
        else:
            build(path, text or TEXT, model=model)
        urls.append(f"duckdb:///{path}")
        monkeypatch.setenv("RHML_DB", urls[-1])
        # Whatever is asked for in these tests is looked at before the worker could do it.
        resources.store()
        resources._opened(urls[-1])[1].stop()
        return resources.store(), organization.domain(resources.store(), "loans")

    st.cache_resource.clear()
    st.cache_data.clear()
    yield make
    for url in urls:
        resources._opened(url)[0].close()
    st.cache_resource.clear()
    st.cache_data.clear()


def page(name: str = "pending", person: str = "lead", **query: str):
    app = opened_page(name, domain="loans", **query)
    if person != "lead":
        app.selectbox(key="person").select(person).run()
    assert not app.exception
    return app


def turned(app, **to: float):
    """Move the sliders as the browser would: what it sends ends up here."""
    app.session_state["intent_draft"]["turned"].update(to)
    return app.run()


def opened(app, **to: float):
    return turned(press(app, "State what matters"), **to)


def stated(app, why: str = WHY, **to: float):
    app = opened(app, **to)
    app.text_input(key="intent_why").input(why).run()
    return press(app, "State it")


def actions(store) -> dict[str, str]:
    return dict(store.read("SELECT case_id, action FROM loans.waiting"))


def test_nothing_stated_is_one_line_for_a_lead_and_nothing_for_others(desk):
    desk()
    assert "What matters now: nothing is stated" in texts(page()).replace("*", "")
    for person in ("m1", "analyst", "trainee"):
        assert "What matters now" not in texts(page(person=person))


def test_without_a_model_there_is_nothing_to_state(desk):
    desk(model=False)
    assert "What matters now" not in texts(page())


def test_turning_the_balance_says_what_would_change_and_what_it_should_cost(desk):
    store, domain = desk()
    before = actions(store)
    app = opened(page(), balance=3.0)
    found = preview(held(store, domain), domain, Intent(balance=3.0))
    said = texts(app)
    assert 0 < found.changed < found.shown < found.waiting
    assert f"**{found.changed} of {found.shown} recommendations would change**" in said
    assert f"{found.pairs[0].count} from *Lend* to *Decline*" in said
    assert f"{found.hidden} more ask for the own call first, in no number here; of past applications" in said
    assert "Expected cost of mistakes: **" in said
    assert turned(app, balance=-3.0).query_params.keys() == app.query_params.keys()
    assert not any("3.0" in str(value) or "intent" in name for name, value in app.query_params.items())
    assert actions(store) == before
    assert store.read("SELECT count(*) FROM loans.intents") == [(0,)]


def test_what_was_promised_is_what_the_log_then_shows(desk):
    store, domain = desk()
    before, promise = actions(store), preview(held(store, domain), domain, Intent(balance=3.0))
    app = stated(page(), balance=3.0)
    after = actions(store)
    asks = {
        case_id for (case_id,) in store.read("SELECT case_id FROM loans.waiting WHERE mode <> 'assisted'")
    }
    moved = {case_id for case_id, action in before.items() if after[case_id] != action}
    assert len(moved - asks) == promise.changed < len(moved)
    assert f"{promise.changed} of {promise.shown} waiting recommendations change" in texts(app)
    assert "In the trail" in [link.proto.label for link in app.get("page_link")]
    assert "by lead: “The bank" in texts(app)
    assert "intent_draft" not in app.session_state
    listed = app.dataframe[0].value["Model suggests"]
    assert any("likelier: Lend" in cell for cell in listed)


def test_a_statement_without_a_reason_is_refused_and_changes_nothing(desk):
    store, _ = desk()
    before = actions(store)
    app = stated(page(), why=" ", balance=3.0)
    assert "Say why" in texts(app)
    assert "State it" in labels(app)
    assert actions(store) == before


def test_a_typed_reason_is_shown_as_it_was_typed(desk):
    desk()
    app = stated(page(), balance=2.0)
    assert any(r"\*\*our\*\*" in m.value and r"\<b\>" in m.value for m in app.markdown)


def test_managers_analysts_and_trainees_read_it_and_cannot_touch_it(desk):
    store, domain = desk()
    intent.state(store, domain, Intent(balance=2.0), why="Cash is short.", by="lead", at=NOW)
    for person in ("m1", "analyst", "trainee"):
        app = page(person=person)
        assert "Cash is short." in texts(app)
        assert not {"Change", "State what matters", "Withdraw"} & set(labels(app))


def test_what_came_of_a_statement_is_not_told_to_who_comes_next_in_the_same_window(desk):
    desk()
    app = stated(page(), balance=3.0)
    assert "waiting recommendations change" in texts(app)
    app.selectbox(key="person").select("m1").run()
    assert "waiting recommendations change" not in texts(app)


def moved(store, *, hidden: bool) -> str:
    """A waiting case whose recommendation an intent moved."""
    which = "<>" if hidden else "="
    return store.read(
        f"SELECT case_id FROM loans.waiting WHERE likeliest_action IS NOT NULL AND mode {which} 'assisted' "
        "ORDER BY case_id LIMIT 1"
    )[0][0]


def test_the_card_says_because_of_what_and_what_is_likelier(desk):
    store, domain = desk()
    intent.state(store, domain, Intent(balance=3.0), why="Cash is short.", by="lead", at=NOW)
    app = page("decide", case=moved(store, hidden=False))
    said = texts(app)
    assert "Because of what matters now: **Decline**." in said
    assert "The likelier action is **Lend** (" in said
    assert "*Fewer wrong “Lend” (8 : 1).*" in said
    assert "The model suggests" not in said
    assert "No small change" not in said  # nobody has worked it out yet
    assert app.button_group[0].options[0] == "0"


def test_before_the_own_call_a_card_says_nothing_of_how_it_was_moved(desk):
    store, domain = desk()
    intent.state(store, domain, Intent(balance=3.0), why="Cash is short.", by="lead", at=NOW)
    case_id = moved(store, hidden=True)
    app = page("decide", case=case_id)
    for word in ("likelier", "Because of", " of 100"):
        assert word not in texts(app)
    press(app, "Decline")
    press(app, "This is my call: Decline")
    assert "You called **Decline**, and what matters now asks for it too." in texts(app)
    assert "The likelier action is **Lend**" in texts(app)


def test_the_queue_follows_what_matters_and_hides_what_the_model_makes_of_own_calls(desk):
    store, domain = desk()
    app = page()
    assert "What matters now" not in app.selectbox(key="order").options
    press(app, "State what matters")
    app.selectbox(key="intent_queue").select("costs").run()
    app.text_input(key="intent_why").input("The costly ones first.").run()
    app = press(app, "State it")
    assert app.selectbox(key="order").value == "What matters now"
    [(least, own_least)] = store.read(
        "SELECT min(matters), min(matters) FILTER (WHERE mode <> 'assisted') FROM loans.waiting"
    )
    assert own_least > least >= 0  # not all of them last, which would tell something too
    listed = app.dataframe[0].value
    own = listed["Model suggests"] == "your call first"
    assert set(listed["Why it is here"][own]) <= {"your call first"}
    assert listed["Why it is here"][~own].str.contains("expected, as weighed now").all()
    intent.withdraw(store, domain, why="It is over.", by="lead", at=NOW)
    assert page().selectbox(key="order").value == "Due soonest"
    assert "What matters now" not in page().selectbox(key="order").options


def test_an_order_that_was_chosen_stays_chosen(desk):
    store, domain = desk()
    app = page(order="Oldest first")
    intent.state(store, domain, Intent(queue="costs"), why="Cash is short.", by="lead", at=NOW)
    assert app.run().selectbox(key="order").value == "Oldest first"


def test_a_protected_segment_is_chosen_with_its_kind_of_mistake(desk):
    store, domain = desk()
    app = opened(page(), balance=3.0)
    options = app.selectbox(key="intent_protect").options
    assert "Sector: retail" in options and not any("Region" in option for option in options)
    app.selectbox(key="intent_protect").select("sector\x1fretail").run()
    assert app.selectbox(key="intent_kind").value == "high"
    app.selectbox(key="intent_factor").select(8.0).run()
    app.text_input(key="intent_why").input("Retail is where we grow.").run()
    press(app, "State it")
    found = intent.in_force(store, domain).intent
    assert (found.balance, found.protect.column, found.protect.value) == (3.0, "sector", "retail")
    assert (found.protect.factor, found.protect.kind) == (8.0, "high")


def test_withdrawing_brings_back_the_likeliest(desk):
    store, domain = desk()
    before = actions(store)
    intent.state(store, domain, Intent(balance=3.0), why="Cash is short.", by="lead", at=NOW)
    assert actions(store) != before
    app = press(page(), "Change")
    app.session_state["intent_withdraw"] = True
    app.run()
    app.text_input(key="intent_why_not").input("The line is back.").run()
    press(app, "Withdraw it")
    assert actions(store) == before
    assert intent.in_force(store, domain) is None


def test_earlier_statements_are_listed_with_what_they_promised(desk):
    store, domain = desk()
    first = intent.state(store, domain, Intent(balance=3.0), why="Cash is short.", by="lead", at=NOW)
    intent.state(store, domain, Intent(balance=-1.0), why="Room to grow.", by="lead", at=NOW)
    app = press(press(page(), "Change"), "Earlier statements")
    said = texts(app)
    assert "Cash is short." in said and said.index("Room to grow.") < said.index("Cash is short.")
    assert first.promise.sentence in said


def test_the_list_of_what_would_change_never_names_a_case_that_asks_for_the_own_call(desk):
    store, domain = desk()
    waits, tried = held(store, domain), Intent(balance=3.0)
    found = preview(waits, domain, tried)
    listed = changing(waits, domain, tried, limit=1_000)
    own = {case_id for (case_id,) in store.read("SELECT case_id FROM loans.waiting WHERE mode <> 'assisted'")}
    assert len(listed) == found.changed
    assert not own & {one.case_id for one in listed}
    assert [one.stake for one in listed] == sorted((one.stake for one in listed), reverse=True)
    assert changing(waits, domain, tried, limit=2) == listed[:2]
    shown = press(opened(page(), balance=3.0), "Show which").dataframe[0].value
    assert list(shown["Application"]) == [one.case_id for one in listed[:25]]


THREE = TEXT.replace("[outcome]", 'ask = "Ask for more"\n[outcome]', 1)


@pytest.mark.parametrize(("ordered", "to"), [("true", {"balance": 4.0}), ("false", {"lend": 4.0})])
def test_three_actions_with_and_without_an_order(desk, ordered, to):
    store, domain = desk(
        THREE.replace(WORDS, f'title = "Loans"\nordered = {ordered}\n[terms]\ncase = "application"\n')
    )
    app = opened(page(), **to)
    assert "recommendations would change**" in texts(app)
    app.text_input(key="intent_why").input("Fewer wrong loans.").run()
    press(app, "State it")
    found = intent.in_force(store, domain).intent
    assert (found.balance, dict(found.weights)) == ((4.0, {}) if ordered == "true" else (0.0, {"lend": 4.0}))


def test_where_nothing_waits_it_says_so_and_may_be_stated_for_what_comes(desk):
    store, domain = desk()
    store.write(lambda tx: tx.run("DELETE FROM loans.waiting"))
    app = stated(page(), balance=2.0)
    assert "What matters now: Fewer wrong “Lend” (4 : 1)" in texts(app).replace("*", "")
    assert intent.in_force(store, domain).promise["changed"] == 0
    assert "nothing changes yet" in texts(turned(press(app, "Change"), balance=1.0))


def test_what_the_browser_sends_is_kept_within_what_a_slider_can_say():
    domain = parse_domain("loans", TEXT)
    said = {"balance": 1e9, "other": 1.0}
    assert balance_picture.within(domain, said) == {"balance": 5.0}
    assert balance_picture.within(domain, {"balance": 0.3}) == {"balance": 0.25}
    for endless in (float("inf"), 10**400):
        assert balance_picture.within(domain, {"balance": endless}) == {"balance": 5.0}
    for wrong in (float("nan"), "1", None, [1], True):
        assert balance_picture.within(domain, {"balance": wrong}) in ({}, {"balance": 1.0})


def test_a_recommendation_that_nothing_moved_has_no_line():
    shown = SimpleNamespace(likeliest_action=None, intent_id="i1")
    assert because(parse_domain("loans", TEXT), shown) == ""
