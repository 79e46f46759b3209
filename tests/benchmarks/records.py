"""What the records cost on a large log: python -m tests.benchmarks.records duckdb:///LOG DOMAIN.

Processor seconds and the peak of memory after each step; the trail is asked twice, and the second time counts.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rhml.loop.records import answering, records
from rhml.loop.records.register import register
from rhml.store import audit, organization
from rhml.store.audit import Filter
from rhml.store.opening import open_store, utc_now


def timed(what: str, step: Callable[[], Any]) -> Any:
    """Run a step and print what it cost."""
    start = time.process_time()
    found = step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{what:<24} {time.process_time() - start:8.2f} s of processor   peak {peak:5.2f} GB", flush=True)
    return found


def main(url: str, name: str) -> None:
    """Every record of one domain, in the order in which a reader asks for them."""
    store = open_store(url, now=utc_now())
    domain = organization.domain(store, name)
    for _ in range(2):
        timed("a page of the trail", lambda: audit.page(store, domain, Filter()))
        timed("its lines counted", lambda: audit.count(store, domain, Filter()))
        timed("everyone in it", lambda: audit.actors(store, domain))
    versions = timed("register", lambda: register(store, domain)).entries
    timed("process card", lambda: answering.of_process(store, domain, at=utc_now()))
    if versions:
        timed("model card", lambda: answering.of_model(store, domain, versions[0].version, at=utc_now()))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pack"
        made = timed(
            "pack", lambda: records.records(store, domain, "ai-act", out, by="command line", at=utc_now())
        )
        print(made.message)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
