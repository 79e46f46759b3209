"""Opens the organization's log, ready for use: found or made, migrated, with its secret.

>>> from rhml.store.opening import default_url
>>> default_url().startswith("duckdb:///")
True
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import duckdb
import platformdirs
import uuid_utils

from rhml.errors import LogUnreadable
from rhml.store import organization, rewriting, schema
from rhml.store.engine import SCHEME, Store, Transaction, connect


def utc_now() -> datetime:
    """The time as the log keeps it: naive UTC. The doors of the product call it; the rooms take it."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_id() -> str:
    """A UUIDv7: unique without asking the database, and in order of time."""
    return str(uuid_utils.uuid7())


def default_url() -> str:
    """The log under the user's data directory, where neither --db nor RHML_DB names another."""
    return f"{SCHEME}{platformdirs.user_data_path('rhml') / 'rhml.duckdb'}"


def open_store(url: str, *, now: datetime, secret: str | None = None) -> Store:
    """Open the log behind a URL; a new one gets its tables and a secret of its own.

    LogUnreadable if the file is a database of something else.
    """
    store = connect(url)
    try:
        store.secret = store.write(lambda tx: _prepare(tx, now, secret))
    except duckdb.Error as error:
        store.close()
        raise LogUnreadable(
            f"The database {url} holds tables that are not a log of this product: "
            f"{str(error).splitlines()[0]} Name another file with --db."
        ) from error
    return rewriting.rewrite(store) if rewriting.is_due(store) else store


def _prepare(tx: Transaction, now: datetime, secret: str | None) -> bytes:
    schema.migrate_organization(tx, now)
    organization.migrate_domains(tx, now)
    if not (held := tx.run("SELECT value FROM rhml.secret")):
        held = [(secret or secrets.token_hex(32),)]
        tx.run("INSERT INTO rhml.secret VALUES ($1)", held[0])
    return held[0][0].encode()
