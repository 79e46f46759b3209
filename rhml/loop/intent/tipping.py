"""Whether a card could say what would tip its recommendation: not before that was worked out under what mattered."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store import intents
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store

NOT_YET = "What would have tipped the recommendation had not been worked out yet when it was decided."


def tips_known(
    store: Store,
    domain: DecisionDomain,
    row: dict[str, Any] | None,
    shown: StoredRecommendation,
    decided: str | None = None,
) -> bool:
    """Of a waiting case (`row`): not while it is recommended for anew. Of a past one (`decided`, the decision's id): not
    where it was decided on a recommendation that a statement had just moved, or that another intent had asked for."""
    if row is not None:
        if row["model_version"] is not None:
            return True
        entry = intents.in_force(store, domain.name)
        return bool(shown.changes) and (entry.intent_id if entry else None) == shown.intent_id
    found = intents.numbers(store, domain.name, decided, shown.recommendation_id) if decided else None
    if found is None:
        return True
    at, recommended, imported = found
    entries = intents.entries(store, domain.name)
    now = next((e for e in entries if e.seq < at), None)
    in_force = now.intent_id if now and now.kind == intents.STATED else None
    if imported or in_force != shown.intent_id:
        return False
    return not any(e.seq < recommended <= e.seq + intents.moved_with(e) for e in entries)
