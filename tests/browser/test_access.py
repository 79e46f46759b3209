"""Every page by every rule of axe, light and dark; deep links and a name search."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import PAGES, case_on_screen, open_page, settled

STREAMLITS_OWN = {
    "duplicate-id-active": "two tables of Streamlit on one page share the id of their portal",
}
"""Findings in Streamlit's own widgets that no page can mend, each with what it is."""


SECTIONS = (
    "review?view=Second+opinions", "review?view=Conflicts", "models?view=Register",
    *(f"organization?section={name}" for name in ("Audit+trail", "Records", "Erasure", "Backup", "Other+systems")),
)  # fmt: skip
"""What a page shows only when asked; the views of Overrides are in test_overrides."""


def broken(page) -> dict[str, str]:
    """The rules that a page breaks, each with the first place."""
    found = Axe().run(page)["violations"]
    return {v["id"]: v["nodes"][0]["html"][:200] for v in found if v["id"] not in STREAMLITS_OWN}


def test_no_section_breaks_a_rule_of_accessibility(demo, chromium):
    context = chromium.new_context(color_scheme="dark", viewport={"width": 1400, "height": 900})
    page = context.new_page()
    found = {}
    for name in SECTIONS:
        open_page(page, f"{demo.url}/{name}")
        found[name] = broken(page)
        if page.get_by_role("button", name="Start with the first").count():
            page.get_by_role("button", name="Start with the first").click()
            settled(page)
            found[f"{name}, opened"] = broken(page)
    open_page(page, f"{demo.url}/overrides")
    page.get_by_role("link", name="The screen then").first.click()
    expect(page.get_by_text("Nothing here can be changed")).to_be_visible()
    settled(page)
    found["the screen then"] = broken(page)
    context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_a_rule_of_accessibility(demo, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    found = {}
    for name in PAGES:
        open_page(page, f"{demo.url}/{name}")
        page.wait_for_timeout(500)
        expect(page.get_by_text("Page not found")).to_have_count(0)
        found[name] = broken(page)
    context.close()
    assert not any(found.values()), found


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
        expect(picker).to_have_value("Buyer 2 (buyer)")


def test_what_is_about_to_be_drawn_anew_can_still_be_read(demo, page):
    open_page(page, f"{demo.url}/models")
    faded = page.locator("[data-testid=stMain] [data-testid=stElementContainer]").first
    faded.evaluate("element => { element.dataset.stale = 'true'; element.style.opacity = '0.33'; }")
    expect(faded).to_have_css("opacity", "1")
