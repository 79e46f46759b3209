"""A newcomer picks a field of the demo and finishes its tour by doing what the panel says."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import touring
from tests.browser.conftest import ROOT, Server
from tests.browser.desk import buttons, open_page, settled

BUILD = """
import sys
from rhml.demo.fields import bring
from rhml.store.opening import open_store, utc_now
store = open_store(sys.argv[1], now=utc_now(), secret="one")
for key in ("logistics", "open_science"):
    bring(store, key, at=utc_now(), progress=lambda share, message: None, size=0.12)
store.close()
"""

CLICKS = 20
"""What three minutes leave time for, with reading."""


@pytest.fixture(scope="session")
def two_fields(tmp_path_factory) -> Path:
    """A demo log with two small fields, to be copied."""
    path = tmp_path_factory.mktemp("fields") / "demo.duckdb"
    subprocess.run([sys.executable, "-c", BUILD, f"duckdb:///{path}"], cwd=ROOT, check=True)
    return path


@pytest.fixture
def app(two_fields, tmp_path):
    """The app on a copy of it."""
    path = tmp_path / "copy.duckdb"
    shutil.copy(two_fields, path)
    server = Server({"RHML_DB": f"duckdb:///{path}"}, tmp_path / "server.log")
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.log.read_text(), server.log.read_text()


@pytest.mark.parametrize(("field", "word"), [("logistics", "shipment"), ("open_science", "finding")])
def test_a_newcomer_picks_a_field_and_finishes_its_tour(app, page, field, word):
    page.add_init_script("window.clicks = 0; addEventListener('click', () => { window.clicks += 1 }, true)")
    open_page(page, app.url)
    page.get_by_role("button", name="Five fields").click()
    page.locator(f".st-key-field-{field}").get_by_text("Ready").wait_for()
    page.locator(f".st-key-tour-{field} button").click()
    touring.panel(page).wait_for()
    settled(page)
    expect(page.get_by_label("You are")).to_have_value("Newcomer (lead)")

    steps = touring.follow(page)

    assert len(steps) >= 4
    expect(touring.panel(page)).to_contain_text("steps are on record")
    expect(page.get_by_role("heading", name="Improvement")).to_be_visible()
    expect(page.locator("dt", has_text="Because of whom")).to_be_visible()
    expect(page.get_by_text(f"Find a {word}")).to_be_visible()
    assert page.evaluate("window.clicks") <= CLICKS
    page.get_by_role("button", name="End the tour").click()
    expect(touring.panel(page)).to_have_count(0)


def test_on_a_telephone_the_step_is_in_sight_wherever_one_is(app, chromium):
    context = chromium.new_context(
        viewport={"width": 400, "height": 820}, has_touch=True, is_mobile=True, locale="en-GB"
    )
    page, aside = context.new_page(), "stSidebar"
    open_page(page, app.url)
    page.get_by_test_id("stExpandSidebarButton").tap()
    page.get_by_role("link", name="Models", exact=True).tap()
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    expect(page.get_by_test_id(aside)).to_have_attribute("data-collapsed", "true")

    page.get_by_test_id("stExpandSidebarButton").tap()
    page.get_by_role("button", name="Five fields").tap()
    page.locator(".st-key-tour-logistics button").tap()
    touring.panel(page).wait_for()
    settled(page)
    expect(page.get_by_test_id(aside)).to_have_attribute("data-collapsed", "true")

    touring.panel(page).get_by_role("link").tap()
    buttons(page, "agree").or_(buttons(page, "action")).first.wait_for()
    settled(page)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
    page.wait_for_timeout(300)
    box = touring.panel(page).bounding_box()
    assert 0 < box["y"] < 100 and box["height"] < 820 / 6, box
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
    touring.panel(page).get_by_role("button", name="Steps").tap()
    expect(page.get_by_text("Read the plan, how likely").filter(visible=True)).to_have_count(2)
    context.close()
