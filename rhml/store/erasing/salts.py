"""Finds what the seals hold of some facts, and gives those facts new salts: the old ones are gone then."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.store.chain.entries import ENTRY, SALT
from rhml.store.names import quoted
from rhml.store.transaction import Transaction


@dataclass
class Held:
    """The facts wanted of one seal: places of its entries, their tables and numbers, and the seal's salts."""

    seal: int
    places: np.ndarray
    tables: list[str]
    seqs: np.ndarray
    checks: np.ndarray
    salts: np.ndarray

    def salt(self, place: int) -> bytes:
        """The salt of one entry."""
        return self.salts[place].tobytes()


def held(tx: Transaction, schema: str, wanted: dict[str, np.ndarray]) -> list[Held]:
    """What the seals hold of facts, given by table and numbers."""
    d = quoted(schema)
    seqs = pd.DataFrame({"seq": np.unique(np.concatenate(list(wanted.values())))})
    with tx.lent(seqs, "wanted_facts"):
        rows = tx.run(
            f"SELECT seal, first_seq, tables, entries, salts FROM {d}.seals WHERE seal IN (SELECT s.seal FROM "
            f"wanted_facts w ASOF JOIN {d}.seals s ON w.seq >= s.first_seq) ORDER BY seal"
        )
    found = (_of(row, wanted) for row in rows)
    return [one for one in found if len(one.places)]


def _of(row: tuple, wanted: dict[str, np.ndarray]) -> Held:
    seal, first, named, entries, salts = row
    tables, packed = named.split(",") if named else [], np.frombuffer(bytes(entries), ENTRY)
    seqs = first + packed["offset"].astype(np.int64)
    chosen = np.zeros(len(packed), bool)
    for code, table in enumerate(tables):
        if table in wanted:
            chosen |= (packed["table"] == code) & np.isin(seqs, wanted[table])
    places = np.flatnonzero(chosen)
    own = np.frombuffer(bytes(salts), np.uint8).reshape(-1, SALT).copy()
    checks = np.ascontiguousarray(packed["check"]).view(np.uint8).reshape(-1, 8)
    return Held(seal, places, [tables[c] for c in packed["table"][places]], seqs[places], checks[places], own)


def renew(tx: Transaction, schema: str, facts: list[Held]) -> None:
    """New salts for these facts, in place of the old."""
    for one in facts:
        fresh = np.frombuffer(secrets.token_bytes(SALT * len(one.places)), np.uint8).reshape(-1, SALT)
        one.salts[one.places] = fresh
    frame = pd.DataFrame({"seal": [o.seal for o in facts], "salts": [o.salts.tobytes() for o in facts]})
    with tx.lent(frame, "fresh_salts"):
        tx.run(
            f"UPDATE {quoted(schema)}.seals SET salts = f.salts FROM fresh_salts f WHERE f.seal = seals.seal"
        )
