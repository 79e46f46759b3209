"""What a seal holds of each fact: its number, its table and eight bytes of its salted digest.

The eight bytes name the fact that changed; the seal's own digest is taken over all 32 bytes of every fact.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rhml.store.chain.rows import salted

SALT = 16
ENTRY = np.dtype([("offset", "<u4"), ("table", "u1"), ("check", "V8")])


@dataclass(frozen=True)
class Written:
    """Facts of one table: their numbers, and the 32 bytes that stand for each row's text."""

    table: str
    seqs: np.ndarray
    digests: np.ndarray


@dataclass(frozen=True)
class Sealed:
    """Facts in the order of their numbers, as they go into seals: `salts` and `digests` are rows of bytes."""

    tables: tuple[str, ...]
    seqs: np.ndarray
    codes: np.ndarray
    salts: np.ndarray
    digests: np.ndarray

    def __len__(self) -> int:
        return len(self.seqs)

    def entries(self, start: int, end: int, first: int) -> bytes:
        """The packed entries of some of these facts."""
        packed = np.empty(end - start, dtype=ENTRY)
        packed["offset"] = self.seqs[start:end] - first
        packed["table"] = self.codes[start:end]
        packed["check"] = np.ascontiguousarray(self.digests[start:end, :8]).view("V8").ravel()
        return packed.tobytes()


def in_order(written: Sequence[Written]) -> Sealed:
    """All facts of a unit of work with a fresh salt each, in the order of their numbers.

    Rows that share a number and a table share the salt, and go by their digests.
    """
    tables = tuple(sorted({part.table for part in written}))
    seqs = np.concatenate([part.seqs for part in written]).astype(np.int64)
    codes = np.concatenate([np.full(len(p.seqs), tables.index(p.table), np.uint8) for p in written])
    raw = np.concatenate([part.digests for part in written])
    order = np.lexsort((codes, seqs))
    seqs, codes, raw = seqs[order], codes[order], raw[order]
    salts = np.frombuffer(secrets.token_bytes(SALT * len(seqs)), np.uint8).reshape(-1, SALT).copy()
    for again in np.flatnonzero((seqs[1:] == seqs[:-1]) & (codes[1:] == codes[:-1])) + 1:
        salts[again] = salts[again - 1]
    digests = salt_all(salts, raw)
    order = np.lexsort((*_keys(digests), codes, seqs)) if len(seqs) > 1 else slice(None)
    return Sealed(tables, seqs[order], codes[order], salts[order], digests[order])


def _keys(digests: np.ndarray) -> tuple[np.ndarray]:
    return (np.ascontiguousarray(digests[:, :8]).view(">u8").ravel(),)


def salt_all(salts: np.ndarray, digests: np.ndarray) -> np.ndarray:
    """The salted digests of many facts."""
    pairs, width = np.hstack([salts, digests]).tobytes(), SALT + 32
    sha = hashlib.sha256
    joined = b"".join([sha(pairs[i : i + width]).digest() for i in range(0, len(pairs), width)])
    return as_rows(joined)


def as_rows(digests: bytes) -> np.ndarray:
    """Digests that lie one after the other as an array of 32 columns."""
    return np.frombuffer(digests, np.uint8).reshape(-1, 32)


def one(table: str, found: Sequence[tuple[int, bytes]]) -> Written:
    """A few facts of one table, as an insert returned them."""
    return Written(table, np.array([s for s, _ in found], np.int64), as_rows(b"".join(d for _, d in found)))


__all__ = ["ENTRY", "SALT", "Sealed", "Written", "as_rows", "in_order", "one", "salt_all", "salted"]
