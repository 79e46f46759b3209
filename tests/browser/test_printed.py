"""The printed report in a real browser: it fetches nothing, fits a telephone, and can be read aloud."""

import pytest
from axe_core_python.sync_playwright import Axe

from rhml.store.opening import open_store
from tests.printed.hostile_loans import AT, hostile


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A report as a file, of a log in which every name is hostile."""
    folder = tmp_path_factory.mktemp("printed")
    store = open_store(f"duckdb:///{folder / 'log.duckdb'}", now=AT)
    (folder / "report.html").write_bytes(hostile(store).html())
    store.close()
    return folder / "report.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_breaks_no_rule_of_accessibility(file, chromium, scheme):
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto(file.as_uri())
    violations = Axe().run(page)["violations"]
    context.close()
    assert {v["id"]: v["nodes"][0]["html"][:200] for v in violations} == {}


def test_the_page_fetches_and_says_nothing_and_fits_a_telephone(file, chromium):
    context = chromium.new_context(viewport={"width": 400, "height": 800})
    page = context.new_page()
    heard = []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    assert heard == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    page.get_by_role("link", name="Segments").click()
    assert page.get_by_role("heading", name="Segments").is_visible()
    context.close()
