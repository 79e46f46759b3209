"""Hostile words in every text of a finished log: every page and view, opened as everybody, with every fold open.

    PYTHONPATH=. python tests/benchmarks/injection.py LOG.duckdb [PART OF AN ADDRESS]

LOG is a finished demo log (`python -m rhml demo --db duckdb:///LOG.duckdb`); a copy of it is poisoned. Ends with 1 if
a text became an element, a link, a picture, a dialog or a request, or if it was shown with signs that are not its own.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from rhml.store.opening import utc_now
from tests.browser.conftest import QUIET, Server, browser_path
from tests.browser.desk import settled
from tests.browser.poison import poison
from tests.browser.walk import Watched, addresses, become

PEOPLE = {"lead": 0, "manager": 1, "analyst": -1}
UNFOLD = """() => document.querySelectorAll('[data-testid=stMain] details:not([open]) summary').forEach(e => e.click())"""


def looked(watched: Watched, address: str, number: int) -> list[str]:
    """What is wrong at an address as one person sees it, folds open."""
    watched.noted.clear()
    try:
        watched.page.goto(f"{watched.url}/{address}")
        settled(watched.page)
        if number:
            become(watched.page, number)
        watched.page.evaluate(UNFOLD)
        settled(watched.page)
        return [*watched.noted, *watched.seen()]
    except (AssertionError, Error) as broken:
        return [f"broken: {str(broken)[:300]}"]


def main() -> int:
    part, bad = (sys.argv[2] if len(sys.argv) > 2 else ""), 0
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "copy.duckdb"
        shutil.copy(sys.argv[1], path)
        poison(path, at=utc_now())
        server = Server({"RHML_DB": f"duckdb:///{path}"}, Path(folder) / "server.log")
        server.start()
        browser = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        context.set_default_timeout(45_000)
        watched = Watched(context, server.url)
        for who, number in PEOPLE.items():
            for address in (a for a in addresses() if part in a):
                found = looked(watched, address, number)
                bad += bool(found)
                print(f"{who:8} {'BAD' if found else 'ok ':3} {address}", *(f"\n         {f[:300]}" for f in found),
                      flush=True)  # fmt: skip
        browser.close()
        server.stop()
        traces = server.log.read_text().count("Traceback")
    print(f"{bad} pages are wrong; {traces} tracebacks in the server's log")
    return 1 if bad or traces else 0


if __name__ == "__main__":
    sys.exit(main())
