"""What the page called saved is in the log, whatever happens to the server."""

from playwright.sync_api import expect

from rhml.store.opening import open_store, utc_now
from tests.browser.desk import case_on_screen, open_page, press, saved, settled, walk_to


def test_every_decision_called_saved_survives_a_kill(demo, page):
    open_page(page, f"{demo.url}/decide")
    called_saved = []
    for _ in range(4):
        walk_to(page, "agree")
        case = case_on_screen(page)
        press(page, "a")
        expect(page.locator("[data-testid=stMain] h2").first).not_to_contain_text(case)
        expect(saved(page)).to_be_visible()
        called_saved.append(case)
        settled(page)
    demo.kill()

    log = open_store(demo.environment["RHML_DB"], now=utc_now())
    rows = log.read(
        "SELECT case_id FROM purchase_requests.live_decisions WHERE manager = 'Lead' AND NOT imported"
    )
    log.close()
    assert set(called_saved) <= {case for (case,) in rows}


def test_a_half_written_rationale_is_still_there_after_a_kill(demo, page):
    open_page(page, f"{demo.url}/decide")
    walk_to(page, "agree")
    case = case_on_screen(page)
    press(page, "d")
    field = page.locator("[class*='st-key-rationale-'] textarea")
    field.fill("because the plant closes in May")
    field.press("Tab")
    settled(page)
    demo.kill()

    demo.start()
    open_page(page, f"{demo.url}/decide?case={case}")
    expect(page.locator("[class*='st-key-rationale-'] textarea")).to_have_value(
        "because the plant closes in May"
    )
