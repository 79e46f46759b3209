"""The Overrides page in a browser: every view by every rule of axe; a cell of the pivot leads to what it counts."""

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from rhml.ui.overrides.overrides_views import VIEWS
from tests.browser.desk import open_page, settled
from tests.browser.test_access import STREAMLITS_OWN


def pivot(page):
    return page.frame_locator("iframe[title*='heat_table']")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_breaks_a_rule_of_accessibility(demo, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1400, "height": 900})
    page, found = context.new_page(), {}
    for view in VIEWS:
        open_page(page, f"{demo.url}/overrides?view={view}")
        page.wait_for_timeout(500)
        violations = Axe().run(page)["violations"]
        ours = {v["id"]: v["nodes"][0]["html"][:200] for v in violations if v["id"] not in STREAMLITS_OWN}
        if ours:
            found[view] = ours
    context.close()
    assert found == {}


def test_a_cell_leads_to_the_same_filters_narrowed_to_it(demo, page):
    open_page(page, f"{demo.url}/overrides?view=Pivot")
    row = pivot(page).locator("tbody tr").nth(1)
    name = row.locator("th").inner_text()
    row.locator("button").first.press("Enter")
    settled(page)
    expect(page.get_by_text("overrides.", exact=False).first).to_be_visible()
    expect(page.locator("[class*='st-key-looking_at']")).to_contain_text(name)
    page.wait_for_function("location.search.includes('in_recommended_confidence')")
    page.reload()
    settled(page)
    expect(page.locator("[class*='st-key-looking_at']")).to_contain_text(name)


def test_the_whole_of_a_row_leads_to_as_many_overrides_as_it_says(demo, page):
    open_page(page, f"{demo.url}/overrides?view=Pivot&cells=Overrides")
    whole = pivot(page).locator("tbody tr").nth(1).locator("button").last
    said = whole.locator("b").inner_text()
    whole.press("Enter")
    page.wait_for_function("location.search.includes('in_category')")
    settled(page)
    expect(page.get_by_text(f"{said} overrides.", exact=True)).to_be_visible()
    assert "in_recommended_confidence" not in page.url


def test_the_table_has_headings_that_are_read_with_its_cells(demo, page):
    open_page(page, f"{demo.url}/overrides?view=Pivot")
    table = pivot(page).locator("table")
    expect(pivot(page).get_by_role("table", name="Override rate by")).to_be_visible()
    assert table.locator("thead th[scope=col]").count() > 2
    assert table.locator("tbody th[scope=row]").count() == table.locator("tbody tr").count()
