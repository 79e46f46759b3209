"""Appends facts to a domain's log; nothing here updates or deletes one.

Each function takes the transaction of its verb, so that a unit of work is recorded whole. The waiting list
is kept in step by `rhml.store.waiting`.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from rhml.core.records import Decision, FirstCall, Outcome
from rhml.store.engine import Transaction, quoted


def append_first_call(tx: Transaction, schema: str, call: FirstCall) -> None:
    """Record a manager's own call with its marks, before any recommendation is shown."""
    seq, *mark_seqs = tx.numbers(schema, 1 + len(call.marks))
    tx.append(
        f"{quoted(schema)}.first_calls",
        ("seq", "first_call_id", "case_id", "manager", "mode", "action", "confidence", "called_at", "seconds"),
        [(seq, call.first_call_id, call.case_id, call.manager, call.mode, call.action, call.confidence,
          call.called_at, call.seconds)],
    )  # fmt: skip
    tx.append(
        f"{quoted(schema)}.first_call_marks",
        ("seq", "first_call_id", "factor", "mark"),
        [(s, call.first_call_id, *mark) for s, mark in zip(mark_seqs, call.marks, strict=True)],
    )


def append_decision(
    tx: Transaction,
    schema: str,
    decision: Decision,
    *,
    shown: tuple[str, float, float | None] | None,
    live: str | None,
    secret: bytes,
    at: datetime,
) -> None:
    """Record a decision with its rationale and marks.

    `shown` is the version and the probability of the recommendation the manager saw, and the probability of the likeliest
    action where an intent moved it; `live` the champion's version at that moment. The rationale lies in an erasable
    row; the fact keeps its keyed hash.
    """
    seq, *mark_seqs = tx.numbers(schema, 1 + len(decision.marks))
    d, version, confidence, likeliest = quoted(schema), *(shown or (None, None, None))
    rationale = decision.rationale.strip()
    tx.append(
        f"{d}.decisions",
        DECISION,
        [(seq, decision.decision_id, decision.case_id, decision.manager, decision.mode,
          decision.first_action, decision.first_confidence, decision.recommendation_id, version,
          decision.recommended_action, confidence, decision.final_action, decision.final_confidence,
          decision.reason, keyed_hash(secret, rationale), decision.decided_at, at, decision.seconds, live,
          decision.imported, decision.asked, decision.intent_id, decision.likeliest_action, likeliest)],
    )  # fmt: skip
    if rationale:
        tx.append(f"{d}.rationales", ("decision_id", "text"), [(decision.decision_id, rationale)])
    tx.append(
        f"{d}.marks",
        ("seq", "decision_id", "factor", "mark"),
        [(s, decision.decision_id, *mark) for s, mark in zip(mark_seqs, decision.marks, strict=True)],
    )


DECISION = (
    "seq", "decision_id", "case_id", "manager", "mode", "first_action", "first_confidence",
    "recommendation_id", "model_version", "recommended_action", "recommended_confidence", "final_action",
    "final_confidence", "reason", "rationale_hash", "decided_at", "recorded_at", "seconds", "live_version",
    "imported", "asked", "intent_id", "likeliest_action", "likeliest_confidence",
)  # fmt: skip


def keyed_hash(secret: bytes, text: str) -> str | None:
    """HMAC-SHA256 of a text, so that an erased text can still be told from another; None for none."""
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest() if text else None


def append_reversal(
    tx: Transaction, schema: str, decision_id: str, *, why: str, at: datetime, by: str
) -> None:
    """Record that a decision is taken back; the decision itself stays."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.reversals",
        ("seq", "decision_id", "reversed_at", "reversed_by", "why"),
        [(seq, decision_id, at, by, why)],
    )


def append_outcome(tx: Transaction, schema: str, outcome: Outcome, *, at: datetime, by: str) -> None:
    """Record an outcome, a correction of one, or its withdrawal; the newest counts."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.outcomes",
        ("seq", "outcome_id", "case_id", "right_action", "known_at", "withdrawn", "recorded_at", "recorded_by"),
        [(seq, outcome.outcome_id, outcome.case_id, outcome.right_action, outcome.known_at,
          outcome.withdrawn, at, by)],
    )  # fmt: skip


def append_event(
    tx: Transaction,
    schema: str,
    case_id: str,
    kind: str,
    *,
    manager: str,
    at: datetime,
    until: datetime | None = None,
    note: str = "",
) -> None:
    """Record what happened to a waiting case: skipped, snoozed, escalated or assigned."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.case_events",
        ("seq", "case_id", "kind", "manager", "happened_at", "until", "note"),
        [(seq, case_id, kind, manager, at, until, note)],
    )
