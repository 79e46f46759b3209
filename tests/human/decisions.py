"""One manager's decisions as the log gives them, with whatever a test wants to be different."""

from datetime import datetime, timedelta

import pandas as pd

from rhml.core.domain import parse_domain
from rhml.core.reliance import verdict

NOW = datetime(2026, 3, 2, 9)
TEXT = """
title = "Loans"
[actions]
lend = "Lend"
decline = "Decline"
[outcome]
[features.sector]
kind = "category"
[features.insured]
kind = "yes_no"
[features.region]
kind = "category"
use = false
[segments]
columns = ["sector", "insured"]
protected = ["region"]
"""
LOANS = parse_domain("loans", TEXT)


def decisions(n: int, **columns) -> pd.DataFrame:
    """n unaided calls that were kept, all right, none of the bank; columns replace whole columns."""
    defaults = {
        "decision_id": [f"d{i}" for i in range(n)],
        "case_id": [f"a{i}" for i in range(n)],
        "manager": "m1",
        "mode": "first_call",
        "first_action": "lend",
        "first_confidence": 0.8,
        "recommended_action": "lend",
        "recommended_confidence": 0.7,
        "final_action": "lend",
        "final_confidence": 0.9,
        "right_action": "lend",
        "decided_at": [NOW - timedelta(days=n - i) for i in range(n)],
        "arrived_at": [NOW - timedelta(hours=n - i) for i in range(n)],
        "bank": False,
        "explore": False,
        "imported": False,
        "sector": "retail",
        "insured": 1.0,
        "region": "north",
    }
    frame = pd.DataFrame({**defaults, **columns}, index=range(n))
    calls = ["first_action", "recommended_action", "final_action", "right_action"]
    frame[calls] = frame[calls].astype(object).where(frame[calls].notna(), None)
    frame["verdict"] = [
        verdict(first=f, recommended=m, final=t, right=r) if t is not None else None
        for f, m, t, r in frame[calls].itertuples(index=False)
    ]
    return frame
