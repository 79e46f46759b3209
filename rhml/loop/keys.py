"""Keys for other systems: a lead makes one for one domain, it is shown once, and ends by itself or on demand."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop import permit
from rhml.store import keys
from rhml.store.engine import Store, Transaction
from rhml.store.keys import FEED, Key

LONGEST = 120
LONGEST_WHY = 500
DAYS = (30, 90, 180, 365)
MOST_DAYS = 366
MOST_VALID = 50
"""Keys of a domain that may be valid at one time."""

_FORM = re.compile(r"rhml_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class KeyRefused(RhmlError):
    """There is no such key, or it cannot be made as asked."""


class KeyUnknown(RhmlError):
    """What was presented is no valid key; the message never says why."""


@dataclass(frozen=True)
class Made:
    """A new key, whole: the only moment at which it can be read."""

    key: str
    key_id: str
    name: str
    domain: str
    scope: str
    expires_at: datetime


def make(store: Store, domain: DecisionDomain, name: str, *, days: int = 90, by: str, at: datetime) -> Made:
    """Make a key that opens one domain's override feed until it expires; only a lead may."""
    name = name.strip()
    if not name.isprintable() or not 0 < len(name) <= LONGEST:
        raise KeyRefused(f"Say which system the key is for, in 1 to {LONGEST} characters and one line.")
    if not 1 <= days <= MOST_DAYS:
        raise KeyRefused(f"A key lasts 1 to {MOST_DAYS} days. Make a new one when it ends.")
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    made = Made(f"rhml_{key_id}_{secret}", key_id, name, domain.name, FEED, at + timedelta(days=days))
    held = Key(key_id, name, domain.name, FEED, _hash(store, made.key), made.expires_at, at, by)

    def unit(tx: Transaction) -> None:
        permit.lead(store, by, "make keys for other systems")
        valid = [k for k in keys.listed(store, domain.name) if k.state(at) == "valid"]
        if len(valid) >= MOST_VALID:
            raise KeyRefused(
                f"{domain.title} has {len(valid)} valid keys. Revoke one that nobody needs first."
            )
        keys.append(tx, held)

    store.write(unit)
    return made


def revoke(store: Store, key_id: str, *, why: str, by: str, at: datetime) -> Key:
    """End a key at once, with a reason; it stays on record."""
    why = " ".join(why.split())
    if not 0 < len(why) <= LONGEST_WHY:
        raise KeyRefused(f"Say why the key is revoked, in 1 to {LONGEST_WHY} characters.")

    def unit(tx: Transaction) -> None:
        permit.lead(store, by, "revoke keys of other systems")
        found = keys.key(store, key_id)
        if found is None:
            raise KeyRefused("There is no such key. The list names every key by its id.")
        if found.revoked_at is not None:
            raise KeyRefused("This key was revoked already.")
        keys.append_revoked(tx, key_id, why=why, at=at, by=by)

    store.write(unit)
    return keys.key(store, key_id)


def listed(store: Store, domain: str | None = None) -> list[Key]:
    """Every key that was ever made, the newest first, of one domain or of all."""
    return keys.listed(store, domain)


def holder(store: Store, presented: str, *, at: datetime) -> Key:
    """The valid key behind what was presented; KeyUnknown for everything else, in the same time and words."""
    form = _FORM.fullmatch(presented)
    found = keys.key(store, form[1]) if form else None
    same = hmac.compare_digest(_hash(store, presented), found.hash if found else "0" * 64)
    if found is None or not same or found.state(at) != "valid":
        raise KeyUnknown(
            "This key opens nothing: it is unknown, expired or revoked. Ask a lead for a new one."
        )
    return found


def used(store: Store, key: Key, *, refused: bool, at: datetime) -> None:
    """Count a use of a key, so that a lead sees which are needed and which knock in vain."""
    store.write(lambda tx: keys.count_use(tx, key.key_id, refused=refused, at=at))


def _hash(store: Store, presented: str) -> str:
    """HMAC-SHA256 under the log's own secret: useless to whoever reads one log, or this row, alone."""
    said = f"api key\x1f{presented}".encode("utf-8", "surrogatepass")
    return hmac.new(store.secret, said, hashlib.sha256).hexdigest()
