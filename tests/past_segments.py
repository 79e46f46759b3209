"""A log of past decisions in which people, the model and both are weak in a segment each; for tests of pages."""

from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.onboard import onboard
from rhml.store import organization

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
cost = { lend = { decline = 0.45 }, decline = { lend = 0.06 } }
[outcome]
[features.amount]
label = "Amount"
kind = "number"
unit = "€"
[features.tenure]
label = "Years as a client"
kind = "number"
[features.sector]
label = "Sector"
kind = "category"
[features.secured]
label = "Secured"
kind = "yes_no"
[features.founded]
label = "Founded"
kind = "date"
[segments]
columns = ["sector"]
"""


def table(n: int) -> pd.DataFrame:
    """Where the sector is crafts people are better, where it is farming both are weak, in retail the model is."""
    rng = np.random.default_rng(4)
    sector = rng.choice(["crafts", "farming", "retail", "trade", "transport"], n)
    person = pd.Series(sector).map({"crafts": 0.9, "farming": 0.35, "retail": 0.4}).fillna(0.75)
    model = pd.Series(sector).map({"crafts": 0.4, "farming": 0.35, "retail": 0.9}).fillna(0.75)
    right = rng.choice(["lend", "decline"], n)
    other = np.where(right == "lend", "decline", "lend")
    first, shown = (np.where(rng.random(n) < p, right, other) for p in (person, model))
    at = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n) * 300 / n, "D")
    founded = pd.Timestamp("1990-01-01") + pd.to_timedelta(rng.integers(0, 9_000, n), "D")
    return pd.DataFrame({
        "case_id": [f"A{i:05}" for i in range(n)], "amount": rng.integers(1, 80, n) * 1_000.0,
        "tenure": np.where(rng.random(n) < 0.1, np.nan, rng.integers(0, 20, n)), "sector": sector,
        "secured": rng.choice(["yes", "no", None], n), "founded": founded.strftime("%Y-%m-%d"),
        "received_at": at.astype(str), "manager": rng.choice(["m1", "m2", "m3"], n), "first_action": first,
        "recommended_action": shown, "recommended_confidence": 0.7, "final_action": np.where(rng.random(n) < 0.5, first, shown),
        "decided_at": at.astype(str), "right_action": right, "known_at": at.astype(str),
    })  # fmt: skip


def fill(store, *, n: int = 1_200, outcomes: bool = True) -> None:
    """Bring cases, decisions, outcomes and three people into a log."""
    rows, domain = table(n), parse_domain("loans", LOANS)

    def file(columns: str):
        return read_bytes("table.csv", rows[columns.split()].to_csv(index=False).encode())

    onboard(
        store,
        domain,
        cases=file("case_id amount tenure sector secured founded received_at"),
        decisions=file(
            "case_id manager first_action recommended_action recommended_confidence final_action decided_at"
        ),
        outcomes=file("case_id right_action known_at") if outcomes else None,
        by="lead",
        at=NOW,
    )
    for person, role in (("lead", "lead"), ("analyst", "analyst"), ("m1", "manager")):
        store.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=NOW, by="setup"))
