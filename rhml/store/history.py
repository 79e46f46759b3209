"""What was recorded about cases and by whom: decisions that can be taken back, and a case's whole history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, Transaction, quoted


def has_outcome(tx: Transaction, schema: str, case_id: str) -> bool:
    """Whether a current outcome of the case is on record."""
    return bool(tx.run(f"SELECT 1 FROM {quoted(schema)}.current_outcomes WHERE case_id = $1", [case_id]))


def reversible(tx: Transaction, schema: str, decision_id: str) -> tuple[str, str, bool, bool] | None:
    """A decision's case and manager, whether it was imported, and whether it was reversed already."""
    d = quoted(schema)
    rows = tx.run(
        "SELECT case_id, manager, imported, decision_id IN "
        f"(SELECT decision_id FROM {d}.reversals) FROM {d}.decisions WHERE decision_id = $1",
        [decision_id],
    )
    return rows[0] if rows else None


def recent(store: Store, domain: DecisionDomain, manager: str, *, limit: int = 10) -> list[dict[str, Any]]:
    """The manager's last decisions in this app, newest first, with whether each was reversed."""
    d = quoted(domain.name)
    return store.records(
        "SELECT l.decision_id, l.case_id, l.final_action, l.recommended_action, l.decided_at, "
        f"l.decision_id IN (SELECT decision_id FROM {d}.reversals) AS reversed "
        f"FROM {d}.decisions l WHERE l.manager = $1 AND NOT l.imported ORDER BY l.seq DESC LIMIT {int(limit)}",
        [manager],
    )


def decided_since(store: Store, domain: DecisionDomain, manager: str, since: datetime) -> int:
    """How many cases this manager has decided in this app since a moment."""
    d = quoted(domain.name)
    [(n,)] = store.read(
        f"SELECT count(*) FROM {d}.decisions x WHERE x.manager = $1 AND x.recorded_at >= $2::timestamp "
        "AND NOT x.imported AND NOT EXISTS "
        f"(SELECT 1 FROM {d}.reversals r WHERE r.decision_id = x.decision_id)",
        [manager, since],
    )
    return n


def of_case(store: Store, domain: DecisionDomain, case_id: str) -> list[dict[str, Any]]:
    """Everything that was recorded about a case, in order: at, actor, what, detail, reason, rationale."""
    d = quoted(domain.name)
    return store.records(
        f"""SELECT coalesce(x.decided_at, x.recorded_at) AS at, x.manager AS actor,
          CASE WHEN x.final_action IS NULL THEN 'called' ELSE 'decided' END AS what,
          coalesce(x.final_action, x.first_action) AS detail, x.reason, t.text AS rationale, x.decision_id,
          x.imported, x.seq
          FROM {d}.decisions x LEFT JOIN {d}.rationales t ON t.decision_id = x.decision_id WHERE x.case_id = $1
        UNION ALL SELECT called_at, manager, 'called first', action, NULL, NULL, NULL, FALSE, seq
          FROM {d}.first_calls WHERE case_id = $1
        UNION ALL SELECT r.reversed_at, r.reversed_by, 'reversed', r.why, NULL, NULL, r.decision_id, FALSE, r.seq
          FROM {d}.reversals r JOIN {d}.decisions x ON x.decision_id = r.decision_id WHERE x.case_id = $1
        UNION ALL SELECT recorded_at, recorded_by, CASE WHEN withdrawn THEN 'outcome withdrawn' ELSE 'outcome' END,
          right_action, NULL, NULL, NULL, FALSE, seq FROM {d}.outcomes WHERE case_id = $1
        UNION ALL SELECT happened_at, manager, kind, note, NULL, NULL, NULL, FALSE, seq FROM {d}.case_events WHERE case_id = $1
        UNION ALL SELECT happened_at, by_whom, CASE kind WHEN 'asked' THEN 'signature asked' WHEN 'signed' THEN 'signed'
          ELSE 'signature refused' END, why, NULL, NULL, decision_id, FALSE, seq FROM {d}.signatures WHERE case_id = $1
        UNION ALL SELECT o.happened_at, o.manager, 'second opinion', o.action, NULL, t.text, o.decision_id, FALSE, o.seq
          FROM {d}.opinions o LEFT JOIN {d}.opinion_texts t ON t.opinion_id = o.opinion_id
          WHERE o.case_id = $1 AND o.kind = 'given'
        UNION ALL SELECT raised_at, by_whom, 'conflict', kind, NULL, nullif(why, ''), decision_id, FALSE, seq
          FROM {d}.conflicts WHERE case_id = $1
        UNION ALL SELECT resolved_at, by_whom, 'settled', coalesce(action, result), NULL, why, decision_id, FALSE, seq
          FROM {d}.resolutions WHERE case_id = $1
        ORDER BY 1, seq""",
        [case_id],
    )
