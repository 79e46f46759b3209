"""Moving the intent control in a real browser, with so many cases waiting.

Run it as `python -m tests.benchmarks.intent_browser [WAITING]` on a machine with Chrome or Chromium (100,000 waiting cases
unless given). Printed are the milliseconds that the server takes to read what waits, once, and for one preview, and the wall
milliseconds from a move of the balance until its sentence is on the page: median, nine in ten, and the slowest.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.core.intent import Intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.preview import preview
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import champion
from rhml.loop.retrain import retrain
from rhml.loop.teams import set_role
from rhml.store import frames, organization, scores
from rhml.store.engine import Store
from rhml.store.opening import open_store, utc_now
from tests.benchmarks.next_case import quiet
from tests.browser.conftest import QUIET, Server, browser_path
from tests.browser.desk import open_page, settled
from tests.loans import LOANS, csv, loan_cases

RESOLVED, TIMES, UNCOUNTED = 2_000, 24, 4
MOVED = """async (steps) => {
    const said = () => [...document.querySelectorAll('[data-testid=stMarkdown]')].map(e => e.innerText)
        .find(text => text.includes('would change'));
    const slider = document.querySelector('iframe[title*=balance]').contentDocument.querySelector('input');
    const before = said(), start = performance.now();
    slider.value = Number(slider.value) + steps * Number(slider.step);
    slider.dispatchEvent(new Event('input', {bubbles: true}));
    while (said() === before && performance.now() - start < 9000) await new Promise(again => setTimeout(again, 1));
    return performance.now() - start;
}"""


def build(url: str, count: int) -> None:
    """A log with a live model that is not sure, and `count` waiting cases with what it recommends for them."""
    now, log, domain = utc_now(), open_store(url, now=utc_now()), parse_domain("loans", LOANS)
    set_role(log, "Lead", "lead", by="Lead", at=now)
    cases = loan_cases(count + RESOLVED)
    known = cases.iloc[:RESOLVED]
    risk = known["amount"] / 10_000 + known["late"].fillna(1)
    lends = np.random.default_rng(1).random(RESOLVED) < 1 / (1 + np.exp(risk - 2.5))
    outcomes = known[["case_id"]].assign(right_action=np.where(lends, "lend", "decline"))
    decisions = outcomes.rename(columns={"right_action": "final_action"}).assign(manager="m1")
    onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="Lead", at=now
    )
    trained = retrain(log, domain, by="Lead", at=now, progress=quiet)
    promote(log, domain, trained.version, by="Lead", why="benchmark", at=now)
    _recommend(log, domain)
    log.close()


def _recommend(log: Store, domain: DecisionDomain) -> None:
    """The model's own probabilities; what a card would say beside them is left out."""
    version, model = champion(log, domain)
    cases = frames.unscored(log, domain, version)
    p = model.probabilities(cases)
    p = np.clip(p + np.random.default_rng(2).normal(0, 0.05, len(p))[:, None] * [1, -1], 0.01, 0.99)
    rows = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "action": np.array(model.actions)[p.argmax(axis=1)],
            "probability": p.max(axis=1),
            "probabilities": list(p),
            "base": p.max(axis=1),
            "points": [[0.0] * len(model.features)] * len(p),
            "notes": [[]] * len(p),
            "peers": [[]] * len(p),
        }
    )
    log.write(lambda tx: scores.append_recommendations(tx, domain, rows, version=version, at=utc_now()))


def on_the_server(url: str) -> None:
    """Print what reading and one preview take without a page."""
    store = open_store(url, now=utc_now())
    domain = organization.domain(store, "loans")
    start = time.perf_counter()
    waits = held(store, domain)
    read, took = time.perf_counter() - start, []
    for step in range(TIMES):
        start = time.perf_counter()
        preview(waits, domain, Intent(balance=step / 4 - 3))
        took.append(1000 * (time.perf_counter() - start))
    store.close()
    print(
        f"{waits.n:,} waiting: read once {1000 * read:.0f} ms, one preview {statistics.median(took):.0f} ms"
    )


def moved(page: Page) -> list[float]:
    """Milliseconds from each move to its sentence, to and fro."""
    took = []
    for turn in range(TIMES):
        took.append(page.evaluate(MOVED, 3 if turn % 2 else -3))
        settled(page)
    return took[UNCOUNTED:]


def in_the_browser(browser, url: str) -> None:
    """Print what a lead waits for."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    open_page(page, f"{url}/pending")
    page.get_by_role("button", name="State what matters").click()
    page.frame_locator("iframe[title*=balance]").get_by_role("slider").wait_for()
    settled(page)
    took = sorted(moved(page))
    print(
        f"a move until its sentence: median {statistics.median(took):.0f} ms, nine in ten {took[-3]:.0f} ms, "
        f"slowest {took[-1]:.0f} ms of {len(took)}"
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        address = f"duckdb:///{folder}/big.duckdb"
        build(address, int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        on_the_server(address)
        server = Server({"RHML_DB": address}, Path(folder) / "server.log")
        server.start()
        try:
            with sync_playwright() as playwright:
                in_the_browser(
                    playwright.chromium.launch(executable_path=browser_path(), args=QUIET), server.url
                )
        finally:
            server.stop()
