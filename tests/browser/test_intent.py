"""What matters now in a browser: the balance is moved by keys, what it says changes, and it is stated and withdrawn."""

import re

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import open_page, settled
from tests.browser.test_access import STREAMLITS_OWN

PENDING = "pending?domain=supplier_credit"


def balance(page):
    return page.frame_locator("iframe[title*='balance']").get_by_role("slider")


def sentence(page):
    return page.get_by_text(re.compile("would change.*Expected cost of mistakes"))


def opened(page, url: str) -> None:
    open_page(page, f"{url}/{PENDING}")
    page.get_by_role("button", name=re.compile("State what matters|Change")).click()
    balance(page).wait_for()
    settled(page)


def test_keys_move_the_balance_and_the_sentence_follows(demo, page):
    opened(page, demo.url)
    before = sentence(page).inner_text()
    balance(page).focus()
    page.keyboard.press("End")
    expect(sentence(page)).not_to_have_text(before)
    expect(balance(page)).to_have_attribute("aria-valuetext", re.compile("weighs 32 times as much"))
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    expect(balance(page)).to_have_attribute("aria-valuetext", re.compile("weighs 19 times as much"))
    settled(page)
    expect(balance(page)).to_be_focused()
    expect(balance(page)).to_have_value("4.25")
    assert "intent" not in page.url and "balance" not in page.url


def test_what_is_stated_is_promised_kept_and_withdrawn(demo, page):
    opened(page, demo.url)
    balance(page).focus()
    page.keyboard.press("End")
    settled(page)
    page.get_by_label("Why does this matter now?").fill("The bank has cut our line.")
    page.get_by_role("button", name="State it").click()
    page.get_by_role("button", name="Promised, and in the log").wait_for()
    settled(page)
    page.get_by_role("button", name="Promised, and in the log").click()
    expect(page.get_by_text("The log shows exactly what was promised")).to_be_visible()
    page.set_viewport_size({"width": 400, "height": 900})
    cut = "table => [...table.querySelectorAll('th, td:nth-child(n+2)')].filter(c => c.scrollWidth > c.clientWidth + 1 || c.clientHeight > 90).length"
    assert page.locator("table.promised").evaluate(cut) == 0
    assert page.locator("table.promised th").nth(1).evaluate("cell => cell.clientHeight") < 45
    page.set_viewport_size({"width": 1400, "height": 900})
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Withdraw", exact=True).click()
    page.get_by_label("Why is it withdrawn?").fill("The line is back.")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("nothing is stated, so the action likeliest")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_control_breaks_no_rule_of_accessibility(demo, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    opened(page, demo.url)
    balance(page).press("End")
    settled(page)
    page.get_by_role("button", name="Show which").click()
    page.get_by_role("button", name="Earlier statements").click()
    settled(page)
    violations = Axe().run(page)["violations"]
    found = {v["id"]: v["nodes"][0]["html"][:200] for v in violations if v["id"] not in STREAMLITS_OWN}
    inside = page.frame_locator("iframe[title*='balance']")
    assert inside.locator("svg[role=img]").get_attribute("aria-label").startswith("“Extend credit”")
    context.close()
    assert found == {}
