"""What the Overrides page takes in the browser, whatever the length of the log: time to draw, nodes, memory.

python -m tests.benchmarks.page_of_overrides LOG [LOG …]     (files, opened one after the other, with a copy that lies ready)

Each is served and opened in Chrome or Chromium: first by a process that has
answered nothing of it yet, then again. Nodes and memory are read after the browser has collected what nobody uses.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from rhml.loop.teams import set_role
from rhml.store import organization
from rhml.store.opening import open_store, utc_now
from tests.browser.conftest import QUIET, Server, browser_path
from tests.browser.desk import open_page

VIEWS = ("Overview", "Pivot", "Time")
PATIENCE = 180_000


def looked_at(browser: Browser, url: str) -> tuple[float, int, float]:
    """Seconds until a page is drawn, its nodes, and the megabytes of its scripts."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    begun = time.perf_counter()
    open_page(page, url)
    took = time.perf_counter() - begun
    tools = context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    tools.send("Performance.enable")
    held = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    nodes = page.evaluate("document.querySelectorAll('*').length")
    context.close()
    return took, nodes, held["JSHeapUsedSize"] / 2**20


def somebody_looks(log: Path) -> None:
    """Name a first person where a log made for measuring has nobody who could look."""
    store = open_store(f"duckdb:///{log}", now=utc_now())
    if not organization.people(store):
        set_role(store, "Lead", "lead", by="Lead", at=utc_now())
    store.close()


def measure(browser: Browser, log: Path, output: Path) -> None:
    """Print what one log's page takes."""
    somebody_looks(log)
    server = Server({"RHML_DB": f"duckdb:///{log}"}, output)
    server.start()
    try:
        looked_at(browser, f"{server.url}/pending")
        for view in VIEWS:
            address = f"{server.url}/overrides?view={view}"
            first, again = looked_at(browser, address), looked_at(browser, address)
            print(
                f"{log.name:24s} {log.stat().st_size / 2**20:7,.0f} MB  {view:10s} first {first[0]:5.1f} s, again "
                f"{again[0]:5.1f} s  {again[1]:6,} nodes  {again[2]:6.1f} MB of scripts' memory",
                flush=True,
            )
    finally:
        server.stop()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        for name in sys.argv[1:]:
            measure(chromium, Path(name).resolve(), Path(folder) / "server.log")
        print(f"load: {os.getloadavg()[0]:.1f}")
