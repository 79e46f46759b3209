"""Agree → next case on screen at 100,000 cases and decisions, as a ratio to an empty page of the same process.

Run it as `python -m tests.benchmarks.next_case [CASES]`; it prints medians in milliseconds and their ratios.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from streamlit import config
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.loop.team import team
from rhml.loop.teams import set_role
from rhml.store.opening import open_store, utc_now
from tests.loans import LOANS, csv, loan_cases, right_action

WAITING = 2_000
EMPTY = "import streamlit as st\nst.button('again', key='again')\n"
ROOT = Path(__file__).parent.parent.parent


def build(url: str, count: int) -> None:
    """A log with `count` decided and resolved cases, some waiting ones, and a live model."""
    now, log, domain = utc_now(), open_store(url, now=utc_now()), parse_domain("loans", LOANS)
    set_role(log, "Lead", "lead", by="Lead", at=now)
    cases = loan_cases(count + WAITING)
    right = np.array(right_action(cases))
    people = [f"m{i % 20}" for i in range(count)]
    decisions = pd.DataFrame(
        {"case_id": cases["case_id"][:count], "manager": people, "final_action": right[:count]}
    )
    outcomes = pd.DataFrame({"case_id": cases["case_id"][:count], "right_action": right[:count]})
    onboard(
        log, domain, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="Lead", at=now
    )
    trained = retrain(log, domain, by="Lead", at=now, progress=quiet)
    promote(log, domain, trained.version, by="Lead", why="benchmark", at=now)
    team(log, domain, by="Lead", at=now, progress=quiet)
    recommend_waiting(log, domain, at=now, progress=quiet)
    log.close()


def quiet(share: float, message: str) -> None:
    """Progress that nobody watches."""


def timed(act, times: int = 30) -> float:
    """The median of several runs, in milliseconds, after two that are not counted."""
    took = []
    for _ in range(times + 2):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took[2:])


def agree(page: AppTest) -> None:
    """Agree with the recommendation on screen; the next assisted case is on screen when this returns."""
    found = [b for b in page.button if b.key and b.key.startswith("agree-")]
    found[0].click().run()
    assert not page.exception


def to_an_assisted_case(page: AppTest) -> None:
    """Take the next case until one can be agreed with at once."""
    while not any(b.key and b.key.startswith("agree-") for b in page.button):
        next(b for b in page.button if b.key and b.key == "next").click().run()


def measure() -> None:
    """Print the ratios."""
    # Widgets hold functions here, which the tests' own session cannot serialize; a server's never tries.
    config.set_option("runner.enforceSerializableSessionState", False)
    empty = AppTest.from_string(EMPTY, default_timeout=60).run()
    nothing = timed(lambda: empty.button(key="again").click().run())
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    queue = timed(page.run)
    page.switch_page("pages/decide.py").run()
    took = []
    for _ in range(32):
        to_an_assisted_case(page)
        start = time.perf_counter()
        agree(page)
        took.append((time.perf_counter() - start) * 1000)
    to_an_assisted_case(page)
    card, following = timed(page.run), statistics.median(took[2:])
    for name, value in (
        ("empty page", nothing),
        ("Pending", queue),
        ("Decide", card),
        ("agree → next", following),
    ):
        print(f"{name:>14} {value:7.1f} ms {value / nothing:5.1f}×")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RHML_DB"] = f"duckdb:///{folder}/big.duckdb"
        build(os.environ["RHML_DB"], int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
        measure()
        os._exit(0)  # the worker's thread waits for work that will not come
