"""Reads of the log as it stood when one decision was saved: nothing that a later fact says is in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.errors import DomainInvalid, UnknownCase
from rhml.store.engine import Store, quoted
from rhml.store.veil import ROW, Veil

_DECISION = (
    "seq", "decision_id", "case_id", "manager", "mode", "first_action", "first_confidence", "recommendation_id",
    "model_version", "recommended_action", "recommended_confidence", "final_action", "final_confidence", "reason",
    "decided_at", "recorded_at", "seconds", "live_version", "imported", "asked",
)  # fmt: skip


def decision(store: Store, domain: DecisionDomain, decision_id: str) -> dict[str, Any]:
    """One decision's fact with its rationale and marks; UnknownCase if the log has none of this id."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT {', '.join(f'x.{name}' for name in _DECISION)}, t.text FROM {d}.decisions x "
        f"LEFT JOIN {d}.rationales t ON t.decision_id = x.decision_id WHERE x.decision_id = $1",
        [decision_id],
    )
    if not rows:
        raise UnknownCase(f"There is no decision {decision_id!r} in {domain.title}. Check the address.")
    marks = store.read(
        f"SELECT factor, mark FROM {d}.marks WHERE decision_id = $1 ORDER BY seq", [decision_id]
    )
    return {**dict(zip((*_DECISION, "rationale"), rows[0], strict=True)), "marks": tuple(marks)}


def under_veil(store: Store, domain: DecisionDomain, shown_id: str, veil: Veil) -> str:
    """The decision behind an id as a reader sees it; the id itself where nothing stands for it."""
    if not shown_id.startswith(ROW):
        return shown_id
    rows = store.read(
        f"SELECT decision_id FROM {quoted(domain.name)}.decisions "
        f"WHERE starts_with(decision_id, '{ROW}') AND {veil.sql_of_id('decision_id')} = $1",
        [shown_id],
    )
    return rows[0][0] if rows else ""


def file_at(store: Store, name: str, at: datetime) -> tuple[DecisionDomain | None, dict[str, Any]]:
    """The domain as its file said at a moment, with the file's number, hash and time; None where it cannot be read."""
    rows = store.records(
        "SELECT number, text, hash, saved_at FROM (SELECT *, row_number() OVER (ORDER BY seq) AS number "
        "FROM rhml.domain_files WHERE domain = $1) files WHERE saved_at <= $2::timestamp "
        "ORDER BY number DESC LIMIT 1",
        [name, at],
    )
    if not rows:
        return None, {}
    about = {key: rows[0][key] for key in ("number", "hash", "saved_at")}
    try:
        return parse_domain(name, rows[0]["text"]), about
    except DomainInvalid:  # a file that an earlier release of the product took
        return None, about


def facts_at(
    store: Store, domain: DecisionDomain, case_ids: Sequence[str], number: int
) -> dict[str, dict[str, Any]]:
    """Cases with their values at a fact's number: what was filled in later is taken out again."""
    if not case_ids:
        return {}
    d, among = quoted(domain.name), f"case_id IN ({', '.join(f'${i}' for i in range(1, len(case_ids) + 1))})"
    held = {name for (name,) in store.read(_COLUMNS, [domain.name])}
    names = [f.name for f in domain.features if f.name in held]
    columns = ("case_id", "received_at", "due_at", "mode", "bank", "explore", *names)
    rows = store.records(
        f"SELECT {', '.join(quoted(c) for c in columns)} FROM {d}.cases WHERE {among}", case_ids
    )
    later = store.read(
        f"SELECT case_id, feature, was FROM {d}.case_values WHERE {among} AND seq > ${len(case_ids) + 1} "
        "ORDER BY seq DESC",
        [*case_ids, number],
    )
    found = {row["case_id"]: row for row in rows}
    kinds = {f.name: f.kind for f in domain.features}
    for case_id, feature, was in later:  # the newest first, so that the oldest has the last word
        if feature in kinds:
            found[case_id][feature] = _typed(kinds[feature], was)
    return found


_COLUMNS = (
    "SELECT column_name FROM information_schema.columns WHERE table_schema = $1 AND table_name = 'cases'"
)


def _typed(kind: str, text: str | None) -> Any:
    """A value as the log's column has it, from the text that a fact keeps."""
    if text is None or kind in ("category", "text"):
        return text
    if kind == "yes_no":
        return text.lower() == "true"
    return datetime.fromisoformat(text) if kind == "date" else float(text)


def peers_at(
    store: Store, domain: DecisionDomain, case_ids: Sequence[str], number: int
) -> list[dict[str, Any]]:
    """As `case_file.peers`, with the decisions and outcomes that were known before a fact's number."""
    if not case_ids:
        return []
    d, last = quoted(domain.name), f"${len(case_ids) + 1}"
    among = f"case_id IN ({', '.join(f'${i}' for i in range(1, len(case_ids) + 1))})"
    made = store.read(
        f"SELECT case_id, final_action FROM {d}.decisions WHERE {among} AND final_action IS NOT NULL AND seq < {last} "
        f"AND decision_id NOT IN (SELECT decision_id FROM {d}.reversals WHERE seq < {last}) ORDER BY seq",
        [*case_ids, number],
    )
    known = store.read(
        f"SELECT case_id, CASE WHEN NOT withdrawn THEN right_action END FROM {d}.outcomes "
        f"WHERE {among} AND seq < {last} ORDER BY seq",
        [*case_ids, number],
    )
    final, right = dict(made), dict(known)  # a later row of a case replaces an earlier one
    facts = facts_at(store, domain, case_ids, number)
    return [
        facts[c] | {"final_action": final.get(c), "right_action": right.get(c)}
        for c in case_ids
        if c in facts
    ]
