"""Named reads of the three card modes: which was drawn for each case, what came of it, and how long it took.

Cases that came with a decision of an older log had no card here, so they are left out throughout.
"""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted


def counts(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """One row a drawn mode: drawn, meant (the mean share that was set), waiting, decided, asked, done, overdue (not
    asked for that reason), called (own call made, not decided yet), set_aside (skipped, snoozed or escalated by
    somebody before an own call of theirs).
    """
    d = quoted(domain.name)
    meant = (
        "CASE c.mode WHEN 'first_call' THEN c.share_first_call WHEN 'evidence_only' THEN c.share_evidence_only "
        "ELSE 1 - c.share_first_call - c.share_evidence_only END"
    )
    return store.frame(
        f"""SELECT c.mode, count(*) AS drawn, avg({meant}) AS meant, count(w.case_id) AS waiting,
        count(l.case_id) AS decided, count(*) FILTER (WHERE l.asked OR l.first_action IS NOT NULL) AS asked,
        count(*) FILTER (WHERE l.first_action IS NOT NULL) AS done,
        count(*) FILTER (WHERE NOT l.asked) AS overdue,
        count(*) FILTER (WHERE w.case_id IS NOT NULL AND f.case_id IS NOT NULL) AS called,
        count(*) FILTER (WHERE s.case_id IS NOT NULL) AS set_aside
        FROM {d}.cases c LEFT JOIN {d}.waiting w ON w.case_id = c.case_id
        LEFT JOIN (SELECT case_id, bool_or(asked) AS asked, max(first_action) AS first_action
          FROM {d}.live_decisions WHERE NOT imported AND final_action IS NOT NULL GROUP BY case_id) l
          ON l.case_id = c.case_id
        LEFT JOIN (SELECT DISTINCT case_id FROM {d}.first_calls) f ON f.case_id = c.case_id
        LEFT JOIN (SELECT DISTINCT e.case_id FROM {d}.case_events e
          LEFT JOIN {d}.first_calls x ON x.case_id = e.case_id AND x.manager = e.manager AND x.seq < e.seq
          WHERE e.kind IN ('skipped', 'snoozed', 'escalated') AND x.case_id IS NULL) s ON s.case_id = c.case_id
        WHERE c.case_id NOT IN (SELECT case_id FROM {d}.decisions WHERE imported)
        GROUP BY c.mode"""
    )


def seconds(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """mode, seconds: how long a card was open, one row a decision beside a recommendation.

    Own calls that were asked for and made, against assisted cards of cases that were not overdue beyond the limit
    either: what is left out on one side is left out on the other.
    """
    d = quoted(domain.name)
    limit = f"c.due_at + INTERVAL '{domain.modes.overdue_days} days'"
    return store.frame(
        f"""SELECT c.mode, l.seconds FROM {d}.live_decisions l JOIN {d}.cases c ON c.case_id = l.case_id
        WHERE NOT l.imported AND l.seconds IS NOT NULL AND l.recommendation_id IS NOT NULL
        AND (l.first_action IS NOT NULL OR c.mode = 'assisted')
        AND (c.due_at IS NULL OR l.decided_at <= {limit}) ORDER BY l.seq"""
    )
