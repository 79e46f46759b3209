"""Appends recommendations in bulk and points the waiting list at them."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Transaction, quoted
from rhml.store.opening import new_id


def append_recommendations(
    tx: Transaction, domain: DecisionDomain, scores: pd.DataFrame, *, version: str, at: datetime
) -> None:
    """Record what the model recommends for each case, exactly as it will be shown.

    scores: case_id, action, probability, probabilities (list, in the order of the actions), base, points
    (list, in the order of the model's features), similar_n, low, high, notes (list), peers (list), changes
    (JSON text). A case that was decided meanwhile keeps the fact; only waiting ones show it.
    """
    facts = scores.assign(
        seq=list(tx.numbers(domain.name, len(scores))),
        recommendation_id=[new_id() for _ in range(len(scores))],
        model_version=version,
        imported=False,
        made_at=at,
    )
    tx.append_frame(f"{quoted(domain.name)}.recommendations", facts)
    shown = facts[["case_id", "recommendation_id", "model_version", "action", "probability"]]
    with tx.lent(shown, "shown"):
        tx.run(
            f"UPDATE {quoted(domain.name)}.waiting SET recommendation_id = s.recommendation_id, "
            "model_version = s.model_version, action = s.action, probability = s.probability "
            "FROM shown s WHERE s.case_id = waiting.case_id"
        )
