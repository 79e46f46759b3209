"""Appends recommendations in bulk and points the waiting list at them."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Transaction, quoted
from rhml.store.opening import new_id

SHOWN = ("case_id", "recommendation_id", "model_version", "action", "probability", "help", "place", "unlike",
         "uncorrected_action", "likeliest_action", "matters")  # fmt: skip
"""What the waiting list says of a recommendation."""


def append_recommendations(
    tx: Transaction, domain: DecisionDomain, scores: pd.DataFrame, *, version: str | None, at: datetime
) -> None:
    """Record what the model recommends for each case, exactly as it will be shown.

    scores: case_id, action, probability, probabilities (list, in the order of the actions), base, points
    (list, in the order of the model's features), similar_n, low, high, notes (list), peers (list), changes
    (JSON text). `version` is the model's; None: each row names its own. A case that was decided meanwhile
    keeps the fact; only waiting ones show it.
    """
    facts = scores.assign(
        seq=list(tx.numbers(domain.name, len(scores))),
        recommendation_id=[new_id() for _ in range(len(scores))],
        imported=False,
        made_at=at,
    )
    if version is not None:
        facts["model_version"] = version
    tx.append_frame(f"{quoted(domain.name)}.recommendations", facts)
    shown = facts.reindex(columns=list(SHOWN)).astype({"help": float, "place": float, "matters": float})
    shown = shown.assign(unlike=shown["unlike"].notna())
    # A column of nothing has no type of its own, and the database would take it for whole numbers.
    texts = {"uncorrected_action": "str", "likeliest_action": "str"}
    shown = shown.astype(texts).where(shown.notna(), None)
    with tx.lent(shown, "shown"):
        tx.run(
            f"UPDATE {quoted(domain.name)}.waiting SET recommendation_id = s.recommendation_id, "
            "model_version = s.model_version, action = s.action, probability = s.probability, "
            "help = s.help, place = s.place, unlike = s.unlike, uncorrected_action = s.uncorrected_action, "
            "likeliest_action = s.likeliest_action, matters = s.matters "
            "FROM shown s WHERE s.case_id = waiting.case_id"
        )
