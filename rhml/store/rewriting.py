"""Writes the log's file anew after an erasure: a database leaves what it deleted in the space it has given free."""

from __future__ import annotations

from contextlib import suppress

import duckdb

from rhml.store.engine import Store, connect, path_of


def is_due(store: Store) -> bool:
    """Whether something was erased since the file was last written anew."""
    return bool(store.read("SELECT 1 FROM rhml.rewriting"))


def rewrite(store: Store) -> Store:
    """The same log in a new file under the same name, opened; where that cannot be, the log as it is.

    Nobody else may be using the store. What is cut short leaves the old file whole, and is done at the next opening.
    """
    path = path_of(store.url)
    fresh = path.with_name(path.name + ".rewriting")
    fresh.unlink(missing_ok=True)
    try:
        store.backup(fresh)
        with duckdb.connect(str(fresh)) as new:
            new.execute("DELETE FROM rhml.rewriting")
            new.execute("CHECKPOINT")
    except duckdb.Error:  # no room for a second file: the next opening tries again
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        return store
    secret = store.secret
    store.close()
    fresh.replace(path)
    opened = connect(store.url)
    opened.secret = secret
    return opened
