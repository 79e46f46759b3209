"""Who has a waiting case open, and whether their card asks for an own call first."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from rhml.core import policy
from rhml.core.domain import DecisionDomain
from rhml.errors import CaseTaken
from rhml.store.engine import Transaction, quoted
from rhml.store.waiting import gone


def asks(domain: DecisionDomain, row: dict[str, Any], *, manager: str, at: datetime) -> bool:
    """Whether the card of a waiting case asks this manager for the own call that was drawn; as the
    waiting list says it in SQL."""
    if row["mode"] == "assisted":
        return False
    until = row["claimed_until"]
    open_still = row["claimed_by"] == manager and until is not None and until > at
    return policy.asks(domain, row["mode"], row["due_at"], at) or (open_still and row["asked_of"] == manager)


def claim(tx: Transaction, domain: DecisionDomain, case_id: str, manager: str, *, now: datetime) -> None:
    """Hold an open case for a manager, and let go of any other they hold.

    CaseTaken names who has it, CaseGone says it has left Pending. What the card asked for when it was opened it
    asks for while it stays open, also when the case becomes overdue meanwhile.
    """
    schema, minutes = domain.name, domain.pending.claim_minutes
    limit = now - timedelta(days=domain.modes.overdue_days)
    touched = tx.run(
        f"UPDATE {quoted(schema)}.waiting SET claimed_by = CASE WHEN case_id = $3 THEN $1::text END, "
        "claimed_until = CASE WHEN case_id = $3 THEN $2::timestamp END, "
        "asked_of = CASE WHEN case_id <> $3 OR mode = 'assisted' THEN NULL "
        "WHEN due_at IS NULL OR due_at >= $5::timestamp THEN $1::text "
        "WHEN claimed_by = $1 AND claimed_until > $4 THEN asked_of END "
        "WHERE claimed_by = $1 OR (case_id = $3 AND (claimed_by IS NULL OR claimed_until <= $4)) RETURNING case_id",
        [manager, now + timedelta(minutes=minutes), case_id, now, limit],
    )
    if (case_id,) in touched:
        return
    holder = tx.run(f"SELECT claimed_by FROM {quoted(schema)}.waiting WHERE case_id = $1", [case_id])
    if not holder:
        raise gone(case_id)
    raise CaseTaken(
        f"{holder[0][0]} has {case_id} open. Take the next one; this one frees itself in a while."
    )
