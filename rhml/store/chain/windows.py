"""The seals of a chain, read in order, in windows of so many facts that memory stays bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from rhml.store.chain.entries import ENTRY, SALT
from rhml.store.chain.sealing import beginning, link, when
from rhml.store.names import quoted
from rhml.store.transaction import Transaction

AT_ONCE = 262_144
"""Facts of one window."""
SEALS = 20_000
"""Seals read from the log at once, and in one window at most."""
LOWEST = -(2**63)
FILLED = ", ".join(
    f"coalesce({column}, {empty})"
    for columns, empty in (
        (("first_seq", "last_seq", "facts"), "0"), (("tables",), "''"), (("entries", "salts", "digest"), "''::BLOB"),
        (("sealed_at",), "TIMESTAMP '1970-01-01'"), (("hash",), "''::BLOB"),
    )
    for column in columns
)  # fmt: skip
"""The columns of a seal; one that somebody emptied fits nothing."""


@dataclass(frozen=True)
class Seal:
    """One seal as the log holds it; `unfit` says what is wrong with itself, if anything."""

    number: int
    first: int
    last: int
    facts: int
    digest: bytes
    at: datetime
    hash: bytes
    unfit: str = ""


@dataclass(frozen=True)
class Window:
    """Seals that follow each other, with what they hold of each fact; `starts` is where each seal begins.

    It speaks of every number from `low` to `high`; `codes` are places in the list of all tables.
    """

    low: int
    high: int
    seals: tuple[Seal, ...]
    starts: np.ndarray
    seqs: np.ndarray
    codes: np.ndarray
    checks: np.ndarray
    salts: np.ndarray


class Reader:
    """Reads the seals of one chain and holds each against the one before."""

    def __init__(self, tx: Transaction, schema: str, code: Callable[[str], int]):
        self._tx = tx
        self._schema = schema
        self._code = code
        self.hash = beginning(tx.run, schema)
        self.number = 0
        self.last = 0
        self.hashes: list[str] = []

    def windows(self) -> Iterator[Window]:
        """The windows in order; together they speak of every number up to the last seal's."""
        held: list[tuple[Seal, bytes, bytes, list[str]]] = []
        low, count = LOWEST, 0
        for row in self._rows():
            held.append(self._seal(row))
            count += held[-1][0].facts
            if count >= AT_ONCE or len(held) >= SEALS:
                yield self._window(low, held)
                low, held, count = self.last + 1, [], 0
        if held:
            yield self._window(low, held)

    def _rows(self) -> Iterator[tuple]:
        sql = (f"SELECT seal, {FILLED} FROM {quoted(self._schema)}.seals WHERE seal > $1 ORDER BY seal LIMIT 2000")  # fmt: skip
        after = LOWEST
        while found := self._tx.run(sql, [after]):
            yield from found
            after = found[-1][0]

    def _seal(self, row: tuple) -> tuple[Seal, bytes, bytes, list[str]]:
        number, first, last, facts, named, entries, salts, digest, at, own = row
        tables = named.split(",") if named else []
        entries, salts, digest, own = bytes(entries), bytes(salts), bytes(digest), bytes(own)
        unfit = self._unfit(number, first, last, facts, tables, entries, salts)
        if link(self.hash, number, (first, last, facts), tables, entries, digest, when(at)) != own:
            unfit = unfit or "Its hash does not follow from what it says and from the seal before."
        if len(entries) != facts * ENTRY.itemsize or len(salts) != facts * SALT:
            facts, entries, salts = 0, b"", b""
        self.hash, self.number, self.last = own, number, max(last, self.last)
        self.hashes.append(own.hex())
        return Seal(number, first, last, facts, digest, at, own, unfit), entries, salts, tables

    def _unfit(
        self, number: int, first: int, last: int, facts: int, tables: list, entries: bytes, salts: bytes
    ) -> str:
        if number != self.number + 1:
            missing = (
                f"{self.number + 1:,}"
                if number == self.number + 2
                else f"{self.number + 1:,} to {number - 1:,}"
            )
            return (
                f"Before it seal {missing} is gone."
                if number > self.number
                else "Its number was given twice."
            )
        if first <= self.last or last < first:
            return "It covers facts of the seal before."
        if len(entries) != facts * ENTRY.itemsize or len(salts) != facts * SALT or len(tables) > 255:
            return "It does not hold as many facts as it says."
        return ""

    def _window(self, low: int, held: list[tuple[Seal, bytes, bytes, list[str]]]) -> Window:
        seals = tuple(seal for seal, *_ in held)
        sizes = np.array([seal.facts for seal in seals], np.int64)
        packed = np.frombuffer(b"".join(entries for _, entries, _, _ in held), ENTRY)
        salts = np.frombuffer(b"".join(salts for _, _, salts, _ in held), np.uint8).reshape(-1, SALT)
        first = np.repeat(np.array([seal.first for seal in seals], np.int64), sizes)
        codes = np.zeros(len(packed), np.int64)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        for place, (_, _, _, tables) in enumerate(held):
            part = slice(starts[place], starts[place + 1])
            own = np.array([self._code(t) for t in tables] + [255] * (256 - len(tables)), np.int64)
            codes[part] = own[packed["table"][part]]
        checks = np.ascontiguousarray(packed["check"]).view(">u8").astype(np.uint64)
        return Window(low, self.last, seals, starts, first + packed["offset"], codes, checks, salts)
