"""A small lending domain with cases, decisions and outcomes, for tests of every room."""

from datetime import datetime

import pandas as pd

from rhml.intake.tables import read_bytes

NOW = datetime(2026, 3, 2, 9, 0)

LOANS = """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[value]
column = "amount"
unit = "€"
[features.amount]
kind = "number"
changeable = true
[features.late]
kind = "number"
[features.sector]
kind = "category"
[features.insured]
kind = "yes_no"
[features.founded]
kind = "date"
[features.region]
kind = "category"
use = false
[segments]
columns = ["sector"]
protected = ["region"]
[modes]
overdue_days = 3650
"""


def csv(frame: pd.DataFrame):
    """A frame as an uploaded CSV."""
    return read_bytes("table.csv", frame.to_csv(index=False).encode())


def loan_cases(count: int, start: int = 0) -> pd.DataFrame:
    """Loan cases whose right action follows from amount and late payments, with some of everything missing."""
    at = pd.RangeIndex(start, start + count)
    return pd.DataFrame(
        {
            "case_id": [f"a{i:05}" for i in at],
            "amount": [500 * (i * 7 % 40 + 1) for i in at],
            "late": [i * 3 % 5 if i % 11 else None for i in at],
            "sector": [("retail", "farming", "crafts")[i % 3] for i in at],
            "insured": ["yes" if i % 2 else "no" for i in at],
            "founded": [f"20{i % 20:02}-01-15" for i in at],
            "region": [("north", "south")[i % 2] for i in at],
            "received_at": [f"2026-01-{i % 28 + 1:02}T08:00:00" for i in at],
            "due_at": [f"2026-02-{i % 28 + 1:02}T08:00:00" for i in at],
        }
    )


def right_action(cases: pd.DataFrame) -> list[str]:
    """What proves right: lending small amounts to those who pay in time."""
    risk = cases["amount"] / 10_000 + cases["late"].fillna(1)
    return ["lend" if r < 2.5 else "decline" for r in risk]
