"""Long work as rows of the workspace: asked for by a page, done by the worker, watched by anyone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id

OPEN = ("waiting", "running")


@dataclass(frozen=True)
class Job:
    """One piece of long work; progress is 0 to 1, `message` says what is being done or why it ended."""

    job_id: str
    kind: str
    domain: str | None
    arguments: dict[str, Any]
    state: str
    progress: float
    message: str
    result: dict[str, Any] | None
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


_COLUMNS = (
    "job_id, kind, domain, arguments, state, progress, message, result, asked_by, asked_at, started_at, "
    "finished_at"
)


def _job(row: tuple) -> Job:
    job_id, kind, domain, arguments, state, progress, message, result, *rest = row
    return Job(job_id, kind, domain, json.loads(arguments), state, progress, message,
               json.loads(result) if result else None, *rest)  # fmt: skip


def ask(
    tx: Transaction, kind: str, *, domain: str | None, arguments: dict[str, Any], by: str, at: datetime
) -> str:
    """Put a job in line, once: the same work already in line is answered with its id."""
    text = json.dumps(arguments, sort_keys=True)
    there = tx.run(
        "SELECT job_id FROM rhml.jobs WHERE kind = $1 AND domain IS NOT DISTINCT FROM $2::text "
        "AND arguments = $3 AND state = 'waiting'",
        [kind, domain, text],
    )
    if there:
        return there[0][0]
    job_id = new_id()
    tx.run(
        "INSERT INTO rhml.jobs VALUES ($1, $2, $3, $4, 'waiting', 0, 'Waiting to start', NULL, $5, $6, NULL, NULL)",
        [job_id, kind, domain, text, by, at],
    )
    return job_id


def take(tx: Transaction, *, at: datetime) -> Job | None:
    """Claim the oldest waiting job for this worker; what a person asked for goes before what follows by itself."""
    rows = tx.run(
        "UPDATE rhml.jobs SET state = 'running', started_at = $1, message = 'Starting' WHERE job_id = "
        "(SELECT job_id FROM rhml.jobs WHERE state = 'waiting' ORDER BY asked_by = 'rhml', asked_at, job_id LIMIT 1) "
        f"AND state = 'waiting' RETURNING {_COLUMNS}",
        [at],
    )
    return _job(rows[0]) if rows else None


def report_progress(tx: Transaction, job_id: str, progress: float, message: str) -> None:
    """Say how far a running job is."""
    tx.run("UPDATE rhml.jobs SET progress = $2, message = $3 WHERE job_id = $1", [job_id, progress, message])


def finish(
    tx: Transaction, job_id: str, *, state: str, message: str, result: dict[str, Any] | None, at: datetime
) -> None:
    """End a job as done, refused or failed, with what came of it."""
    tx.run(
        "UPDATE rhml.jobs SET state = $2, message = $3, result = $4, finished_at = $5, "
        "progress = CASE WHEN $2 = 'done' THEN 1 ELSE progress END WHERE job_id = $1",
        [job_id, state, message, json.dumps(result) if result is not None else None, at],
    )


def interrupt_running(tx: Transaction, *, at: datetime) -> None:
    """At start, a job that a dead process left running is marked as interrupted."""
    tx.run(
        "UPDATE rhml.jobs SET state = 'interrupted', finished_at = $1, "
        "message = 'The app was stopped while this ran; nothing was half written. Start it again.' "
        "WHERE state = 'running'",
        [at],
    )


def job(store: Store, job_id: str) -> Job | None:
    """One job by its id."""
    rows = store.read(f"SELECT {_COLUMNS} FROM rhml.jobs WHERE job_id = $1", [job_id])
    return _job(rows[0]) if rows else None


def latest(store: Store, *, kind: str | None = None, domain: str | None = None, limit: int = 10) -> list[Job]:
    """The newest jobs, open ones first."""
    rows = store.read(
        f"SELECT {_COLUMNS} FROM rhml.jobs WHERE ($1::text IS NULL OR kind = $1::text) "
        "AND ($2::text IS NULL OR domain = $2::text) "
        f"ORDER BY state NOT IN ('waiting', 'running'), asked_at DESC LIMIT {int(limit)}",
        [kind, domain],
    )
    return [_job(row) for row in rows]
