"""Which cases have been kept as long as their domain keeps them."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted

_DUE = """FROM (SELECT case_id, max(coalesce(decided_at, recorded_at)) AS decided_at FROM {d}.live_decisions
 WHERE final_action IS NOT NULL GROUP BY case_id) l
 LEFT JOIN {d}.current_outcomes o ON o.case_id = l.case_id
 WHERE greatest(l.decided_at, coalesce(o.known_at, o.recorded_at, l.decided_at)) < $1::timestamp
 AND l.case_id NOT IN (SELECT alias FROM {d}.erasures WHERE kind = 'case')
 AND l.case_id NOT IN (SELECT case_id FROM {d}.waiting)
 AND NOT EXISTS (SELECT 1 FROM {d}.conflicts c WHERE c.case_id = l.case_id
   AND c.conflict_id NOT IN (SELECT conflict_id FROM {d}.resolutions)
   AND c.decision_id NOT IN (SELECT decision_id FROM {d}.reversals))"""


def count(store: Store, domain: DecisionDomain, before: datetime) -> int:
    """How many decided cases were closed before a moment."""
    [(cases,)] = store.read(f"SELECT count(*) {_sql(domain)}", [before])
    return cases


def due(store: Store, domain: DecisionDomain, before: datetime, limit: int) -> list[tuple[str, datetime]]:
    """The first of them with the day they were decided, or their outcome became known, the oldest first."""
    return store.read(
        "SELECT l.case_id, greatest(l.decided_at, coalesce(o.known_at, o.recorded_at, l.decided_at)) AS closed_at "
        f"{_sql(domain)} ORDER BY 2, 1 LIMIT {int(limit)}",
        [before],
    )


def _sql(domain: DecisionDomain) -> str:
    return _DUE.replace("{d}", quoted(domain.name))


def settled(store: Store, domain: DecisionDomain, before: datetime) -> bool:
    """Whether the domain's newest file was saved before a moment."""
    return bool(
        store.read(
            "SELECT 1 FROM rhml.domain_files WHERE domain = $1 HAVING max(saved_at) < $2::timestamp",
            [domain.name, before],
        )
    )
