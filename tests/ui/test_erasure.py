"""The Organization page: verifying the log as a job, and erasing in two steps."""

import time

import pytest

from rhml.store import jobs
from rhml.ui import resources
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened


def said(page) -> str:
    parts = (*page.markdown, *page.info, *page.success, *page.error, *page.warning, *page.caption)
    return " ".join(m.value for m in parts)


def at(section):
    return opened("organization", section=section)


def pressed(page, label):
    return next(b for b in page.button if b.label == label).click().run()


def verified(page):
    pressed(page, "Verify")
    for _ in range(200):
        found = jobs.latest(resources.store(), kind="verify", limit=1)
        if found and found[0].state not in jobs.OPEN:
            return at("Audit trail")
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_lead_verifies_the_log_and_sees_heads_and_limits(loans_log):
    loans_log()
    page = verified(at("Audit trail"))
    assert not page.exception
    assert "facts are as they were written" in page.success[0].value
    assert len(page.code) == 2 and "noted elsewhere" in said(page)


def test_a_fact_that_was_changed_is_an_error_that_names_it(loans_log):
    loans_log()
    page = at("Audit trail")
    resources.store().write(lambda tx: tx.run("UPDATE loans.cases SET mode = 'x' WHERE seq = 3"))
    page = verified(page)
    assert "cases 3" in page.error[0].value and "was changed after it was sealed" in page.error[0].value


def asked(page, kind, name, why="asked to be forgotten"):
    page.segmented_control(key="erase_kind").set_value(kind)
    page.text_input(key="erase_name").set_value(name)
    page.text_input(key="erase_why").set_value(why)
    return pressed(page, "See what would go")


def test_a_person_is_erased_only_after_their_name_was_typed_once_more(loans_log):
    loans_log()
    page = asked(at("Erasure"), "person", "m1")
    assert not page.exception and "Erase m1?" in said(page) and "cannot be undone" in said(page)
    page.text_input(key="erase_again").set_value("m2")
    page = pressed(page, "Erase for good")
    assert "nothing was erased" in said(page)
    assert resources.store().read("SELECT count(*) FROM rhml.people WHERE person = 'm1'") != [(0,)]
    page.text_input(key="erase_again").set_value("m1")
    page = pressed(page, "Erase for good")
    assert not page.exception and "redacted; on record as" in page.success[0].value
    assert resources.store().read("SELECT count(*) FROM rhml.people WHERE person = 'm1'") == [(0,)]


def test_going_back_erases_nothing(loans_log):
    loans_log()
    page = pressed(asked(at("Erasure"), "person", "m1"), "Back")
    assert "See what would go" in [b.label for b in page.button]
    assert resources.store().read("SELECT count(*) FROM rhml.erasures") == [(0,)]


@pytest.mark.parametrize(("name", "why", "says"), [("nobody", "asked", "No fact"), ("m1", " ", "Say why")])
def test_a_name_nobody_has_and_a_missing_reason_are_refused(loans_log, name, why, says):
    loans_log()
    assert says in said(asked(at("Erasure"), "person", name, why))


def test_retention_is_only_a_preview_until_the_domain_file_says_it(loans_log):
    loans_log()
    page = at("Erasure")
    page.number_input(key="retention_days").set_value(1).run()
    assert not page.exception and "Only a preview" in said(page)


@pytest.mark.parametrize("who", ["m1", "analyst"])
def test_nobody_else_sees_erasing_or_verifies_whatever_the_address_says(loans_log, who):
    loans_log()
    for section in ("Erasure", "Audit trail"):
        page = at(section)
        page.selectbox(key="person").select(who).run()
        page.query_params["section"] = section
        page.run()
        assert not page.exception
        assert not {"See what would go", "Verify"} & {b.label for b in page.button}
