"""Seals what an older log holds already: from then on it is as tamper-evident as what comes after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rhml.store.chain import rows
from rhml.store.names import quoted

if TYPE_CHECKING:
    from rhml.store.transaction import Transaction

WINDOW = 262_144
"""Numbers whose facts are in memory at once."""


def seal_what_is_there(tx: Transaction, schema: str) -> None:
    """Seal every fact of a schema that was written before facts were sealed, in the order of their numbers."""
    d = quoted(schema)
    [(last,)] = tx.run(f"SELECT n FROM {d}.counter")
    tables = rows.fact_tables(tx.run, schema)
    for start in range(0, last + 1, WINDOW):
        for table in tables:
            tx.note_facts(f"{d}.{quoted(table)}", f"seq >= {start} AND seq < {start + WINDOW}")
        if start + WINDOW > last:
            tx.seals.numbered(schema, last)
        tx.seals.seal()
