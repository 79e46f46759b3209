"""A newcomer on a tour: does what the panel says, and clicks what it offers."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.desk import buttons, case_on_screen, press, settled


def panel(page: Page):
    """The slim panel above the page."""
    return page.locator(".st-key-tour")


def step(page: Page) -> str:
    """What the panel asks for now."""
    return panel(page).inner_text().split("\n")[0]


def follow(page: Page, pause: float = 0.0) -> list[str]:
    """Do step after step until the panel says that all are on record; returns the steps as they were read."""
    told: list[str] = []
    for _ in range(12):
        said = panel(page).inner_text()
        if "on record" in said:
            return told
        title = re.search(r"(\d) of \d · ([^.]+)\.", said)
        assert title, said
        told.append(title[2])
        page.wait_for_timeout(1000 * pause)
        do(page, title[2].lower(), pause)
        expect(panel(page)).not_to_contain_text(f"{title[1]} of", timeout=60_000)
        page.wait_for_timeout(300)
    raise AssertionError(f"the tour never ended: {told}")


def do(page: Page, title: str, pause: float) -> None:
    """One step, by the words of its title."""
    if "see " in title or "how they ended" in title:
        press_panel(page, "Let time pass")
        panel(page).get_by_text("See what came of them").wait_for()
    link = panel(page).get_by_role("link")
    if link.count():
        link.first.click()
        settled(page)
    page.wait_for_timeout(1000 * pause)
    if any(word in title for word in ("differ", "override")):
        differ(page, pause)
    elif any(word in title for word in ("decide", "triage", "give")):
        decide(page, pause)
    elif "teach" in title:
        teach(page)
    elif "test yourself" in title:
        test_oneself(page)


def press_panel(page: Page, name: str) -> None:
    panel(page).get_by_role("button", name=name).click()


def decide(page: Page, pause: float) -> None:
    """Whatever the case asks for: agree, or call and keep the call."""
    before = case_on_screen(page)
    if not buttons(page, "agree").count():
        buttons(page, "action").first.click()
        settled(page)
        state_confidence(page)
        buttons(page, "call").first.click()
        settled(page)
    page.wait_for_timeout(1000 * pause)
    state_confidence(page)
    buttons(page, "agree").or_(buttons(page, "settle")).first.click()
    expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(before)
    settled(page)


def state_confidence(page: Page) -> None:
    """Say how sure one is, where the card has the place open."""
    field = page.locator("[class*='st-key-confidence-'] button, [class*='st-key-own-'] button")
    if field.count():
        field.get_by_text("8", exact=True).first.click()
        settled(page)


def differ(page: Page, pause: float) -> None:
    """Decide differently from the model, with a reason, a sentence and marked words where there is a text."""
    if not buttons(page, "agree").count():
        buttons(page, "action").first.click()
        settled(page)
        buttons(page, "call").first.click()
        settled(page)
    before = case_on_screen(page)
    buttons(page, "differ").first.click()
    settled(page)
    if buttons(page, "action").count():
        buttons(page, "action").first.click()
        settled(page)
    buttons(page, "reason").first.click()
    settled(page)
    page.locator("[class*='st-key-rationale-'] textarea").fill("I spoke with them this morning")
    page.keyboard.press("Tab")
    settled(page)
    mark(page)
    page.wait_for_timeout(1000 * pause)
    buttons(page, "save").first.click()
    expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(before)
    settled(page)


def mark(page: Page) -> None:
    """Mark the first thing that may be marked."""
    marks = page.locator("[class*='st-key-marks-'] input")
    if marks.count():
        marks.first.scroll_into_view_if_needed()
        page.wait_for_timeout(300)  # a list that opens while the page still moves closes again
        marks.first.click()
        page.get_by_role("option").first.click()
        page.keyboard.press("Tab")
        settled(page)


def teach(page: Page) -> None:
    """Ask for a retraining and wait for it."""
    page.get_by_role("button", name=re.compile("^Retrain|^Train")).first.click()


def test_oneself(page: Page) -> None:
    """Begin the course and call three cases."""
    press(page, "b")
    settled(page)
    for _ in range(3):
        buttons(page, "course_choose").first.click()
        settled(page)
        buttons(page, "course_answer").first.click()
        settled(page)
