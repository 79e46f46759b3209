"""Seals what an older log holds already: from then on it is as tamper-evident as what comes after."""

from __future__ import annotations

from rhml.store.chain.reading import Facts
from rhml.store.names import quoted
from rhml.store.transaction import Transaction

WINDOW = 262_144
"""Numbers whose facts are in memory at once."""


def seal_what_is_there(tx: Transaction, schema: str) -> None:
    """Seal every fact of a schema that was written before facts were sealed, in the order of their numbers.

    Cases are sealed as they were imported, without the fields that were filled in later: those are facts of their own.
    """
    d = quoted(schema)
    [(last,)] = tx.run(f"SELECT n FROM {d}.counter")
    facts = Facts(tx, schema)
    for start in range(0, last + 1, WINDOW):
        for table in facts.tables:
            seqs, digests = facts.digests(table, f"seq >= {start} AND seq < {start + WINDOW}")
            if len(seqs):
                tx.seals.wrote_many(f"{d}.{quoted(table)}", seqs, digests)
        if start + WINDOW > last:
            tx.seals.numbered(schema, last)
        tx.seals.seal()
