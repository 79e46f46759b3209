"""A whole course in a real browser by keyboard alone, through two power cuts; nothing asked twice, nothing lost."""

import re

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from rhml.loop.course_record import courses_of, verified
from rhml.store import organization
from rhml.store.opening import open_store, utc_now
from tests.browser.desk import buttons, open_page, press, settled
from tests.browser.test_access import STREAMLITS_OWN

PLACE = "[data-testid=stMain] h2"


def test_a_course_by_keyboard_survives_two_power_cuts_and_ends_in_a_certificate(demo, page):
    here = f"{demo.url}/practice?view=Course&domain=purchase_requests"
    open_page(page, here)
    page.get_by_role("radio", name="10", exact=True).click()
    settled(page)
    press(page, "b")
    at(page, "First test: 1 of 10")
    for number in range(1, 5):
        call(page, "1", "8", then=f"First test: {number + 1} of 10")
    expect(page.get_by_text(re.compile("proved right", re.I))).to_have_count(0)
    page.keyboard.press("2")
    buttons(page, "course_answer").first.wait_for()
    settled(page)
    accessible(page)
    power_cut(demo)

    open_page(page, here)
    at(page, "First test: 5 of 10")
    expect(buttons(page, "course_answer").first).to_be_visible()
    press(page, "6")
    at(page, "First test: 6 of 10")
    for number in range(6, 11):
        call(
            page,
            "2",
            "Enter",
            then="Practice: 1 of 20" if number == 10 else f"First test: {number + 1} of 10",
        )
    call(page, "1", "9", then="Practice: 1 of 20", told=True)
    power_cut(demo)

    open_page(page, here)
    told = page.get_by_role("heading", level=3).first
    expect(told).to_have_text(re.compile("(Right: |proved right, not)"), use_inner_text=True)
    accessible(page)
    for number in range(2, 21):
        page.keyboard.press("n")
        at(page, f"Practice: {number} of 20")
        call(page, str(1 + number % 2), "7", then=f"Practice: {number} of 20", told=True)
    page.keyboard.press("n")
    for number in range(1, 11):
        at(page, f"Second test: {number} of 10")
        call(page, str(1 + number % 2), "0", then=None)
    expect(page.get_by_text(re.compile(r"Right answers of 10: \d+ → \d+"))).to_be_visible()
    accessible(page)
    certificate_read(page)

    demo.kill()
    held, vouched, rows = in_the_log(demo)
    demo.start()
    assert vouched and held["person"] == "Lead" and held["n"] == 10
    assert rows == list(range(40))


def at(page, place: str) -> None:
    expect(page.locator(PLACE).first).to_have_text(place)
    settled(page)


def call(page, action: str, sure: str, *, then: str | None, told: bool = False) -> None:
    """Choose an action by its number, say how sure by one key, and wait for what comes next."""
    page.keyboard.press(action)
    buttons(page, "course_answer").first.wait_for()
    settled(page)
    page.keyboard.press(sure)
    expect(buttons(page, "course_answer")).to_have_count(0)
    if told:
        buttons(page, "course_next").first.wait_for()
    if then:
        at(page, then)


def accessible(page) -> None:
    """No rule of axe is broken by what is ours."""
    broken = [v["id"] for v in Axe().run(page)["violations"] if v["id"] not in STREAMLITS_OWN]
    assert broken == []


def power_cut(server) -> None:
    server.kill()
    server.start()


def certificate_read(page) -> None:
    """The certificate as a file that needs nothing else."""
    with page.expect_download() as download:
        page.get_by_text("Certificate as HTML").click()
    text = download.value.path().read_text("utf-8")
    assert "Verification" in text and "Lead" in text and "http" not in text and "<script" not in text


def in_the_log(server):
    """The certificate, whether the log vouches for it, and the places answered, each once."""
    log = open_store(server.environment["RHML_DB"], now=utc_now())
    domain = organization.domain(log, "purchase_requests")
    [course] = courses_of(log, domain, "Lead")
    rows = log.read("SELECT place FROM purchase_requests.drill_answers ORDER BY place")
    found = course.certificate, verified(log.secret, domain, course), [place for (place,) in rows]
    log.close()
    return found
