"""Views of review: which decisions are in force, and on which cases somebody is to judge blind."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.engine import quoted

OPEN = """o.kind = 'asked'
        AND NOT EXISTS (SELECT 1 FROM {d}.opinions g WHERE g.kind = 'given' AND g.decision_id = o.decision_id)
        AND NOT EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = o.decision_id)
        AND NOT EXISTS (SELECT 1 FROM {d}.outcomes u WHERE u.case_id = o.case_id)"""
"""SQL over `opinions o`: a second opinion that is still asked for. Once an outcome was told none can be blind."""


def statements(domain: DecisionDomain) -> list[str]:
    """The statements that make them, from the facts alone."""
    d = quoted(domain.name)
    return [
        f"""CREATE OR REPLACE VIEW {d}.effective AS
        SELECT l.decision_id, l.case_id, l.manager, l.final_action AS decided_action, l.decided_at,
        CASE WHEN r.result = 'another action' THEN r.action
          WHEN r.result = 'stands' OR s.kind IS NULL OR s.kind = 'signed' THEN l.final_action END AS effective_action,
        CASE WHEN k.decision_id IS NOT NULL THEN 'in conflict'
          WHEN r.result IS NULL AND s.kind = 'asked' THEN 'awaiting signature' ELSE 'effective' END AS state,
        CASE WHEN r.result IS NOT NULL THEN r.at WHEN s.kind IS NULL THEN l.decided_at
          WHEN s.kind = 'signed' THEN s.at END AS since
        FROM {d}.live_decisions l
        LEFT JOIN (SELECT decision_id, arg_max(kind, seq) AS kind, max(happened_at) AS at FROM {d}.signatures
          GROUP BY decision_id) s ON s.decision_id = l.decision_id
        LEFT JOIN (SELECT decision_id, arg_max(result, seq) AS result, arg_max(action, seq) AS action,
          max(resolved_at) AS at FROM {d}.resolutions GROUP BY decision_id) r ON r.decision_id = l.decision_id
        LEFT JOIN (SELECT DISTINCT c.decision_id FROM {d}.conflicts c
          WHERE NOT EXISTS (SELECT 1 FROM {d}.resolutions e WHERE e.conflict_id = c.conflict_id)) k
          ON k.decision_id = l.decision_id
        WHERE l.final_action IS NOT NULL""",
        f"CREATE OR REPLACE VIEW {d}.blind AS SELECT DISTINCT o.case_id FROM {d}.opinions o "
        f"WHERE {OPEN.format(d=d)}",
    ]
