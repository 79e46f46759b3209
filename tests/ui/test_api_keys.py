"""The section for other systems: a lead makes a key, sees it once, and revokes it; nobody else sees the section."""

import pytest

from rhml.loop import keys
from rhml.store.opening import utc_now
from rhml.ui import resources
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened

SECTION = {"section": "Other systems"}


def pressed(page, label):
    return next(b for b in page.button if b.label == label).click().run()


def test_a_key_is_shown_once_and_then_never_again(loans_log):
    loans_log(outcomes=0)
    page = opened("organization", **SECTION)
    page.text_input(key="key_name").input("Ware*house* <b>")
    page = pressed(page, "Make a key")
    assert not page.exception
    shown = page.code[1].value
    held = keys.holder(resources.store(), shown, at=utc_now())
    assert (held.name, held.made_by, held.domain) == ("Ware*house* <b>", "lead", "loans")
    page.run()
    assert not any(shown in code.value for code in page.code)
    assert page.dataframe[0].value["State"].tolist() == ["valid"]


def test_a_key_is_revoked_with_a_reason(loans_log):
    loans_log(outcomes=0)
    opened("organization")
    keys.make(resources.store(), resources.domain("loans"), "Warehouse", by="lead", at=utc_now())
    page = pressed(opened("organization", **SECTION), "Revoke")
    assert "Say why" in page.error[0].value
    page = opened("organization", **SECTION)
    page.text_input(key="revoked_why").input("replaced")
    page = pressed(page, "Revoke")
    assert page.dataframe[0].value["State"].tolist() == ["revoked"]


@pytest.mark.parametrize("who", ["m1", "analyst"])
def test_only_a_lead_sees_the_section_whatever_the_address_says(loans_log, who):
    loans_log(outcomes=0)
    page = opened("organization", **SECTION)
    page.selectbox(key="person").select(who).run()
    page.query_params["section"] = "Other systems"
    page.run()
    assert not page.exception
    assert "key_name" not in {one.key for one in page.text_input}
    assert not any("/api/" in code.value for code in page.code)
