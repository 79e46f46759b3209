"""Views and questions that people kept, as rows of the workspace: whoever kept one may change it or throw it away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.store.engine import Store, Transaction

KINDS = ("view", "question")
_COLUMNS = "saved_id, kind, domain, page, title, content, owner, shared, made_at, changed_at"


@dataclass(frozen=True)
class Saved:
    """One saved thing: a page's parameters in `content` where it is a view, `{"sql": …}` where it is a question."""

    saved_id: str
    kind: str
    domain: str
    page: str
    title: str
    content: dict[str, Any]
    owner: str
    shared: bool
    made_at: datetime
    changed_at: datetime

    @property
    def sql(self) -> str:
        """The text of a question; empty for a view."""
        return str(self.content.get("sql", ""))


def _saved(row: tuple) -> Saved:
    return Saved(*row[:5], json.loads(row[5]), *row[6:])


def add(tx: Transaction, new: Saved) -> None:
    """Keep one."""
    row = [new.saved_id, new.kind, new.domain, new.page, new.title, json.dumps(new.content), new.owner,
           new.shared, new.made_at, new.changed_at]  # fmt: skip
    tx.run("INSERT INTO rhml.saved VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", row)


def find(store: Store, saved_id: str) -> Saved | None:
    """One by its id, whoever kept it; whether it may be shown is for the caller to judge."""
    rows = store.read(f"SELECT {_COLUMNS} FROM rhml.saved WHERE saved_id = $1", [saved_id])
    return _saved(rows[0]) if rows else None


def listed(store: Store, domain: str, person: str | None, page: str | None = None) -> list[Saved]:
    """What a person may see of a domain, or of one page: the own ones and the shared ones, by title; None sees all."""
    rows = store.read(
        f"SELECT {_COLUMNS} FROM rhml.saved WHERE domain = $1 AND ($2::text IS NULL OR page = $2::text) "
        "AND ($3::text IS NULL OR shared OR owner = $3::text) ORDER BY lower(title), saved_id",
        [domain, page, person],
    )
    return [_saved(row) for row in rows]


def count(tx: Transaction, owner: str) -> int:
    """How many one person keeps, over all domains."""
    [(n,)] = tx.run("SELECT count(*) FROM rhml.saved WHERE owner = $1", [owner])
    return n


def titled(tx: Transaction, owner: str, domain: str, page: str, title: str, other_than: str = "") -> bool:
    """Whether a person keeps something else of a page under this title."""
    rows = tx.run(
        "SELECT saved_id FROM rhml.saved WHERE owner = $1 AND domain = $2 AND page = $3 AND title = $4 "
        "AND saved_id <> $5",
        [owner, domain, page, title, other_than],
    )
    return bool(rows)


def change(tx: Transaction, saved_id: str, *, title: str, shared: bool, at: datetime) -> None:
    """Give one another title, or share it, or share it no more."""
    tx.run(
        "UPDATE rhml.saved SET title = $2, shared = $3, changed_at = $4 WHERE saved_id = $1",
        [saved_id, title, shared, at],
    )


def remove(tx: Transaction, saved_id: str) -> None:
    """Throw one away."""
    tx.run("DELETE FROM rhml.saved WHERE saved_id = $1", [saved_id])
