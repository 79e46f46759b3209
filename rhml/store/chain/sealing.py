"""Seals what a unit of work wrote, in the same commit: each seal holds the one before it.

The engine calls this for every fact, so that no part of the product can forget to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from rhml.store.chain import rows
from rhml.store.chain.entries import Sealed, Written, in_order, one
from rhml.store.names import quoted, split

AT_ONCE = 8_192
"""Facts in one seal at most: so many are looked through to name the one that changed."""


@dataclass(frozen=True)
class Head:
    """The newest seal of a chain: how many seals there are, the last number they cover, and the seal's hash."""

    seal: int = 0
    last_seq: int = 0
    hash: bytes = b""


class Memory:
    """What an open log knows of its chains and of the shapes of its tables; forgotten where a unit fails."""

    def __init__(self) -> None:
        self.heads: dict[str, Head] = {}
        self.shapes: dict[tuple[str, str], dict[str, str]] = {}


def link(
    previous: bytes, number: int, covers: tuple[int, int, int], tables: Sequence[str], *parts: bytes
) -> bytes:
    """The hash of a seal: SHA-256 over the seal before, its own number, what it covers and all its parts."""
    named = "\n".join((str(number), *map(str, covers), *tables)).encode()
    lengths = b"".join(len(part).to_bytes(8, "big") for part in (previous, named, *parts))
    return hashlib.sha256(lengths + previous + named + b"".join(parts)).digest()


def beginning(run: rows.Run, schema: str) -> bytes:
    """What the first seal of a chain holds on to: the name of the domain and the log's own secret."""
    [(secret,)] = run("SELECT value FROM rhml.secret")
    return hashlib.sha256(f"{schema}\n{secret}".encode()).digest()


def when(at: datetime) -> bytes:
    """A time as a seal counts it."""
    return at.isoformat(timespec="microseconds").encode()


class Sealing:
    """The facts that one unit of work has written so far, and has still to seal."""

    def __init__(self, run: rows.Run, memory: Memory):
        self._run = run
        self._memory = memory
        self._written: dict[str, list[Written]] = {}
        self._reserved: dict[str, int] = {}
        self.heads: dict[str, Head] = {}

    def numbered(self, schema: str, last: int) -> None:
        """Note that numbers up to this one were given out."""
        self._reserved[schema] = last

    def shape(self, table: str) -> dict[str, str]:
        """The columns of a table with their types."""
        schema, name = split(table)
        if (schema, name) not in self._memory.shapes:
            self._memory.shapes[schema, name] = rows.columns(self._run, schema, name)
        return self._memory.shapes[schema, name]

    def reshaped(self) -> None:
        """Tables have changed."""
        self._memory.shapes.clear()

    def wrote(self, table: str, found: Sequence[tuple[int, str]]) -> None:
        """Note a few facts as an insert returned them: number and text of the row."""
        schema, name = split(table)
        if found:
            few = one(name, [(seq, rows.digest(text)) for seq, text in found])
            self._written.setdefault(schema, []).append(few)

    def wrote_many(self, table: str, seqs: np.ndarray, digests: np.ndarray) -> None:
        """Note many facts: their numbers, and the 32 bytes that stand for each row."""
        schema, name = split(table)
        self._written.setdefault(schema, []).append(Written(name, seqs, digests))

    def seal(self) -> None:
        """Seal everything noted; nothing is noted afterwards."""
        at = datetime.now(UTC).replace(tzinfo=None)
        for schema in sorted({*self._written, *self._reserved}):
            head = self.head(schema)
            if schema in self._written:
                head = self._in_chunks(schema, head, in_order(self._written[schema]), at)
            elif self._reserved[schema] > head.last_seq:
                head = self._one(schema, head, None, (0, 0), at)
            self.heads[schema] = head
        self._written, self._reserved = {}, {}

    def head(self, schema: str) -> Head:
        """The newest seal of a schema's chain."""
        known = self.heads.get(schema) or self._memory.heads.get(schema)
        return known or newest(self._run, schema)

    def _in_chunks(self, schema: str, head: Head, facts: Sealed, at: datetime) -> Head:
        start = 0
        while start < len(facts):
            end = min(start + AT_ONCE, len(facts))
            # Rows that an older version wrote under one number stay in one seal.
            end = int(np.searchsorted(facts.seqs, facts.seqs[end - 1], side="right"))
            head = self._one(schema, head, facts, (start, end), at)
            start = end
        return head

    def _one(
        self, schema: str, head: Head, facts: Sealed | None, part: tuple[int, int], at: datetime
    ) -> Head:
        start, end = part
        reserved = self._reserved.get(schema, 0)
        if facts is None:
            first, last, tables, entries, salts, digests = reserved, reserved, (), b"", b"", b""
        else:
            first, last, tables = int(facts.seqs[start]), int(facts.seqs[end - 1]), facts.tables
            entries, salts = facts.entries(start, end, first), facts.salts[start:end].tobytes()
            digests = facts.digests[start:end].tobytes()
            last = max(last, reserved) if end == len(facts) else last
        previous = head.hash or beginning(self._run, schema)
        digest, covers = hashlib.sha256(digests).digest(), (first, last, end - start)
        own = link(previous, head.seal + 1, covers, tables, entries, digest, when(at))
        row: list[Any] = [head.seal + 1, *covers, ",".join(tables), entries, salts, digest, at, own]
        self._run(f"INSERT INTO {quoted(schema)}.seals VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", row)
        return Head(head.seal + 1, last, own)


def newest(run: rows.Run, schema: str) -> Head:
    """The newest seal as the log holds it; an empty head where nothing was sealed yet."""
    found = run(f"SELECT seal, last_seq, hash FROM {quoted(schema)}.seals ORDER BY seal DESC LIMIT 1")
    return Head(found[0][0], found[0][1], bytes(found[0][2])) if found else Head()
