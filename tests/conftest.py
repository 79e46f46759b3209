"""A real log on disk for every test that needs one, with fixed times and a fixed secret."""

from datetime import datetime

import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.store.opening import open_store
from tests.loans import LOANS, NOW, csv, loan_cases, right_action


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def url(tmp_path) -> str:
    return f"duckdb:///{tmp_path / 'log.duckdb'}"


@pytest.fixture
def log(url):
    store = open_store(url, now=NOW, secret="fixed for tests")
    yield store
    store.close()


@pytest.fixture
def loans():
    return parse_domain("loans", LOANS)


@pytest.fixture
def resolved_loans(log, loans):
    """A log with 300 cases, the first 240 of them decided by three managers and 200 of them resolved."""
    cases = loan_cases(300)
    right = right_action(cases)
    wrong = {"lend": "decline", "decline": "lend"}
    decisions = pd.DataFrame(
        {
            "case_id": cases["case_id"][:240],
            "manager": [f"m{i % 3}" for i in range(240)],
            "final_action": [wrong[a] if i % 6 == 0 else a for i, a in enumerate(right[:240])],
            "decided_at": cases["due_at"][:240],
        }
    )
    outcomes = pd.DataFrame(
        {"case_id": cases["case_id"][:200], "right_action": right[:200], "known_at": "2026-03-01"}
    )
    onboard(log, loans, cases=csv(cases), outcomes=csv(outcomes), decisions=csv(decisions), by="lead", at=NOW)
    return loans
