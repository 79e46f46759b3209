"""A manager's whole day in a real browser, from the queue to the report."""

import csv
import re

from playwright.sync_api import expect

from tests.browser.desk import (
    buttons,
    case_on_screen,
    open_page,
    press,
    saved,
    settled,
    walk_to,
)


def test_decide_in_each_mode_differ_undo_resolve_retrain_promote_and_read(demo, page, tmp_path):
    open_page(page, demo.url)
    expect(page.get_by_role("heading", name="Pending")).to_be_visible()
    page.get_by_text("Start with the first").click()
    page.get_by_role("heading", name="Decide").wait_for()
    settled(page)
    decided = [agree(page), differ(page), own_call(page, FACTS_ALONE), own_call(page, FACTORS)]

    last = agree(page)
    press(page, "u")
    expect(page.locator("[data-testid=stMain] h2").first).to_contain_text(last)
    settled(page)

    bring_outcomes(page, demo.url, decided, tmp_path)
    retrain_and_promote(page, demo.url)

    open_page(page, f"{demo.url}/improvement")
    for who in ("People, unaided", "Model", "Team"):
        expect(page.get_by_text(who, exact=True).first).to_be_visible()
    open_page(page, f"{demo.url}/overrides")
    expect(page.get_by_text("overrides").first).to_be_visible()


def agree(page) -> str:
    walk_to(page, "agree")
    case = case_on_screen(page)
    press(page, "a")
    expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(case)
    expect(saved(page)).to_be_visible()
    settled(page)
    return case


def differ(page) -> str:
    """Decide differently; what is typed in the rationale must press nothing."""
    walk_to(page, "agree")
    case = case_on_screen(page)
    press(page, "d")
    buttons(page, "reason").first.click()
    settled(page)
    field = page.locator("[class*='st-key-rationale-'] textarea")
    field.click()
    field.press_sequentially("a new supplier sends us samples, and u can ask d team")
    settled(page)
    assert case_on_screen(page) == case
    page.keyboard.press("Control+Enter")
    expect(saved(page)).to_be_visible()
    expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(case)
    settled(page)
    expect(
        saved(page)
    ).to_be_in_viewport()  # the form stood far below; what was saved and what is next stand above
    expect(page.locator("[data-testid=stMain] h2").first).to_be_in_viewport()
    return case


FACTS_ALONE, FACTORS = "Your own call first", "What the factors speak for"


def own_call(page, heading: str) -> str:
    """Make the own call first, from facts alone or with the factors; see the recommendation; follow it."""
    walk_to(page, "call", heading=heading)
    case = case_on_screen(page)
    assert not buttons(page, "agree").count()
    expect(page.get_by_text(re.compile("model suggests", re.I))).to_have_count(0)
    buttons(page, "action").first.click()
    settled(page)
    press(page, "m")
    buttons(page, "agree").first.wait_for()
    expect(page.get_by_text(re.compile("You called")).first).to_be_visible()
    press(page, "a")
    expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(case)
    settled(page)
    return case


def bring_outcomes(page, url, cases, folder) -> None:
    path = folder / "outcomes.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([("case_id", "right_action"), *((case, "approve") for case in cases)])
    open_page(page, f"{url}/organization")
    page.get_by_text("Add data", exact=True).click()
    settled(page)
    page.locator("[class*='st-key-add_outcomes'] input[type=file]").set_input_files(path)
    page.locator("[class*='st-key-import'] button").click()
    page.get_by_text(re.compile("Imported|is imported|are imported|new outcomes|outcomes: ")).first.wait_for()
    settled(page)


def retrain_and_promote(page, url) -> None:
    open_page(page, f"{url}/models")
    versions = page.get_by_text(re.compile(r"^v\d+ is live")).first.inner_text()
    page.locator("[class*='st-key-retrain'] button").click()
    page.get_by_text(re.compile("Retraining")).first.wait_for()
    page.reload()
    page.get_by_text(re.compile(r"Retraining, .*\d")).first.wait_for(timeout=120_000)
    settled(page)
    page.locator("[class*='st-key-promote_why'] input").fill("checked on the bank")
    page.keyboard.press("Enter")
    settled(page)
    against = page.get_by_text("Promote against the verdict")
    if against.count():
        against.click()
        settled(page)
    page.locator("[class*='st-key-promote'] button").last.click()
    expect(page.get_by_text(versions)).to_have_count(0)
    settled(page)
