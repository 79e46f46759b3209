"""Every page by every rule of axe, light and dark; deep links and a name search."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import PAGES, case_on_screen, open_page, settled

STREAMLITS_OWN = {
    "duplicate-id-active": "two tables of Streamlit on one page share the id of their portal",
}
"""Findings in Streamlit's own widgets that no page can mend, each with what it is."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(demo, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    found = {}
    for name in PAGES:
        open_page(page, f"{demo.url}/{name}")
        page.wait_for_timeout(500)
        violations = Axe().run(page)["violations"]
        ours = {v["id"]: v["nodes"][0]["html"][:200] for v in violations if v["id"] not in STREAMLITS_OWN}
        if ours:
            found[name] = ours
    context.close()
    assert found == {}


def test_a_deep_link_on_a_fresh_server_opens_the_case_in_its_frame(demo, page):
    open_page(page, f"{demo.url}/decide?case=PR-10001")
    assert case_on_screen(page) == "PR-10001"
    page.get_by_role("link", name="Pending", exact=True).first.click()
    page.get_by_role("heading", name="Pending").wait_for()
    settled(page)


def test_a_domain_chosen_stays_chosen_on_every_page(demo, page):
    open_page(page, f"{demo.url}/pending?domain=supplier_credit")
    for name in ("Improvement", "Models", "Decide"):
        page.get_by_role("link", name=name, exact=True).click()
        page.get_by_role("heading", name=name, level=1).wait_for()
        settled(page)
        expect(page.locator("[class*='st-key-domain'] input")).to_have_value("Supplier credit")


def test_an_unknown_number_is_answered_with_a_sentence(demo, page):
    open_page(page, f"{demo.url}/decide?case=<script>alert(1)</script>")
    expect(page.get_by_text("There is no request")).to_be_visible()


def test_who_one_is_stays_chosen_on_every_page(demo, page):
    open_page(page, f"{demo.url}/pending")
    picker = page.locator("[class*='st-key-person'] input")
    picker.click()
    page.get_by_role("option", name="Buyer 2").click()
    settled(page)
    for name in ("Improvement", "Models", "My learning", "Decide"):
        page.get_by_test_id("stSidebarUserContent").get_by_role("link", name=name, exact=True).click()
        page.get_by_role("heading", name=name, level=1).wait_for()
        settled(page)
        expect(picker).to_have_value("Buyer 2 (manager)")
