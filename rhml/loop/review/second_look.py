"""What a decision sets going the moment it is made: a signature that is needed, an opinion drawn by lot, a conflict.

Recorded in the decision's own unit of work, so that none is in force for a moment that should not be.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rhml.core import governance
from rhml.core.domain import DecisionDomain
from rhml.core.records import Decision
from rhml.store import case_file, claims
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Transaction
from rhml.store.opening import new_id
from rhml.store.review import conflicts, reviews


def ask(
    tx: Transaction, secret: bytes, domain: DecisionDomain, decision: Decision, row: dict[str, Any],
    shown: StoredRecommendation | None, *, at: datetime,
) -> None:  # fmt: skip
    """Record what this decision asks of others; `row` is the case's line of the waiting list as it was."""
    rules, value, disputed = domain.governance, row["stake"], None
    if governance.needs_signature(domain, value, decision.final_action, override=decision.is_override):
        reviews.append_signature(
            tx, domain.name, decision.decision_id, decision.case_id, "asked", by=decision.manager, at=at,
            value=value, above=rules.second_signature_above,
        )  # fmt: skip
    if governance.opinion_drawn(secret, domain, decision.case_id):
        reviews.ask_opinion(
            tx, domain.name, decision.decision_id, decision.case_id, author=decision.manager,
            share=rules.second_opinion, at=at,
        )  # fmt: skip
    if rules.conflict_when_escalated and _answered_differently(tx, domain, decision, row):
        disputed = governance.ESCALATION, row["escalated_by"]
    elif governance.against_a_sure_model(domain, decision, shown.probability if shown else None):
        disputed = governance.SURE, decision.manager
    if disputed:
        kind, by = disputed
        conflicts.append_conflict(
            tx,
            domain.name,
            new_id(),
            decision.decision_id,
            decision.case_id,
            kind,
            author=decision.manager,
            by=by,
            why="",
            at=at,
        )


def _answered_differently(
    tx: Transaction, domain: DecisionDomain, decision: Decision, row: dict[str, Any]
) -> bool:
    """Whether somebody asked a lead, had called otherwise, and it was decided by another person."""
    asked = row["escalated_by"]
    if asked is None or asked == decision.manager:
        return False
    own = case_file.first_call(tx, domain.name, decision.case_id, asked)
    return own is not None and own.action != decision.final_action


def take(
    tx: Transaction, secret: bytes, domain: DecisionDomain, case_id: str, person: str, *, at: datetime
) -> None:
    """Open a case for somebody; of a drawn one it is noted, as whoever saw the recommendation gives no opinion on it."""
    claims.claim(tx, domain, case_id, person, now=at)
    opened(tx, secret, domain, case_id, person, at=at)


def opened(
    tx: Transaction, secret: bytes, domain: DecisionDomain, case_id: str, person: str, *, at: datetime
) -> None:
    """Note who has a drawn case's card before them, taken or read only."""
    if governance.opinion_drawn(secret, domain, case_id):
        reviews.append_seen(tx, domain.name, case_id, person, at=at)
