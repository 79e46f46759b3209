"""An analyst asks in a real browser: names are offered by keyboard, a long question is cancelled, files are defused."""

import pandas as pd
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import open_page, settled

LONG = "SELECT count(*) FROM range(100000000000) a, range(1000) b"


def box(page):
    return page.locator(".st-key-question textarea")


def violations(page) -> list[str]:
    return [found["id"] for found in Axe().run(page)["violations"]]


def test_names_are_offered_by_keyboard_and_taken(demo, page):
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    open_page(page, f"{demo.url}/ask")
    box(page).click()
    page.keyboard.type("SELECT verd")
    expect(page.get_by_role("option", name="verdict decided")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.type(" FROM dec")
    page.keyboard.press("ArrowDown")
    assert box(page).get_attribute("aria-activedescendant") == "rhml-name-0"
    page.keyboard.press("Enter")
    page.keyboard.type(" WHERE verdict = 'resc")
    page.keyboard.press("Tab")
    page.keyboard.type("' ORDER")
    page.keyboard.press("Escape")
    assert box(page).input_value() == "SELECT verdict FROM decided WHERE verdict = 'rescued' ORDER"
    page.keyboard.press("Tab")
    expect(box(page)).not_to_be_focused()
    assert all(url.startswith((demo.url, "data:", "blob:")) for url in asked_for), (
        "names come from nowhere else"
    )


def test_a_long_question_is_cancelled_and_the_next_one_answered(demo, page, tmp_path):
    open_page(page, f"{demo.url}/ask")
    box(page).fill(LONG)
    page.get_by_role("button", name="Run").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The question was cancelled")).to_be_visible(timeout=20_000)
    settled(page)
    box(page).fill('SELECT final_action AS "=action", count(*) AS n FROM decided GROUP BY ALL')
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("button", name="Answer as CSV")).to_be_visible(timeout=20_000)
    settled(page)
    page.locator("[data-testid=stDataFrame]").first.hover()
    expect(page.get_by_label("Download as CSV")).to_have_count(0)
    assert violations(page) == []
    with page.expect_download() as held:
        page.get_by_role("button", name="Answer as CSV").click()
    held.value.save_as(tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    skip = int(text.split("line ")[1].split(";")[0]) - 1
    assert list(pd.read_csv(tmp_path / "a.csv", skiprows=skip).columns) == ["'=action", "n"]
