"""Looks as facts: who saw whose record, what of it, when and why; appended in the unit that allows the look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rhml.store.engine import Store, Transaction, quoted

RECORD = "record"


@dataclass(frozen=True)
class Look:
    """One look at one person's record."""

    by: str
    about: str
    what: str
    why: str
    at: datetime


def append(tx: Transaction, schema: str, looks: Sequence[Look]) -> None:
    """Record looks."""
    if looks:
        numbers = tx.numbers(schema, len(looks))
        tx.append(
            f"{quoted(schema)}.looks",
            ("seq", "by_whom", "about", "what", "why", "looked_at"),
            [(seq, k.by, k.about, k.what, k.why, k.at) for seq, k in zip(numbers, looks, strict=True)],
        )


def since(tx: Transaction, schema: str, by: str, moment: datetime) -> list[Look]:
    """One person's looks since a moment."""
    rows = tx.run(
        f"SELECT by_whom, about, what, why, looked_at FROM {quoted(schema)}.looks "
        "WHERE by_whom = $1 AND looked_at > $2::timestamp ORDER BY seq",
        [by, moment],
    )
    return [Look(*row) for row in rows]


def listed(store: Store, schema: str, about: str | None = None, *, limit: int = 500) -> list[Look]:
    """The looks at one person's record, or at everybody's, newest first."""
    rows = store.read(
        f"SELECT by_whom, about, what, why, looked_at FROM {quoted(schema)}.looks "
        f"WHERE $1::text IS NULL OR about = $1::text ORDER BY seq DESC LIMIT {int(limit)}",
        [about],
    )
    return [Look(*row) for row in rows]


def count(store: Store, schema: str, about: str) -> int:
    """How often a person's record was looked at."""
    [(found,)] = store.read(f"SELECT count(*) FROM {quoted(schema)}.looks WHERE about = $1", [about])
    return found
