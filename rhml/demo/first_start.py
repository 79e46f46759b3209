"""The very first start: nobody named a log and the default one is empty, so a demo organization moves in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rhml.demo.organization import SHARES
from rhml.store import jobs, opening, organization
from rhml.store.engine import Store, path_of

FIRST_START = "first start"


def open_for_newcomer(url: str, *, now: datetime) -> Store:
    """Open the default log and ask for the demo where the log is empty.

    A building that was cut off left a year lived by half: it is put aside under another name, in case anything
    was done in it, and the log is made anew. One that anything else was brought into is left alone.
    """
    store = opening.open_store(url, now=now)
    if _cut_off(store):
        store.close()
        _put_aside(path_of(url), now)
        store = opening.open_store(url, now=now)
    if not organization.domain_names(store):
        store.write(lambda tx: jobs.ask(tx, "demo", domain=None, arguments={}, by=FIRST_START, at=now))
    return store


def _put_aside(path: Path, now: datetime) -> None:
    """Rename the log, and its side file if closing it left one."""
    aside = path.with_name(f"{path.stem}-cut-off-{now:%Y%m%dT%H%M%S}{path.suffix}")
    for ending in ("", ".wal"):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))


def _cut_off(store: Store) -> bool:
    """Whether the newest building of the demo never came to its end, and nothing but it is in the log."""
    built = jobs.latest(store, kind="demo", limit=1)
    unfinished = bool(built) and built[0].asked_by == FIRST_START and built[0].state != "done"
    return unfinished and set(organization.domain_names(store)) <= set(SHARES)
