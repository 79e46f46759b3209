"""A copy of the whole log, made while it is in use; restoring one is opening it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rhml.loop import permit
from rhml.store.engine import Store, path_of


def folder(store: Store) -> Path:
    """Where copies of this log lie: beside it."""
    return path_of(store.url).resolve().parent / "backups"


def back_up(store: Store, *, by: str, at: datetime) -> Path:
    """Copy the log into a new file and return its path; a copy that was cut short never looks like one."""
    permit.lead(store, by, "copy the log")
    target = folder(store) / f"{path_of(store.url).stem}-{at:%Y%m%d-%H%M%S-%f}.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = target.with_suffix(".partial")
    try:
        store.backup(partial)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def copies(store: Store) -> list[Path]:
    """The copies of this log, newest first."""
    name = path_of(store.url).stem
    return sorted(folder(store).glob(f"{name}-[0-9]*.duckdb"), reverse=True)
