"""A log of its own for each examined organization, made for the moment and gone afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd

from rhml.intake.tables import Table
from rhml.proof.organization import Organization
from rhml.store.engine import Store
from rhml.store.opening import open_store

QUICK, ROOM = Path("/dev/shm"), 500_000_000
"""Where the machine has a disk of memory with room on it, an organization at work need not wait for a real one."""

NOW = datetime(2026, 1, 5, 9)
BY = "examiner"
SECRET = "a proof needs no secret, and the same one each time"


@contextmanager
def fresh_log(at: datetime = NOW) -> Iterator[Store]:
    """An empty log in a folder of its own."""
    quick = QUICK.is_dir() and os.access(QUICK, os.W_OK) and shutil.disk_usage(QUICK).free > ROOM
    with tempfile.TemporaryDirectory(prefix="rhml-proof-", dir=QUICK if quick else None) as folder:
        store = open_store(f"duckdb:///{Path(folder) / 'log.duckdb'}", now=at, secret=SECRET)
        try:
            yield store
        finally:
            store.close()


def files(made: Organization) -> dict[str, Table]:
    """The three files of an organization as if they had been read from disk."""
    return {name: table(getattr(made, name)) for name in ("cases", "outcomes", "decisions")}


def table(frame: pd.DataFrame) -> Table:
    """A frame as a file that was read."""
    return Table(frame.reset_index(drop=True), "proof", False)
