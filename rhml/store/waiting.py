"""The waiting list: which cases nobody has decided, kept in the workspace in step with the facts.

A page of 25 out of 100,000 is read from here in a few milliseconds; `rebuild` derives the list anew from the
facts, and a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import CaseGone
from rhml.store import intents
from rhml.store.engine import Store, Transaction, quoted

ROW = (
    "case_id", "mode", "recommendation_id", "due_at", "stake", "snoozed_until", "assigned_to", "escalated_by",
    "escalation", "claimed_by", "claimed_until", "called", "drafted", "asked_of", "model_version",
)  # fmt: skip
"""What the list knows of a case on the desk. `called` and `drafted` say whether there is a first call or a
half-written form to read, by whomever; None where an earlier version of the product did not note it. `asked_of`
is who opened it when it still asked for the own call: their card goes on asking while they have it open. `model_version`
is None while the case is to be recommended for anew."""

_NEVER = "TIMESTAMP '9999-12-31 00:00:00'"
_HEX = "'0123456789abcdef'"
_LOT = (
    f"((strpos({_HEX}, substr(w.recommendation_id, 35, 1)) - 1) * 16 "
    f"+ strpos({_HEX}, substr(w.recommendation_id, 36, 1)) - 1) / 256.0"
)
"""A number in [0, 1) from an id's random end: where a probability must not show, it takes its place."""

_SORTS = {
    "due_soonest": (f"coalesce(w.due_at, {_NEVER})", f"coalesce(w.received_at, {_NEVER})"),
    "oldest_first": (f"coalesce(w.received_at, {_NEVER})",),
    "most_at_stake": ("coalesce(-w.stake, CAST('Infinity' AS FLOAT8))",),
    "model_least_sure": (
        f"CASE WHEN {{mode}} = 'assisted' THEN coalesce(w.probability, 2) ELSE coalesce(0.5 + 0.5 * {_LOT}, 2) END",
    ),
    "people_help_most": ("coalesce(w.place, CAST('Infinity' AS FLOAT8))",),
    "what_matters": ("coalesce(-w.matters, CAST('Infinity' AS FLOAT8))",),
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


def _mode(domain: DecisionDomain) -> str:
    """The mode that a card has now, as SQL over $1 (now) and $2 (manager): overdue cases ask for no own call."""
    return (
        f"CASE WHEN w.due_at < $1::timestamp - INTERVAL '{domain.modes.overdue_days} days' AND NOT "
        "coalesce(w.asked_of = $2::text AND w.claimed_by = $2::text AND w.claimed_until > $1::timestamp, FALSE) "
        "THEN 'assisted' ELSE w.mode END"
    )


def _keys(domain: DecisionDomain, queue: Queue) -> tuple[str, ...]:
    """What the list is sorted by: escalated first, skipped by this manager last, then the named order."""
    return (
        "CASE WHEN w.escalated_by IS NULL THEN 1 ELSE 0 END",
        "coalesce(s.skipped_at, TIMESTAMP '1900-01-01 00:00:00')",
        *(sort.replace("{mode}", _mode(domain)) for sort in _SORTS[queue.order]),
        "w.case_id",
    )


def page(
    store: Store, domain: DecisionDomain, queue: Queue, *, now: datetime, limit: int, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of waiting cases with what the list shows of each, in the named order.

    Escalated cases come first; those this manager skipped come last; case ids break ties. What the model
    says of a case that asks for the manager's own call is left out, and does not move the case either.
    """
    where, parameters = _where(domain, queue, now)
    keys, mode = ", ".join(_keys(domain, queue)), _mode(domain)
    about = "".join(f", c.{quoted(name)}" for name in domain.segment_columns)
    sql = f"""
        SELECT w.case_id, w.received_at, w.due_at, w.stake, {mode} AS mode, w.snoozed_until, w.assigned_to,
        CASE WHEN {mode} = 'assisted' THEN w.recommendation_id END AS recommendation_id,
        CASE WHEN {mode} = 'assisted' THEN w.action END AS action,
        CASE WHEN {mode} = 'assisted' THEN w.probability END AS probability,
        CASE WHEN {mode} = 'assisted' THEN w.help END AS help, w.place IS NOT NULL AS placed,
        {mode} = 'assisted' AND coalesce(w.unlike, FALSE) AS unlike,
        CASE WHEN {mode} = 'assisted' THEN w.uncorrected_action END AS uncorrected_action,
        CASE WHEN {mode} = 'assisted' THEN w.likeliest_action END AS likeliest_action,
        CASE WHEN {mode} = 'assisted' THEN w.matters END AS matters,
        w.recommendation_id IS NOT NULL AS scored, w.escalated_by, w.escalation,
        CASE WHEN w.claimed_until > $1::timestamp THEN w.claimed_by END AS open_with, s.skipped_at{about}
        FROM {_listed(domain)} JOIN {quoted(domain.name)}.cases c ON c.case_id = w.case_id
        WHERE w.case_id IN (SELECT w.case_id FROM {_listed(domain)} WHERE {where}
          ORDER BY {keys} LIMIT {int(limit)} OFFSET {int(offset)}) ORDER BY {keys}"""
    return store.records(sql, [now, queue.manager, *parameters])


NEAR_FRONT = 100
"""Most people work near the front of their queue, and the front of a long list is read without sorting it."""


def following(
    store: Store, domain: DecisionDomain, queue: Queue, case_id: str | None, *, now: datetime
) -> str | None:
    """The case after this one in the queue that nobody else has open; after the last one comes the first."""
    front = _free(store, domain, queue, case_id, now, f"LIMIT {NEAR_FRONT}")
    if len(front) == NEAR_FRONT and case_id is not None and case_id not in front[:-1]:
        front = _free(store, domain, queue, case_id, now, "")
    after = front.index(case_id) + 1 if case_id in front else 0
    return next((found for found in front[after:] + front if found != case_id), None)


def _free(
    store: Store, domain: DecisionDomain, queue: Queue, case_id: str | None, now: datetime, limit: str
) -> list[str]:
    """Ids of the queue that this manager may open, in order; the case itself among them if it is there."""
    where, parameters = _where(domain, queue, now)
    itself = f"${len(parameters) + 3}::text"
    rows = store.read(
        f"SELECT w.case_id FROM {_listed(domain)} WHERE {where} AND (w.claimed_by IS NULL "
        f"OR w.claimed_by = $2::text OR w.claimed_until <= $1::timestamp OR w.case_id = {itself}) "
        f"ORDER BY {', '.join(_keys(domain, queue))} {limit}",
        [now, queue.manager, *parameters, case_id],
    )
    return [found for (found,) in rows]


def _listed(domain: DecisionDomain) -> str:
    d = quoted(domain.name)
    return f"{d}.waiting w LEFT JOIN {d}.skips s ON s.case_id = w.case_id AND s.manager = $2::text"


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
        parts.append(f"w.action = ${2 + len(parameters)} AND ({_mode(domain)}) = 'assisted'")
    for column, value in queue.segment:
        domain.feature(column)
        parameters.append(value)
        parts.append(
            f"w.case_id IN (SELECT case_id FROM {quoted(domain.name)}.cases "
            f"WHERE CAST({quoted(column)} AS TEXT) = ${2 + len(parameters)})"
        )
    return " AND ".join(parts), parameters


def take_off(tx: Transaction, schema: str, case_id: str) -> dict[str, Any] | None:
    """Take a case off the list and give its row as it stood; None if somebody was faster."""
    rows = tx.run(
        f"DELETE FROM {quoted(schema)}.waiting WHERE case_id = $1 RETURNING {', '.join(ROW)}", [case_id]
    )
    return dict(zip(ROW, rows[0], strict=True)) if rows else None


def gone(case_id: str) -> CaseGone:
    """The sentence for a case that is no longer waiting."""
    return CaseGone(f"{case_id} was decided meanwhile, so nothing was changed. Take the next case.")


def mark(tx: Transaction, schema: str, case_id: str, **columns: Any) -> None:
    """Set workspace columns of a waiting case; CaseGone if it has left the list."""
    sets = ", ".join(f"{quoted(name)} = ${i}" for i, name in enumerate(columns, start=2))
    sql = f"UPDATE {quoted(schema)}.waiting SET {sets} WHERE case_id = $1 RETURNING case_id"
    if not tx.run(sql, [case_id, *columns.values()]):
        raise gone(case_id)


def score_again(tx: Transaction, schema: str, case_ids: list[str]) -> None:
    """Let waiting cases be recommended for anew: something about them, or a policy, has changed."""
    tx.run(f"UPDATE {quoted(schema)}.waiting SET model_version = NULL WHERE case_id = ANY($1)", [case_ids])


def skip(tx: Transaction, schema: str, case_id: str, manager: str, *, at: datetime) -> None:
    """Put a case at the end of this manager's queue only."""
    d = quoted(schema)
    tx.run(f"DELETE FROM {d}.skips WHERE case_id = $1 AND manager = $2", [case_id, manager])
    tx.run(f"INSERT INTO {d}.skips VALUES ($1, $2, $3)", [case_id, manager, at])


def enter(tx: Transaction, domain: DecisionDomain, only: str, parameters: Sequence[Any] = ()) -> None:
    """Put undecided cases on the list, derived from the facts; `only` is SQL over `c`, the cases."""
    d = quoted(domain.name)
    chosen = f"case_id IN (SELECT c.case_id FROM {d}.cases c WHERE {only})"
    stake = f"c.{quoted(domain.value.column)}" if domain.value.column else "CAST(NULL AS FLOAT8)"
    tx.run(
        f"""INSERT INTO {d}.waiting
        SELECT c.case_id, c.received_at, c.due_at, {stake}, c.mode, r.recommendation_id,
        CASE WHEN r.intent_id IS NOT DISTINCT FROM ({intents.NOW.format(d=d)}) THEN r.model_version END, r.action,
        r.probability, e.snoozed_until, e.assigned_to, e.escalated_by, e.escalation, NULL, NULL,
        r.help, r.uncorrected_action, EXISTS (SELECT 1 FROM {d}.first_calls f WHERE f.case_id = c.case_id),
        EXISTS (SELECT 1 FROM {d}.drafts t WHERE t.case_id = c.case_id), r.place, r.unlike IS NOT NULL, NULL,
        r.likeliest_action, r.matters
        FROM {d}.cases c
        LEFT JOIN (SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS newest
          FROM {d}.recommendations WHERE NOT imported AND {chosen}) r ON r.case_id = c.case_id AND r.newest = 1
        LEFT JOIN (SELECT case_id, arg_max(until, seq) FILTER (WHERE kind = 'snoozed') AS snoozed_until,
          arg_max(note, seq) FILTER (WHERE kind = 'assigned') AS assigned_to,
          arg_max(manager, seq) FILTER (WHERE kind = 'escalated') AS escalated_by,
          arg_max(note, seq) FILTER (WHERE kind = 'escalated') AS escalation
          FROM {d}.case_events WHERE {chosen} GROUP BY case_id) e ON e.case_id = c.case_id
        WHERE ({only}) AND NOT EXISTS (SELECT 1 FROM {d}.live_decisions l
          WHERE l.case_id = c.case_id AND l.final_action IS NOT NULL)
        AND NOT EXISTS (SELECT 1 FROM {d}.waiting w WHERE w.case_id = c.case_id)""",
        parameters,
    )
    leave_if_over(tx, domain)


def leave_if_over(tx: Transaction, domain: DecisionDomain) -> None:
    """Take cases whose outcome is known off the list, where the domain says that these are over."""
    if domain.pending.over or domain.outcome is None:
        return
    d = quoted(domain.name)
    tx.run(f"DELETE FROM {d}.waiting WHERE case_id IN (SELECT case_id FROM {d}.current_outcomes)")


def rebuild(tx: Transaction, domain: DecisionDomain) -> None:
    """Derive the whole list from the facts; claims end."""
    tx.run(f"DELETE FROM {quoted(domain.name)}.waiting")
    enter(tx, domain, "TRUE")
