"""Packs of records that leads ask for in the app: made as a job into a folder beside the log, to be taken along."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop import permit
from rhml.loop.records.records import records
from rhml.loop.steps import Progress
from rhml.store.engine import Store, path_of


def folder(store: Store) -> Path:
    """Where packs of this log lie: beside it."""
    return path_of(store.url).resolve().parent / "records"


def make(
    store: Store, domain: DecisionDomain, purpose: str, *, by: str, at: datetime, progress: Progress
) -> dict[str, Any]:
    """Write a pack with other names for people; says what is in it and under which name it lies."""
    permit.lead(store, by, "take records along")
    folder(store).mkdir(parents=True, exist_ok=True, mode=0o700)
    out = folder(store) / f"{path_of(store.url).stem}-{domain.name}-{purpose}-{at:%Y%m%d-%H%M%S}.zip"
    done = records(store, domain, purpose, out, by=by, at=at, progress=progress)
    said = f"The pack is made: {done.events:,} uses, {done.lines:,} lines of the trail."
    return {"message": said, "file": out.name, "head": done.head}


def packs(store: Store, domain: DecisionDomain) -> list[Path]:
    """The packs of a domain, newest first."""
    start = f"{path_of(store.url).stem}-{domain.name}-"
    return sorted(folder(store).glob(f"{start}*.zip"), key=lambda path: path.name[-19:], reverse=True)


def drop(store: Store, domain: DecisionDomain) -> None:
    """Remove the packs of a domain that lie here: something was erased that they may hold."""
    for path in packs(store, domain):
        path.unlink(missing_ok=True)
