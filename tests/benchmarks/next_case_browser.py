"""Agree → next case on screen in a real browser, beside reruns of two empty pages of the same server.

Run it as `python -m tests.benchmarks.next_case_browser [CASES]` on a machine with Chrome or Chromium (100,000 decided
cases unless given). *Empty* draws the app's frame (navigation, who and where you are) and nothing in it; *bare*
draws nothing of the product at all. Each is a key pressed until the new heading is on screen; medians of one run.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.next_case import build
from tests.browser.conftest import QUIET, ROOT, Server, browser_path
from tests.browser.desk import open_page, settled, walk_to

COUNTED = """import streamlit as st
st.session_state.setdefault("presses", 0)
def pressed(): st.session_state["presses"] += 1
"""
BODY = """st.header(f"Pressed {st.session_state['presses']}")
st.button("Again", shortcut="A", on_click=pressed, key="again")
"""
BARE = COUNTED + BODY
EMPTY = COUNTED + "from rhml.ui import shell\nwith shell.page('decide'):\n    " + BODY.replace("\n", "\n    ")
APP = """import streamlit as st
from rhml.ui.pages import PAGES
files = ["bare", "empty", *(page.file for page in PAGES)]
st.navigation([st.Page(f"pages/{file}.py", default=file == "pending") for file in files], position="hidden").run()
"""
PRESSED = """async () => {
    const heading = () => document.querySelector('[data-testid=stMain] h2')?.innerText;
    const before = heading(), start = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'a', code: 'KeyA', bubbles: true}));
    while (heading() === before) await new Promise(again => setTimeout(again, 1));
    return performance.now() - start;
}"""
TIMES = 22


def served(folder: Path) -> Server:
    """The app with two more pages, on the log in this folder."""
    shutil.copytree(ROOT / "pages", folder / "pages")
    shutil.copytree(ROOT / ".streamlit", folder / ".streamlit")
    (folder / "pages" / "bare.py").write_text(BARE)
    (folder / "pages" / "empty.py").write_text(EMPTY)
    (folder / "app.py").write_text(APP)
    environment = {"RHML_DB": f"duckdb:///{folder}/big.duckdb", "PYTHONPATH": str(ROOT)}
    return Server(environment, folder / "server.log", where=folder)


def again(page: Page) -> float:
    """Milliseconds from the key to the new heading."""
    page.bring_to_front()
    time.sleep(0.15)
    return page.evaluate(PRESSED)


def measure(browser, url: str) -> None:
    """Print the medians and what the card takes against each empty page."""
    pages = {}
    for name in ("bare", "empty", "decide"):
        pages[name] = browser.new_page(viewport={"width": 1400, "height": 900})
        pages[name].goto(f"{url}/{name}")
        pages[name].locator("[data-testid=stMain] h2").first.wait_for()
    open_page(pages["decide"], f"{url}/decide")
    took = {name: [] for name in pages}
    for _ in range(TIMES):
        for name, page in pages.items():
            if name == "decide":
                page.bring_to_front()
                walk_to(page, "agree")
            took[name].append(again(page))
        settled(pages["decide"])
    card = statistics.median(took["decide"][2:])
    for name, what in (("bare", "bare page"), ("empty", "empty page in the app's frame")):
        other = statistics.median(took[name][2:])
        print(f"agree → next case {card:.0f} ms, {what} {other:.0f} ms: {card / other:.2f}×")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
        build(f"duckdb:///{folder}/big.duckdb", count)
        server = served(Path(folder))
        server.start()
        try:
            with sync_playwright() as playwright:
                measure(playwright.chromium.launch(executable_path=browser_path(), args=QUIET), server.url)
        finally:
            server.stop()
