"""Twins in the register: what a version would have been without what people called, and its siblings with it.

They are kept so that cases which come later, and which none of them learned from, can say what people taught.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, Transaction, quoted


def keep(tx: Transaction, schema: str, version: str, side: str, models: Iterable[bytes]) -> None:
    """Keep the models of one side of a version: 'twin' or 'sibling'."""
    kept = [zlib.compress(model) for model in models]
    numbers = tx.numbers(schema, len(kept))
    tx.append(
        f"{quoted(schema)}.twins",
        ("seq", "version", "side", "place", "content"),
        [
            (seq, version, side, place, model)
            for place, (seq, model) in enumerate(zip(numbers, kept, strict=True))
        ],
    )


def kept(store: Store, schema: str, version: str) -> dict[str, tuple[bytes, ...]]:
    """The models of each side of a version; nothing where none were kept."""
    rows = store.read(
        f"SELECT side, content FROM {quoted(schema)}.twins WHERE version = $1 ORDER BY side, place", [version]
    )
    return {side: tuple(zlib.decompress(bytes(c)) for s, c in rows if s == side) for side in dict(rows)}


def later(store: Store, domain: DecisionDomain, seq: int) -> list[str]:
    """Ids of the cases outside the bank whose outcome, and every decision, came after a fact's number."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT o.case_id FROM {d}.current_outcomes o JOIN {d}.cases c ON c.case_id = o.case_id WHERE NOT c.bank "
        f"AND o.case_id NOT IN (SELECT case_id FROM {d}.outcomes WHERE seq <= $1) "
        f"AND o.case_id NOT IN (SELECT case_id FROM {d}.decisions WHERE seq <= $1) ORDER BY o.seq",
        [seq],
    )
    return [case_id for (case_id,) in rows]
