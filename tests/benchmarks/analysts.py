"""How long analysts' questions take over a large log. python -m tests.benchmarks.analysts [DECISIONS] [LOG]

Builds a log of so many decisions (or opens LOG, if it is there), makes its copy for reading, then asks what the Overrides
page, its pivot and the starter questions ask, through the product's own functions; prints wall and processor seconds
and the ratio to the same SQL run by bare DuckDB over a table made from the views. Two threads both.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from rhml.core.domain import DecisionDomain
from rhml.loop import privacy, wrote
from rhml.loop.agreement import agreement
from rhml.loop.explored import explore
from rhml.loop.limits import limits
from rhml.store import durations, explorer
from rhml.store.engine import Store, quoted
from rhml.store.explorer import Filters
from rhml.store.opening import utc_now
from rhml.store.questions import question
from rhml.store.questions.starters import starters
from rhml.store.reading import making, shelf, source
from tests.benchmarks.log_of_many import build

THREADS = 2
AGAIN = 3


def spent() -> float:
    """Processor seconds of this process and of the boxes that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def timed(name: str, ask: Callable[[], Any], *, again: int = AGAIN) -> tuple[float, float]:
    """Ask a few times and print the quickest; its seconds by the clock, and of the processor."""
    best, cost = float("inf"), float("inf")
    for _ in range(again):
        wall, processor = time.perf_counter(), spent()
        ask()
        best, cost = min(best, time.perf_counter() - wall), min(cost, spent() - processor)
    print(f"{name:58s} {best:7.2f} s   processor {cost:7.2f} s", flush=True)
    return best, cost


def starters_beside_bare(store: Store, domain: DecisionDomain, bare: duckdb.DuckDBPyConnection) -> None:
    """Each starter through the box, and by bare DuckDB over its own table.

    The processor seconds of starting a box are left out of the second ratio: they are spent before anybody asks.
    """
    veil = privacy.veil(store, domain, reader="", role="analyst")
    question.keep_ready(1)

    def ask(sql: str) -> None:
        time.sleep(1.5)  # a reader reads; meanwhile the next box starts
        begun = time.perf_counter()
        question.answer(store, domain, sql, veil=veil)
        took.append(time.perf_counter() - begun)

    took: list[float] = []
    _, start = timed("SELECT 1", lambda: ask("SELECT 1"))
    print(f"    answered in {min(took):.3f} s")
    for starter in starters(domain):
        took.clear()
        _, cost = timed(starter.title, lambda sql=starter.sql: ask(sql))
        alone, alone_cost = timed("    bare", lambda sql=starter.sql: bare.sql(sql).to_arrow_table())
        print(
            f"    answered in {min(took):.3f} s, ratio {min(took) / alone:.2f}; "
            f"of processor seconds {(cost - start) / max(alone_cost, 0.001):.2f}"
        )


def pages(store: Store, domain: DecisionDomain) -> None:
    """What the Overrides page reads for a view, under filters and without."""
    veil = privacy.veil(store, domain, reader="", role="analyst")
    [segment, *_] = domain.segment_columns
    some = Filters((("mode", ("assisted",)), ("reason", (domain.override.reasons[0],))), seen_by=veil)
    every = Filters(seen_by=veil)
    timed("veil", lambda: privacy.veil(store, domain, reader="", role="analyst"))
    timed("months", lambda: explorer.months(store, domain))
    timed("names of all dimensions", lambda: explorer.names(store, domain, veil))
    timed("names of the segments", lambda: explorer.segment_names(store, domain))
    for by in ((), (segment,), ("manager",), ("reason",), ("period",), ("seconds",), (segment, "reason"),
               ("manager", "period")):  # fmt: skip
        timed(f"explore {' x '.join(by) or 'all'}", lambda by=by: explore(store, domain, every, by))
    timed("explore segment, filtered", lambda: explore(store, domain, some, (segment,)))
    timed("page of overrides", lambda: explorer.listed(store, domain, every, 1))
    timed("page of overrides, filtered", lambda: explorer.listed(store, domain, some, 2))
    timed("page of overrides, searched", lambda: explorer.listed(
        store, domain, Filters(words="contract family", seen_by=veil), 1))  # fmt: skip
    timed("time per decision", lambda: durations.times(store, domain, every, ("mode",)))
    timed("limits", lambda: limits(store, domain, every, told=(segment,)))  # as the page asks, one at a time
    timed("agreement", lambda: agreement(store, domain, every))
    words = wrote.book(store, domain, every)
    timed("words of rationales", lambda: wrote.book(store, domain, every))
    timed(
        "search by meaning",
        lambda: wrote.search(store, domain, replace(every, words="family contract"), words),
    )
    timed("recurring terms", lambda: wrote.recurring(store, domain, every, words))


def bare_copy(store: Store, domain: DecisionDomain, at: Path) -> duckdb.DuckDBPyConnection:
    """A database of its own with what the analysts' views show as plain tables."""
    at.unlink(missing_ok=True)
    store.read(f"ATTACH '{at}' AS bare")
    for view in question.VIEWS:
        rows = (
            "bare.decided v WHERE final_action <> recommended_action"
            if view == "overrides"
            else (f"{source.relation(store, domain, view)} v")
        )  # as the analysts' own view has it
        kind = "VIEW" if view == "overrides" else "TABLE"
        store.read(f"CREATE {kind} bare.{view} AS SELECT * FROM {rows}")
    store.read("DETACH bare")
    return duckdb.connect(str(at), config={"threads": str(THREADS)})


def main() -> None:
    """Build, copy, ask."""
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        at = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "log.duckdb"
        store, domain = build(at, decisions)
        store.read(f"SET threads = {THREADS}")
        print(f"{decisions:,} decisions, {at.stat().st_size / 2**20:,.0f} MB; threads: {THREADS}")
        timed(
            "the first copy",
            lambda: (shelf.drop(store, domain), making.make(store, domain, at=utc_now())),
            again=1,
        )
        copy = shelf.newest(store, domain)
        assert copy is not None
        print(f"    {copy.path.stat().st_size / 2**20:,.0f} MB")
        _after_a_day(store, domain, decisions)
        timed("brought up to date", lambda: making.make(store, domain, at=utc_now()), again=1)
        print(f"    {source.standing(store, domain)}")
        pages(store, domain)
        bare = bare_copy(store, domain, Path(folder) / "bare.duckdb")
        starters_beside_bare(store, domain, bare)
        store.close()


def _after_a_day(store: Store, domain: DecisionDomain, decisions: int) -> None:
    """A thousandth more: corrected outcomes, and decisions by somebody new."""
    d, n = quoted(domain.name), store.read(f"SELECT n FROM {quoted(domain.name)}.counter")[0][0]
    for statement in (
        f"INSERT INTO {d}.outcomes SELECT * REPLACE ({n} + row_number() OVER () AS seq, uuid()::TEXT AS outcome_id) "
        f"FROM {d}.outcomes WHERE seq % 2000 = 3",
        f"INSERT INTO {d}.decisions SELECT * REPLACE ({n} + {decisions} + row_number() OVER () AS seq, "
        f"uuid()::TEXT AS decision_id, 'somebody new' AS manager) FROM {d}.decisions WHERE seq % 2000 = 5",
        f"UPDATE {d}.counter SET n = n + 2 * {decisions}",
    ):
        store.write(lambda tx, statement=statement: tx.run(statement))


if __name__ == "__main__":
    main()
