"""What people marked: on decisions, and on the own calls before them."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import frames
from rhml.store.engine import Store, quoted


def of_calls(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Every mark on a live decision or on the own call before it, each once: decision_id, factor, mark."""
    d = quoted(domain.name)
    own = store.frame(
        f"SELECT l.decision_id, m.factor, m.mark FROM {d}.first_call_marks m "
        f"JOIN {d}.first_calls f ON f.first_call_id = m.first_call_id "
        f"JOIN {d}.live_decisions l ON l.case_id = f.case_id AND l.manager = f.manager AND l.first_action IS NOT NULL "
        "ORDER BY m.seq"
    )
    return pd.concat([frames.marks(store, domain), own]).drop_duplicates(ignore_index=True)
