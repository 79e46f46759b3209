"""A whole drill by keyboard alone, with the server killed twice on the way: nothing is lost, nothing counts twice."""

import re

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from rhml.store.opening import open_store, utc_now
from tests.browser.desk import buttons, open_page, press, settled
from tests.browser.test_access import STREAMLITS_OWN


def test_a_whole_drill_by_keyboard_survives_two_kills(demo, page):
    open_page(page, f"{demo.url}/practice")
    expect(page.get_by_text(re.compile(r"10 past requests, about \d+ minutes"))).to_be_visible()
    press(page, "b")
    stands_at(page, 1)
    for place in range(1, 11):
        press(page, "1" if place % 2 else "2")
        buttons(page, "drill_answer").first.wait_for()
        if place == 3:  # an action is chosen and nothing is said yet
            cut_the_power(demo, page)
            stands_at(page, 3)
            expect(buttons(page, "drill_answer").first).to_be_visible()
        press(page, "Enter" if place == 5 else "8")
        buttons(page, "drill_next").wait_for()
        settled(page)
        if place == 6:  # the outcome is on the page and not left yet
            before = told(page)
            cut_the_power(demo, page)
            assert told(page) == before
        press(page, "n")
        if place < 10:
            stands_at(page, place + 1)
    expect(page.get_by_text(re.compile("of 10 right"))).to_be_visible()
    cut_the_power(demo, page)
    expect(page.get_by_text(re.compile("of 10 right"))).to_be_visible()
    press(page, "n")
    expect(page.get_by_text(re.compile("1 session"))).to_be_visible()

    demo.kill()
    log = open_store(demo.environment["RHML_DB"], now=utc_now())
    rows = log.read(
        "SELECT a.place, a.action, a.confidence, d.manager FROM purchase_requests.drill_answers a "
        "JOIN purchase_requests.drills d ON d.drill_id = a.drill_id ORDER BY a.seq"
    )
    ends = log.read("SELECT kind FROM purchase_requests.drill_events")
    log.close()
    assert [place for place, *_ in rows] == list(range(10))
    assert [action for _, action, *_ in rows] == ["approve", "send_back"] * 5
    assert [said for _, _, said, _ in rows] == [None if place == 4 else 0.8 for place in range(10)]
    assert ends == [("finished",)]


def test_every_state_of_a_drill_is_accessible(demo, chromium):
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 900})
        page = context.new_page()
        open_page(page, f"{demo.url}/practice")
        if scheme == "light":
            press(page, "b")
            stands_at(page, 1)
            press(page, "1")
            buttons(page, "drill_answer").first.wait_for()
        settled(page)
        assert violations(page) == {}
        press(page, "7")
        buttons(page, "drill_next").wait_for()
        settled(page)
        assert violations(page) == {}
        press(page, "n")
        stands_at(page, 2 if scheme == "light" else 3)
        if scheme == "light":  # for the dark one to find it where it was left
            press(page, "2")
            buttons(page, "drill_answer").first.wait_for()
        context.close()


def stands_at(page, number: int) -> None:
    expect(page.get_by_role("heading", name=f"Request {number} of 10")).to_be_visible()
    settled(page)


def cut_the_power(demo, page) -> None:
    """Kill the server, start it again, and open the page anew."""
    demo.kill()
    demo.start()
    open_page(page, f"{demo.url}/practice")


def told(page) -> str:
    """What the page says of the case that was just called."""
    buttons(page, "drill_next").wait_for()
    return page.locator("[data-testid=stMain]").inner_text()


def violations(page) -> dict[str, str]:
    page.wait_for_timeout(400)
    found = Axe().run(page)["violations"]
    return {v["id"]: v["nodes"][0]["html"][:200] for v in found if v["id"] not in STREAMLITS_OWN}
