"""A small log for page tests: 360 decided cases with both calls, reasons, rationales and outcomes."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.retrain import retrain
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import resources

NOW = datetime(2026, 3, 1, 9)
LOANS = """
title = "Loans"
[terms]
case = "application"
[actions]
lend = "Lend"
decline = "Decline"
[value]
column = "amount"
unit = "€"
[features.amount]
kind = "number"
[features.late]
label = "Late payments"
kind = "number"
[features.sector]
kind = "category"
[segments]
columns = ["sector", "amount"]
[training]
minimum = 50
"""
WITH_OUTCOMES = LOANS + "[outcome]\n"
SELECTIVE = LOANS + '[outcome]\nobserved_after = ["lend"]\n'
SAID = ("a new contract was signed", "the income is seasonal", "100% of _late_ payments were a bank's error")


def rows(n: int) -> pd.DataFrame:
    """Decisions over ten months; the model is right in three of four, people in two of three."""
    draw = np.random.default_rng(3)
    late = draw.poisson(1.0, n)
    right = np.where(draw.random(n) < 1 / (1 + np.exp(1.5 * late - 1.5)), "lend", "decline")

    def called(chance: float) -> np.ndarray:
        other = np.where(right == "lend", "decline", "lend")
        return np.where(draw.random(n) < chance, right, other)

    first, shown = called(0.66), called(0.75)
    final = np.where(draw.random(n) < 0.5, first, shown)
    differs = final != shown
    at = [NOW - timedelta(days=300 * (1 - i / n)) for i in range(n)]
    return pd.DataFrame(
        {
            "case_id": [f"a{i:04}" for i in range(n)],
            "amount": draw.integers(1, 60, n) * 500,
            "late": late,
            "sector": draw.choice(["retail", "farming"], n),
            "received_at": [t.isoformat() for t in at],
            "manager": draw.choice(["m1", "m2", "m3"], n, p=[0.49, 0.49, 0.02]),
            "first_action": first,
            "recommended_action": shown,
            "recommended_confidence": 0.75,
            "final_action": final,
            "reason": np.where(differs, draw.choice(["New information", "Data is wrong"], n), None),
            "rationale": np.where(differs, draw.choice(SAID, n), None),
            "decided_at": [t.isoformat() for t in at],
            "right_action": right,
            "known_at": [min(t + timedelta(days=5), NOW).isoformat() for t in at],
        }
    )


DECIDED = ["case_id", "manager", "first_action", "recommended_action", "recommended_confidence", "final_action",
           "reason", "rationale", "decided_at"]  # fmt: skip


def fill(
    store, text: str = WITH_OUTCOMES, *, n: int = 360, decisions: bool = True, outcomes: int = 300
) -> None:
    """Bring cases, decisions and the first outcomes into a log, and three people."""
    domain, table = parse_domain("loans", text), rows(n)

    def file(columns: list[str], count: int = n):
        return read_bytes("table.csv", table[columns][:count].to_csv(index=False).encode())

    onboard(
        store,
        domain,
        cases=file(["case_id", "amount", "late", "sector", "received_at"]),
        decisions=file(DECIDED) if decisions else None,
        outcomes=file(["case_id", "right_action", "known_at"], outcomes) if outcomes else None,
        by="lead",
        at=NOW,
    )
    for person, role in (("analyst", "analyst"), ("lead", "lead"), ("m1", "manager")):
        store.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))


def learn(store, domain, *, times: int = 2) -> None:
    """Train a version and promote it, then train a challenger on more outcomes."""
    retrain(store, domain, by="lead", at=NOW, progress=lambda share, words: None)
    promote(store, domain, "v1", by="lead", why="The first model.", at=NOW + timedelta(hours=1))
    if times > 1:
        table = rows(360)[["case_id", "right_action", "known_at"]][300:]
        more = read_bytes("more.csv", table.to_csv(index=False).encode())
        onboard(store, domain, outcomes=more, by="lead", at=NOW + timedelta(hours=2))
        retrain(store, domain, by="lead", at=NOW + timedelta(hours=3), progress=lambda share, words: None)


def opened(page: str, **query: str) -> AppTest:
    """A page of the app as a reader opens it by its address."""
    # AppTest itself keeps the pages' format functions in the session, where the app allows no functions.
    st.config.set_option("runner.enforceSerializableSessionState", False)
    app = AppTest.from_file(str(Path(__file__).parents[2] / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}.py").run()


@pytest.fixture
def loans_log(tmp_path, monkeypatch):
    """Makes a log, fills it, closes it, lets the pages open it, and closes what they opened."""
    url = f"duckdb:///{tmp_path / 'pages.duckdb'}"

    def make(**how):
        store = open_store(url, now=NOW)
        versions = how.pop("versions", 0)
        if how.pop("filled", True):
            fill(store, **how)
        if versions:
            learn(store, organization.domain(store, "loans"), times=versions)
        store.close()
        monkeypatch.setenv("RHML_DB", url)

    yield make
    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()
