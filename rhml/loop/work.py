"""The worker: one thread that does long work beside the pages, because DuckDB refuses a second process.

A page asks for a job and watches its row; the worker claims it, does it with progress, and records how it
ended. A job survives the page that asked for it.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from rhml.errors import RhmlError, WithProblems
from rhml.store import jobs
from rhml.store.engine import Store
from rhml.store.jobs import Job
from rhml.store.opening import utc_now

Progress = Callable[[float, str], None]
Work = Callable[[Store, Job, Progress], dict[str, Any]]
Clock = Callable[[Store, datetime], None]

LOOK_EVERY = 20.0
"""Seconds between two looks at the clock: due times are to the minute."""
PATIENCE = 5.0
"""Seconds for which a process that ends waits for the job in hand; a longer one is interrupted, and says so later."""
STEADY = 0.3
"""Seconds between two progress facts of one job: readers look once a second."""


class Worker:
    """Does the log's jobs one after another until it is stopped."""

    def __init__(self, store: Store, kinds: dict[str, Work], clock: Clock | None = None):
        self._store, self._kinds, self._clock = store, kinds, clock
        self._looked = -LOOK_EVERY
        self._wake, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="rhml-worker", daemon=True)

    def start(self) -> None:
        """Mark what a dead process left running, then begin."""
        self._store.write(lambda tx: jobs.interrupt_running(tx, at=utc_now()))
        atexit.register(self.stop, PATIENCE)
        self._thread.start()

    def stop(self, timeout: float | None = None) -> None:
        """End after the job in hand, for which to wait so many seconds at most.

        A thread inside the database or a training while Python takes itself apart would bring the process down.
        """
        atexit.unregister(self.stop)
        self._stopped.set()
        self._wake.set()
        self._thread.join(timeout)

    def wake(self) -> None:
        """Look for a job now rather than at the next round."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._look_at_the_clock()
            job = self._store.write(lambda tx: jobs.take(tx, at=utc_now()))
            if job is None:
                self._wake.wait(timeout=1.0)
                self._wake.clear()
            else:
                do(self._store, job, self._kinds)

    def _look_at_the_clock(self) -> None:
        """Put in line what is due by its time; this thread does it, so that nothing is begun while it runs."""
        if self._clock is not None and time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            try:
                self._clock(self._store, utc_now())
            except Exception:  # what is due waits for the next look; the jobs in line do not wait for ever
                logging.getLogger(__name__).exception("the look at the clock failed")


def do(store: Store, job: Job, kinds: dict[str, Work]) -> None:
    """Do one claimed job and record how it ended."""
    try:
        result = kinds[job.kind](store, job, _progress(store, job))
    except RhmlError as error:
        problems = [vars(p) for p in error.problems] if isinstance(error, WithProblems) else []
        _end(store, job, "refused", str(error), {"problems": problems})
    except Exception:  # a defect must not end the thread that all later work needs
        logging.getLogger(__name__).exception("job %s (%s) failed", job.job_id, job.kind)
        _end(store, job, "failed", "This is a defect of the product. The server's log has the details.", None)
    else:
        _end(store, job, "done", str(result.get("message", "Done")), result)


def _end(store: Store, job: Job, state: str, message: str, result: dict[str, Any] | None) -> None:
    store.write(
        lambda tx: jobs.finish(tx, job.job_id, state=state, message=message, result=result, at=utc_now())
    )


def _progress(store: Store, job: Job) -> Progress:
    last = [0.0]

    def report(progress: float, message: str) -> None:
        now = time.monotonic()
        if now - last[0] >= STEADY:
            last[0] = now
            store.write(lambda tx: jobs.report_progress(tx, job.job_id, progress, message))

    return report
