"""What matters now, as stated and withdrawn by leads: dated facts, the newest of which is in force."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from rhml.store.engine import Store, Transaction, quoted

STATED, WITHDRAWN = "stated", "withdrawn"
FACTS = "facts"
"""In a promise on record: how many recommendations follow it in the same commit, those that nobody is shown among them."""

NOW = "SELECT nullif(arg_max(CASE WHEN kind = 'stated' THEN intent_id ELSE '' END, seq), '') FROM {d}.intents"
"""SQL: the id of the intent in force, NULL where there is none."""


@dataclass(frozen=True)
class Entry:
    """A statement or a withdrawal. `content` is the intent, `promise` what was said to change with it."""

    intent_id: str
    kind: str
    content: dict[str, Any]
    promise: dict[str, Any]
    by: str
    why: str
    at: datetime
    seq: int = 0


def append(tx: Transaction, schema: str, entry: Entry) -> int:
    """Record a statement or a withdrawal; its number."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.intents",
        ("seq", "intent_id", "kind", "content", "promise", "by_whom", "why", "happened_at"),
        [(seq, entry.intent_id, entry.kind, _json(entry.content), _json(entry.promise), entry.by, entry.why, entry.at)],
    )  # fmt: skip
    return seq


def moved_with(entry: Entry) -> int:
    """How many recommendations the commit of a statement recorded: its next so many facts."""
    return entry.promise.get(FACTS, entry.promise.get("changed", 0))


def numbers(
    store: Store, schema: str, decision_id: str, recommendation_id: str
) -> tuple[int, int, bool] | None:
    """The numbers of a decision and of the recommendation it answered, and whether that was imported."""
    d = quoted(schema)
    rows = store.read(
        f"SELECT x.seq, r.seq, r.imported FROM {d}.decisions x, {d}.recommendations r "
        "WHERE x.decision_id = $1 AND r.recommendation_id = $2",
        [decision_id, recommendation_id],
    )
    return rows[0] if rows else None


def _json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)


def entries(store: Store | Transaction, schema: str) -> list[Entry]:
    """Everything stated and withdrawn, newest first."""
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        "SELECT intent_id, kind, content, promise, by_whom, why, happened_at, seq "
        f"FROM {quoted(schema)}.intents ORDER BY seq DESC"
    )
    return [Entry(i, kind, json.loads(c), json.loads(p), by, why, at, seq)
            for i, kind, c, p, by, why, at, seq in rows]  # fmt: skip


def moved(store: Store, schema: str, version: str | None = None) -> tuple[int, int]:
    """How many live decisions made here had a recommendation that an intent moved, of one version or all; and how many
    of them followed it."""
    [(count, followed)] = store.read(
        f"SELECT count(*), count(*) FILTER (final_action = recommended_action) FROM {quoted(schema)}.live_decisions "
        "WHERE likeliest_action IS NOT NULL AND final_action IS NOT NULL "
        "AND ($1::text IS NULL OR model_version = $1::text)",
        [version],
    )
    return count, followed


def in_force(store: Store | Transaction, schema: str) -> Entry | None:
    """The statement that recommends now; a few microseconds where none was ever made."""
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        "SELECT intent_id, kind, content, promise, by_whom, why, happened_at, seq "
        f"FROM {quoted(schema)}.intents ORDER BY seq DESC LIMIT 1"
    )
    if not rows or rows[0][1] != STATED:
        return None
    intent_id, kind, content, promise, by, why, at, seq = rows[0]
    return Entry(intent_id, kind, json.loads(content), json.loads(promise), by, why, at, seq)


def score_all_again(tx: Transaction, schema: str) -> None:
    """Let every waiting case be recommended for anew, whole cards and all: what matters has changed."""
    tx.run(f"UPDATE {quoted(schema)}.waiting SET model_version = NULL")


def order_by_what_matters(
    tx: Transaction, schema: str, case_ids: pa.ChunkedArray, matters: np.ndarray
) -> None:
    """Say of waiting cases what their mistakes are expected to cost, for the order of the queue."""
    told = pa.table({"case_id": case_ids, "matters": pa.array(matters, from_pandas=True)}).to_pandas()
    with tx.lent(told, "told"):
        tx.run(
            f"UPDATE {quoted(schema)}.waiting SET matters = t.matters FROM told t WHERE t.case_id = waiting.case_id"
        )
