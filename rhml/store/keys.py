"""Keys of other systems as facts: made and revoked on record, used in the workspace.

The log never holds a key: only its keyed hash, from which nobody can make the key again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.store import schema
from rhml.store.engine import Store, Transaction

FEED = "feed"


@dataclass(frozen=True)
class Key:
    """One key: what it opens, until when, who made it, and what became of it."""

    key_id: str
    name: str
    domain: str
    scope: str
    hash: str
    expires_at: datetime
    made_at: datetime
    made_by: str
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    why: str | None = None
    uses: int = 0
    refused: int = 0
    last_used_at: datetime | None = None

    def state(self, now: datetime) -> str:
        """Whether it opens anything: 'valid', 'expired' or 'revoked'."""
        if self.revoked_at is not None:
            return "revoked"
        return "valid" if now < self.expires_at else "expired"


_KEY = """SELECT k.key_id, k.name, k.domain, k.scope, k.hash, k.expires_at, k.made_at, k.made_by, e.happened_at,
e.by_whom, e.why, coalesce(u.uses, 0), coalesce(u.refused, 0), u.last_used_at FROM rhml.api_keys k
LEFT JOIN rhml.api_key_events e ON e.key_id = k.key_id AND e.kind = 'revoked'
LEFT JOIN rhml.api_key_uses u ON u.key_id = k.key_id"""


def append(tx: Transaction, key: Key) -> None:
    """Record a new key."""
    [seq] = tx.numbers(schema.ORGANIZATION)
    tx.append(
        "rhml.api_keys",
        ("seq", "key_id", "name", "domain", "scope", "hash", "expires_at", "made_at", "made_by"),
        [
            (
                seq,
                key.key_id,
                key.name,
                key.domain,
                key.scope,
                key.hash,
                key.expires_at,
                key.made_at,
                key.made_by,
            )
        ],
    )


def append_revoked(tx: Transaction, key_id: str, *, why: str, at: datetime, by: str) -> None:
    """Record that a key opens nothing any more."""
    [seq] = tx.numbers(schema.ORGANIZATION)
    tx.append(
        "rhml.api_key_events",
        ("seq", "key_id", "kind", "why", "happened_at", "by_whom"),
        [(seq, key_id, "revoked", why, at, by)],
    )


def key(store: Store, key_id: str) -> Key | None:
    """One key by its public part."""
    rows = store.read(f"{_KEY} WHERE k.key_id = $1", [key_id])
    return Key(*rows[0]) if rows else None


def listed(store: Store, domain: str | None = None) -> list[Key]:
    """Every key that was ever made, the newest first."""
    rows = store.read(f"{_KEY} WHERE $1::text IS NULL OR k.domain = $1::text ORDER BY k.seq DESC", [domain])
    return [Key(*row) for row in rows]


def count_use(tx: Transaction, key_id: str, *, refused: bool, at: datetime) -> None:
    """Count one use of a key, or one that was refused."""
    done = tx.run(
        "UPDATE rhml.api_key_uses SET uses = uses + $2, refused = refused + $3, last_used_at = $4 "
        "WHERE key_id = $1 RETURNING key_id",
        [key_id, int(not refused), int(refused), at],
    )
    if not done:
        tx.run(
            "INSERT INTO rhml.api_key_uses VALUES ($1, $2, $3, $4)",
            [key_id, int(not refused), int(refused), at],
        )
