"""The waiting list: which cases nobody has decided, kept in the workspace in step with the facts.

A page of 25 out of 100,000 is read from here in a few milliseconds; `rebuild` derives the list anew from the
facts, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import CaseGone, CaseTaken
from rhml.store.engine import Store, Transaction, quoted

_ORDERS = {
    "due_soonest": "w.due_at ASC NULLS LAST, w.received_at ASC NULLS LAST",
    "oldest_first": "w.received_at ASC NULLS LAST",
    "most_at_stake": "w.stake DESC NULLS LAST",
    "model_least_sure": "w.probability ASC NULLS LAST",
}


@dataclass(frozen=True)
class Queue:
    """Which waiting cases a manager wants to see, and in which order."""

    manager: str
    order: str = "due_soonest"
    segment: tuple[tuple[str, str], ...] = ()
    action: str | None = None
    snoozed: bool = False
    mine: bool = False


def page(
    store: Store, domain: DecisionDomain, queue: Queue, *, now: datetime, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of waiting cases with what the list shows of each, in the named order.

    Escalated cases come first; those this manager skipped come last; case ids break ties.
    """
    d = quoted(domain.name)
    where, parameters = _where(domain, queue, now)
    sql = f"""
        SELECT w.case_id, w.received_at, w.due_at, w.stake, w.mode, w.recommendation_id, w.model_version, w.action,
        w.probability, w.snoozed_until, w.assigned_to, w.escalated_by, w.escalation,
        CASE WHEN w.claimed_until > $1::timestamp THEN w.claimed_by END AS open_with,
        s.skipped_at FROM {d}.waiting w
        LEFT JOIN {d}.skips s ON s.case_id = w.case_id AND s.manager = $2
        WHERE {where}
        ORDER BY (w.escalated_by IS NULL), (s.skipped_at IS NOT NULL), s.skipped_at,
        {_ORDERS[queue.order]}, w.case_id LIMIT {int(limit)} OFFSET {int(offset)}"""
    return store.records(sql, [now, queue.manager, *parameters])


def count(store: Store, domain: DecisionDomain, queue: Queue, *, now: datetime) -> dict[str, int]:
    """How many cases the queue holds, and how many of them are overdue."""
    where, parameters = _where(domain, queue, now)
    sql = f"""SELECT count(*), count(*) FILTER (WHERE w.due_at < $1::timestamp) FROM {quoted(domain.name)}.waiting w
        WHERE $2::text IS NOT NULL AND {where}"""
    [(cases, overdue)] = store.read(sql, [now, queue.manager, *parameters])
    return {"cases": cases, "overdue": overdue}


def _where(domain: DecisionDomain, queue: Queue, now: datetime) -> tuple[str, list[Any]]:
    """The filter as SQL after $1 (now) and $2 (manager)."""
    snoozed = "w.snoozed_until > $1::timestamp"
    parts = [snoozed if queue.snoozed else f"({snoozed}) IS NOT TRUE"]
    parameters: list[Any] = []
    if queue.mine:
        parts.append("w.assigned_to = $2")
    if queue.action:
        parameters.append(queue.action)
        parts.append(f"w.action = ${2 + len(parameters)} AND w.mode = 'assisted'")
    for column, value in queue.segment:
        domain.feature(column)
        parameters.append(value)
        parts.append(
            f"w.case_id IN (SELECT case_id FROM {quoted(domain.name)}.cases "
            f"WHERE CAST({quoted(column)} AS TEXT) = ${2 + len(parameters)})"
        )
    return " AND ".join(parts), parameters


def claim(tx: Transaction, schema: str, case_id: str, manager: str, *, now: datetime, minutes: int) -> None:
    """Hold an open case for a manager; CaseTaken names who has it, CaseGone says it has left Pending."""
    held = tx.run(
        f"UPDATE {quoted(schema)}.waiting SET claimed_by = $1, claimed_until = $2 WHERE case_id = $3 "
        "AND (claimed_by IS NULL OR claimed_by = $1 OR claimed_until <= $4) RETURNING case_id",
        [manager, now + timedelta(minutes=minutes), case_id, now],
    )
    if held:
        return
    holder = tx.run(f"SELECT claimed_by FROM {quoted(schema)}.waiting WHERE case_id = $1", [case_id])
    if not holder:
        raise gone(case_id)
    raise CaseTaken(
        f"{holder[0][0]} has {case_id} open. Take the next one; this one frees itself in a while."
    )


def release(tx: Transaction, schema: str, manager: str) -> None:
    """Let go of every case this manager has open."""
    tx.run(
        f"UPDATE {quoted(schema)}.waiting SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = $1",
        [manager],
    )


def leave(tx: Transaction, schema: str, case_id: str) -> None:
    """Take a case off the list; CaseGone if somebody was faster."""
    if not tx.run(f"DELETE FROM {quoted(schema)}.waiting WHERE case_id = $1 RETURNING case_id", [case_id]):
        raise gone(case_id)


def gone(case_id: str) -> CaseGone:
    """The sentence for a case that is no longer waiting."""
    return CaseGone(f"{case_id} was decided meanwhile, so nothing was changed. Take the next case.")


def mark(tx: Transaction, schema: str, case_id: str, **columns: Any) -> None:
    """Set workspace columns of a waiting case; CaseGone if it has left the list."""
    sets = ", ".join(f"{quoted(name)} = ${i}" for i, name in enumerate(columns, start=2))
    sql = f"UPDATE {quoted(schema)}.waiting SET {sets} WHERE case_id = $1 RETURNING case_id"
    if not tx.run(sql, [case_id, *columns.values()]):
        raise gone(case_id)


def skip(tx: Transaction, schema: str, case_id: str, manager: str, *, at: datetime) -> None:
    """Put a case at the end of this manager's queue only."""
    d = quoted(schema)
    tx.run(f"DELETE FROM {d}.skips WHERE case_id = $1 AND manager = $2", [case_id, manager])
    tx.run(f"INSERT INTO {d}.skips VALUES ($1, $2, $3)", [case_id, manager, at])


def enter(tx: Transaction, domain: DecisionDomain, only: str, parameters: Sequence[Any] = ()) -> None:
    """Put undecided cases on the list, derived from the facts; `only` is SQL over `c`, the cases."""
    d = quoted(domain.name)
    stake = f"c.{quoted(domain.value.column)}" if domain.value.column else "CAST(NULL AS FLOAT8)"
    tx.run(
        f"""INSERT INTO {d}.waiting
        SELECT c.case_id, c.received_at, c.due_at, {stake}, c.mode, r.recommendation_id, r.model_version, r.action,
        r.probability, e.snoozed_until, e.assigned_to, e.escalated_by, e.escalation, NULL, NULL
        FROM {d}.cases c
        LEFT JOIN (SELECT case_id, arg_max(recommendation_id, seq) AS recommendation_id,
          arg_max(model_version, seq) AS model_version, arg_max(action, seq) AS action,
          arg_max(probability, seq) AS probability
          FROM {d}.recommendations WHERE NOT imported GROUP BY case_id) r ON r.case_id = c.case_id
        LEFT JOIN (SELECT case_id, arg_max(until, seq) FILTER (WHERE kind = 'snoozed') AS snoozed_until,
          arg_max(note, seq) FILTER (WHERE kind = 'assigned') AS assigned_to,
          arg_max(manager, seq) FILTER (WHERE kind = 'escalated') AS escalated_by,
          arg_max(note, seq) FILTER (WHERE kind = 'escalated') AS escalation
          FROM {d}.case_events GROUP BY case_id) e ON e.case_id = c.case_id
        WHERE ({only}) AND NOT EXISTS (SELECT 1 FROM {d}.live_decisions l
          WHERE l.case_id = c.case_id AND l.final_action IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM {d}.waiting w WHERE w.case_id = c.case_id)""",
        parameters,
    )


def rebuild(tx: Transaction, domain: DecisionDomain) -> None:
    """Derive the whole list from the facts; claims end."""
    tx.run(f"DELETE FROM {quoted(domain.name)}.waiting")
    enter(tx, domain, "TRUE")
