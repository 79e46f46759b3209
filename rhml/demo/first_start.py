"""The very first start: nobody named a log and the default one is empty, so a demo organization moves in.

Each field is lived through beside the log and moves in whole, so a building that was cut off left nothing in it:
it begins anew when the log is opened again.
"""

from __future__ import annotations

from datetime import datetime

from rhml.demo import fields
from rhml.demo.fields import FIRST, Field
from rhml.store import demo_log, jobs, opening
from rhml.store.engine import Store
from rhml.store.jobs import Job

FIRST_START = "first start"
KIND = "demo"
SHOWN = 50
"""How many of the newest buildings are looked at: each field is built once, and few are cut off."""


def open_for_newcomer(url: str, *, now: datetime) -> Store:
    """Open the default log, and ask for the demo's first field where the log is nobody's."""
    store = opening.open_store(url, now=now)
    if demo_log.is_nobodys(store):
        ask(store, FIRST.key, by=FIRST_START, at=now)
    return store


def ask(store: Store, key: str, *, by: str, at: datetime) -> str:
    """Put the building of a field in line, once."""
    chosen = fields.field(key)
    fields.refuse(store, chosen)
    underway = building(store, chosen)
    if underway is not None and underway.state in jobs.OPEN:
        return underway.job_id
    return store.write(
        lambda tx: jobs.ask(tx, KIND, domain=None, arguments={"field": chosen.key}, by=by, at=at)
    )


def building(store: Store, chosen: Field) -> Job | None:
    """The newest building of a field: under way, or as it ended."""
    held = jobs.latest(store, kind=KIND, limit=SHOWN)
    return next((job for job in held if job.arguments.get("field", FIRST.key) == chosen.key), None)


def begin_anew(store: Store, *, now: datetime) -> None:
    """Ask again for every field whose building was cut off, before the worker looks at the line."""
    fields.clear(store)
    ready = demo_log.fields(store)
    for chosen in fields.FIELDS:
        job = building(store, chosen)
        if job is not None and job.state in ("running", "interrupted") and chosen.key not in ready:
            _again(store, job, chosen, now)


def _again(store: Store, job: Job, chosen: Field, now: datetime) -> None:
    said = "The app was stopped while this ran. Nothing was left half-way; it began anew."
    store.write(
        lambda tx: jobs.finish(tx, job.job_id, state="interrupted", message=said, result=None, at=now)
    )
    ask(store, chosen.key, by=job.asked_by, at=now)
