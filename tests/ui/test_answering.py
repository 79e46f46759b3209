"""The pages of the records an organization answers with: past screens, the trail of a case, the register, packs."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rhml.loop import teams
from rhml.store import looks
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.answered_log import answered
from tests.loans import NOW


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    address = f"duckdb:///{tmp_path_factory.mktemp('answering') / 'log.duckdb'}"
    store = open_store(address, now=NOW, secret="fixed for tests")
    answered(store)
    for name, role in (("m1 miller", "manager"), ("m2 miller", "manager"), ("ana", "analyst")):
        teams.set_role(store, name, role, by="ann lead", at=NOW)
    store.close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RHML_DB", address)
        yield address
        store, worker = resources._opened(address)
        worker.stop()
        store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.fixture
def open_page(url):
    def run(file, person, **query):
        st.config.set_option(
            "runner.enforceSerializableSessionState", False
        )  # as `opened` of the other page tests
        page = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60)
        page.session_state["chosen_person"] = person
        for name, value in {"domain": "loans", **query}.items():
            page.query_params[name] = value
        return page.switch_page(f"pages/{file}.py").run()

    return run


def override(page, manager="m1 miller"):
    [(decision_id, case_id), *_] = resources.store().read(
        "SELECT decision_id, case_id FROM loans.decisions WHERE reason IS NOT NULL AND manager = $1 ORDER BY seq",
        [manager],
    )
    return decision_id, case_id


def said(page):
    return "\n".join(
        [*(m.value for m in page.markdown), *(i.value for i in page.info), *(e.value for e in page.error)]
    )


def test_an_author_sees_the_screen_again_and_nothing_to_press(open_page):
    decision_id, case_id = override(open_page("decide", "m1 miller"))
    page = open_page("decide", "m1 miller", decision=decision_id)
    assert not page.exception and "As it was on" in said(page)
    assert case_id in page.header[0].value
    assert not [b for b in page.button if b.label not in ("Find",)]


def test_what_was_typed_stays_text(open_page):
    decision_id, _ = override(open_page("decide", "m1 miller"))
    page = open_page("decide", "m1 miller", decision=decision_id)
    drawn = "".join(h.proto.body for h in page.get("html"))
    assert "because &lt;b&gt;it&lt;/b&gt; rains" in drawn and "<b>it" not in drawn + said(page)


def test_another_manager_sees_no_past_screen(open_page):
    decision_id, _ = override(open_page("decide", "m1 miller"))
    page = open_page("decide", "m2 miller", decision=decision_id)
    assert "Only who made a decision" in page.error[0].value
    assert "As it was" not in said(page)


def test_an_analyst_sees_it_under_another_name(open_page):
    decision_id, _ = override(open_page("decide", "ana"))
    page = open_page("decide", "ana", decision=decision_id)
    assert "As it was on" in said(page) and "miller" not in said(page)


def test_an_unknown_decision_is_told_in_a_sentence(open_page):
    assert "no decision" in open_page("decide", "ann lead", decision="nothing").error[0].value


def test_a_closed_case_leads_to_its_screen_and_its_trail(open_page):
    _, case_id = override(open_page("decide", "ann lead"))
    page = open_page("decide", "ann lead", case=case_id)
    links = [link.proto.label for link in page.get("page_link")]
    assert "The screen as it was" in links and "Audit trail" in links


def test_a_manager_gets_no_link_to_anothers_screen(open_page):
    _, case_id = override(open_page("decide", "m1 miller"))
    page = open_page("decide", "m2 miller", case=case_id)
    links = [link.proto.label for link in page.get("page_link")]
    assert "Audit trail" not in links and not [label for label in links if label.startswith("The screen")]


def test_the_trail_of_one_case_opens_by_its_address(open_page):
    _, case_id = override(open_page("decide", "ann lead"))
    page = open_page("organization", "ann lead", section="Audit trail", about=case_id)
    table = page.dataframe[0].value
    assert set(table["About"]) == {case_id} and "decision" in set(table["Kind"])


def test_a_role_stands_with_before_and_after(open_page):
    page = open_page("organization", "ann lead", section="Audit trail", kind="role")
    rows = page.dataframe[0].value
    assert ("nobody", "analyst") in set(zip(rows["Before"], rows["After"], strict=True))


def test_the_register_shows_each_spell_and_offers_cards(open_page):
    page = open_page("models", "ann lead", view="Register")
    assert not page.exception
    [table] = [h.proto.body for h in page.get("html") if "spells" in h.proto.body]
    assert [line.split("<")[0] for line in table.split("<tr><td>")[1:]] == ["v1", "v2", "v1"]
    assert table.count("<td>now</td>") == 1
    labels = [b.proto.label for b in page.get("download_button")]
    assert [f"Model card as {form}" for form in ("HTML", "PDF", "Markdown", "JSON")] == labels


def test_records_are_offered_to_leads_alone(open_page):
    page = open_page("organization", "ann lead", section="Records")
    assert not page.exception and [b for b in page.button if b.label == "Make the pack"]
    assert "Process card as PDF" in [b.proto.label for b in page.get("download_button")]
    other = open_page("organization", "ana")
    assert "Records" not in other.segmented_control(key="section").options


def test_a_leads_look_at_a_screen_by_name_is_on_record(open_page, url):
    page = open_page("decide", "ann lead")
    decision_id, _ = override(page)
    open_page("decide", "ann lead", decision=decision_id)
    found = looks.listed(resources.store(), "loans", "m1 miller")
    named = "m1 miller" in said(open_page("decide", "ann lead", decision=decision_id))
    assert bool([k for k in found if k.what.startswith("the screen of")]) == named
