"""The head of a chain: noted elsewhere, it shows later whether the chain was written anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.store.chain.sealing import newest
from rhml.store.engine import Store, quoted


@dataclass(frozen=True)
class Head:
    """The newest seal: its place, the last fact it covers, when it was made, and its hash in full."""

    seal: int
    last_seq: int
    sealed_at: datetime | None
    hash: str

    @property
    def short(self) -> str:
        """Enough of the hash to write down; `verify --head` takes it."""
        return self.hash[:16]


def head(store: Store, schema: str) -> Head:
    """The head of a domain's chain, or of the organization's ('rhml'); an empty hash where nothing was sealed."""
    found = newest(store.read, schema)
    if not found.seal:
        return Head(0, 0, None, "")
    [(at,)] = store.read(f"SELECT max(sealed_at) FROM {quoted(schema)}.seals WHERE seal = $1", [found.seal])
    return Head(found.seal, found.last_seq, at, found.hash.hex())
