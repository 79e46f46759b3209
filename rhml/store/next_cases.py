"""A few waiting cases of one kind for one person: of a segment, or by what may be shown of the model."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted


def of_segment(
    store: Store,
    domain: DecisionDomain,
    person: str,
    column: str,
    level: str,
    *,
    now: datetime,
    limit: int = 5,
) -> list[dict[str, Any]]:
    """Waiting cases of a segment, due soonest first: case_id, due_at. Nothing of the model decides which."""
    name = quoted(domain.feature(column).name)
    level = {"yes": "true", "no": "false"}[level] if domain.feature(column).kind == "yes_no" else level
    return _waiting(store, domain, f"CAST(c.{name} AS TEXT) = $3", [now, person, level], limit)


def of_sureness(
    store: Store,
    domain: DecisionDomain,
    person: str,
    low: float,
    high: float,
    *,
    now: datetime,
    limit: int = 5,
) -> list[dict[str, Any]]:
    """Waiting cases on which the model is so sure: only those whose card shows its recommendation at once."""
    where = "w.mode = 'assisted' AND w.probability >= $3::float8 AND w.probability < $4::float8"
    return _waiting(store, domain, where, [now, person, low, high], limit)


def _waiting(
    store: Store, domain: DecisionDomain, where: str, parameters: list[Any], limit: int
) -> list[dict[str, Any]]:
    d = quoted(domain.name)
    return store.records(
        f"""SELECT w.case_id, w.due_at FROM {d}.waiting w JOIN {d}.cases c ON c.case_id = w.case_id
        WHERE {where} AND w.recommendation_id IS NOT NULL AND w.escalated_by IS NULL
        AND (w.snoozed_until > $1::timestamp) IS NOT TRUE
        AND (w.claimed_by IS NULL OR w.claimed_by = $2::text OR w.claimed_until <= $1::timestamp)
        AND (w.assigned_to IS NULL OR w.assigned_to = $2::text)
        ORDER BY w.due_at NULLS LAST, w.case_id LIMIT {int(limit)}""",
        parameters,
    )
