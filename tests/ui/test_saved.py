"""Saved views and questions on the pages: a quiet list, links that look and never run, changes by the owner."""

from datetime import timedelta

import pytest

from rhml.errors import RhmlError
from rhml.loop import saved, scheduled_exports
from rhml.loop.schedule import Schedule
from rhml.store import organization
from rhml.store.opening import open_store
from tests.ui.log_of_loans import NOW, opened
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.test_ask import said


@pytest.fixture
def keeping(loans_log, tmp_path):
    """Keeps something in the log before a page opens it; gives its id."""
    loans_log()

    def keep(how):
        store = open_store(f"duckdb:///{tmp_path / 'pages.duckdb'}", now=NOW)
        made = how(store, organization.domain(store, "loans"))
        store.close()
        return made

    return keep


def question(
    keeping,
    *,
    by="analyst",
    title="By *verdict*",
    shared=True,
    sql="SELECT verdict, count(*) FROM decided GROUP BY ALL",
):
    return keeping(
        lambda store, domain: saved.question(store, domain, title, sql, by=by, shared=shared, at=NOW).saved_id
    )


def view(keeping, **parameters):
    def keep(store, domain):
        veil = saved.Veil(((name, name) for name in ()), "others")
        return saved.view(
            store, domain, "overrides", "Wrong data", parameters, veil=veil, by="lead", shared=True, at=NOW
        ).saved_id

    return keeping(keep)


def links(page) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


def test_a_saved_question_is_shown_and_never_run_by_its_link(keeping):
    page = opened("ask", saved=question(keeping))
    assert not page.exception and not page.dataframe
    assert page.text_area(key="question").value.startswith("SELECT verdict")
    assert "was saved by analyst and has not been run" in said(page)
    next(b for b in page.button if b.label == "Run").click().run()
    assert page.dataframe and "saved" not in page.query_params


def test_a_title_is_shown_as_text(keeping):
    question(keeping, title="**bold** <b>x</b>")
    assert "\\*\\*bold\\*\\* \\<b\\>x\\</b\\>" in links(opened("ask"))


def test_what_is_gone_or_not_shared_is_a_sentence(keeping):
    page = opened("ask", saved=question(keeping, by="m1", shared=False))
    assert "removed, or it is not shared" in page.error[0].value
    assert "removed, or it is not shared" in opened("overrides", saved="no such id").error[0].value


def test_a_question_is_saved_from_the_page_and_not_run(keeping):
    page = opened("ask")
    page.text_area(key="question").set_value("SELECT 1 AS one")
    page.button(key="keep").click().run()
    page.text_input(key="question_title").set_value("One")
    page.button(key="save_question").click().run()
    assert not page.exception and "One" in links(page) and not page.dataframe
    assert "was saved by you" in said(page)


def test_its_owner_renames_and_removes_it(keeping):
    thing = question(keeping, by="lead", title="Mine")
    page = opened("ask")
    page.button(key=f"change_{thing}").click().run()
    page.text_input(key="new_title").set_value("Ours")
    page.button(key="save_change").click().run()
    assert "Ours" in links(page)
    page.button(key=f"change_{thing}").click().run()
    page.button(key="remove_saved").click().run()
    assert "Ours" not in links(page) and "Nothing is saved yet" in said(page)


def test_a_saved_view_sets_the_filters_of_its_page(keeping):
    page = opened("overrides", saved=view(keeping, in_reason=["Data is wrong"]))
    assert not page.exception
    assert page.query_params["in_reason"] == "Data is wrong" and "saved" not in page.query_params
    assert page.multiselect(key="in_reason").value == ["Data is wrong"]


def test_a_view_is_saved_with_the_filters_on_screen(keeping):
    page = opened("overrides", in_reason="Data is wrong")
    page.text_input(key="title_overrides").set_value("Wrong data")
    next(b for b in page.button if b.label == "Save this view").click().run()
    assert not page.exception and "Wrong data" in links(page)


def test_a_link_to_another_page_leads_there(keeping):
    page = opened("overrides", saved=question(keeping))
    assert page.text_area(key="question").value.startswith("SELECT verdict") and not page.dataframe


def test_the_list_tells_when_a_thing_is_exported_and_not_where_to(keeping, tmp_path):
    thing = question(keeping)
    plan = Schedule("week", "06:00", str(tmp_path), ("csv",))
    keeping(lambda store, domain: scheduled_exports.change(
        store, domain, saved.found(store, domain, thing, by=None), plan, by="operator", at=NOW))  # fmt: skip
    page = opened("ask")
    assert "exported every Monday at 06:00 UTC" in said(page) and str(tmp_path) not in said(page)


def test_an_export_that_could_not_be_made_is_told(keeping, tmp_path):
    thing, folder = question(keeping), tmp_path / "gone"
    folder.mkdir()

    def fail(store, domain):
        plan, held = (
            Schedule("day", "06:00", str(folder), ("csv",)),
            saved.found(store, domain, thing, by=None),
        )
        scheduled_exports.change(store, domain, held, plan, by="operator", at=NOW)
        folder.rmdir()
        with pytest.raises(RhmlError, match="no folder"):
            scheduled_exports.carry_out(
                store, domain, thing, by="rhml", at=NOW + timedelta(days=2), progress=lambda *_: None
            )

    keeping(fail)
    page = opened("ask")
    assert "could not be made" in said(page) and str(folder) not in said(page)
