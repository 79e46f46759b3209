"""Findings of long work as facts: what a job computed about a model version, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.store.engine import Store, Transaction, quoted


@dataclass(frozen=True)
class Study:
    """One finding: its kind, the version it is about (None: the domain as a whole), and its content."""

    kind: str
    version: str | None
    content: dict[str, Any]
    made_at: datetime
    made_by: str


def add(tx: Transaction, schema: str, new: Study) -> None:
    """Record a finding; an earlier one of its kind and version stays on record."""
    [seq] = tx.numbers(schema)
    tx.append(
        f"{quoted(schema)}.studies",
        ("seq", "kind", "model_version", "content", "made_at", "made_by"),
        [(seq, new.kind, new.version, json.dumps(new.content, allow_nan=False), new.made_at, new.made_by)],
    )


def newest(store: Store, schema: str, kind: str, version: str | None = None) -> Study | None:
    """The newest finding of a kind, about one version where it is named; None if there is none."""
    rows = store.read(
        f"SELECT kind, model_version, content, made_at, made_by FROM {quoted(schema)}.studies "
        "WHERE kind = $1 AND ($2::text IS NULL OR model_version = $2::text) ORDER BY seq DESC LIMIT 1",
        [kind, version],
    )
    return Study(*rows[0][:2], json.loads(rows[0][2]), *rows[0][3:]) if rows else None


def newest_of_each(store: Store, schema: str, kind: str, key: str) -> dict[str, Study]:
    """The newest finding of a kind about each thing that `key` of their contents names."""
    rows = store.read(
        "SELECT kind, model_version, content, made_at, made_by FROM (SELECT *, row_number() OVER "
        f"(PARTITION BY content::json ->> $2::text ORDER BY seq DESC) AS newest FROM {quoted(schema)}.studies "
        "WHERE kind = $1) s WHERE newest = 1",
        [kind, key],
    )
    found = [Study(*row[:2], json.loads(row[2]), *row[3:]) for row in rows]
    return {str(study.content[key]): study for study in found}
