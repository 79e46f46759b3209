"""How long analysts' questions take over a large log. python -m tests.benchmarks.analysts [DECISIONS] [LOG]

Builds a log of so many decisions (or opens LOG, if it is there), makes its copy for reading, then asks what the Overrides
page, its pivot and the starter questions ask, through the product's own functions; prints wall and processor seconds.
Then each starter question in turns with the same SQL in bare DuckDB over the same copy, both warm and with two threads:
medians by the clock, of the processor, and their ratio. And what the explorer and its pivot show, in turns with the
statements that they send, run on a cursor alone.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
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
from rhml.store.questions import boxes, question
from rhml.store.questions.locked_box import COPY
from rhml.store.questions.starters import starters
from rhml.store.reading import making, shelf, source
from rhml.store.reading.shelf import Copy
from rhml.store.veil import Veil
from tests.benchmarks.log_of_many import build

THREADS = 2
AGAIN = 3
TURNS = 7
PIVOTS = (
    (),
    ("manager",),
    ("reason",),
    ("period",),
    ("seconds",),
    ("manager", "period"),
    ("reason", "period"),
)


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


def starters_beside_bare(store: Store, domain: DecisionDomain, copy: Copy, *, again: int = TURNS) -> None:
    """Each starter through the box in turns with bare DuckDB over the same copy, as the analysts' views have it.

    Of the processor, what a box takes while it waits is in its cost; what bare DuckDB takes to start is not.
    """
    veil = privacy.veil(store, domain, reader="", role="analyst")
    bare = bare_over(store, domain, copy, veil)
    question.keep_ready(store, domain)
    print(f"{'medians of ' + str(again):58s} {'bare':>15s} {'answered':>15s}   ratio: clock, processor")
    for starter in starters(domain):
        bare.sql(starter.sql).to_arrow_table()
        question.answer(store, domain, starter.sql, veil=veil)
        ways = (
            lambda sql=starter.sql: bare.sql(sql).to_arrow_table(),
            lambda sql=starter.sql: question.answer(store, domain, sql, veil=veil),
        )
        turns = [(_turn(ways[0], lambda: 0.0), _turn(ways[1], _of_boxes)) for _ in range(again)]
        (wall, cost), (own_wall, own_cost) = (
            (median(w for w, _ in own), sum(c for _, c in own) / again) for own in zip(*turns, strict=True)
        )
        print(
            f"{starter.title:58s} {wall * 1000:7.0f} {cost * 1000:4.0f} ms {own_wall * 1000:7.0f} {own_cost * 1000:4.0f} ms"
            f"   {own_wall / wall:6.2f} {own_cost / max(cost, 0.001):6.2f}",
            flush=True,
        )
    boxes.end()


def _turn(ask: Callable[[], Any], elsewhere: Callable[[], float]) -> tuple[float, float]:
    """One question; its seconds by the clock, and of the processor here and `elsewhere`."""
    wall, processor = time.perf_counter(), time.process_time() + elsewhere()
    ask()
    wall = time.perf_counter() - wall
    time.sleep(0.5)  # a reader reads; meanwhile the box gives its memory back, and the next is cast
    return wall, time.process_time() + elsewhere() - processor


def _of_boxes() -> float:
    """Processor seconds of the boxes that have ended, from what the system says of their moulds (Linux)."""
    ticks = 0
    for mould in list(boxes._moulds.values()):
        told = Path(f"/proc/{mould._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(told[13]) + int(told[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def bare_over(store: Store, domain: DecisionDomain, copy: Copy, veil: Veil) -> duckdb.DuckDBPyConnection:
    """Bare DuckDB with the copy open and the analysts' views over it."""
    bare = duckdb.connect(config={"threads": str(THREADS)})
    bare.execute(f"ATTACH '{copy.path}' AS {COPY} (READ_ONLY)")
    people = tuple(veil.of(person) for person in copy.people)
    for view in source.OF_COPY:
        bare.execute(f"CREATE VIEW {view} AS {source.of_copy(domain, copy, view, people, within=COPY)}")
    versions = store.arrow(f"SELECT * FROM {quoted(domain.name)}.versions")
    bare.register("held", versions)
    bare.execute("CREATE TABLE versions AS SELECT * FROM held")
    return bare


class Heard:
    """A cursor that notes the questions it is asked, and the tables lent to it."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, said: list[tuple[str, list[Any]]], lent: dict):
        self._cursor, self._said, self._lent = cursor, said, lent

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> duckdb.DuckDBPyConnection:
        """As DuckDB's own."""
        if sql.startswith(("SELECT", "WITH")):
            self._said.append((sql, list(parameters)))
        return self._cursor.execute(sql, parameters)

    def sql(self, sql: str, params: Sequence[Any]) -> duckdb.DuckDBPyRelation:
        """As DuckDB's own."""
        self._said.append((sql, list(params)))
        return self._cursor.sql(sql, params=params)

    def register(self, name: str, table: Any) -> None:
        """As DuckDB's own."""
        self._lent[name] = table
        self._cursor.register(name, table)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def __enter__(self) -> Heard:
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()


def explorer_beside_bare(store: Store, domain: DecisionDomain, *, again: int = TURNS) -> None:
    """The explorer and its pivots in turns with their own statements, run on a cursor alone."""
    every = Filters(seen_by=privacy.veil(store, domain, reader="", role="analyst"))
    [segment, *_] = domain.segment_columns
    print(f"{'medians of ' + str(again):58s} {'bare':>10s} {'answered':>10s}   ratio")
    for by in (*PIVOTS, (segment,), (segment, "reason"), ("manager", segment)):
        ask = partial(explore, store, domain, every, by, margins=len(by) > 1)
        said: list[tuple[str, list[Any]]] = []
        lent: dict[str, Any] = {}
        ask()
        with _heard(store, said, lent):
            ask()
        bare = store._cursor()
        for name, table in lent.items():
            bare.register(name, table)

        def alone(bare=bare, said=said) -> None:
            for sql, parameters in said:
                bare.sql(sql, params=parameters).to_arrow_table()

        alone()
        turns = [(_clock(alone), _clock(ask)) for _ in range(again)]
        own, answered = (median(found) for found in zip(*turns, strict=True))
        print(
            f"{'explore ' + (' x '.join(by) or 'all'):58s} {own * 1000:7.0f} ms {answered * 1000:7.0f} ms"
            f"   {answered / own:6.2f}",
            flush=True,
        )
        bare.close()


@contextmanager
def _heard(store: Store, said: list[tuple[str, list[Any]]], lent: dict[str, Any]) -> Iterator[None]:
    new, reader = store._cursor, store._reader
    store._cursor = lambda: Heard(new(), said, lent)
    store._reader = lambda: Heard(reader(), said, lent)
    try:
        yield
    finally:
        store._cursor, store._reader = new, reader


def _clock(ask: Callable[[], Any]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


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
        timed(
            f"explore {' x '.join(by) or 'all'}",
            lambda by=by: explore(store, domain, every, by, margins=len(by) > 1),
        )
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
        copy = shelf.newest(store, domain)
        assert copy is not None
        explorer_beside_bare(store, domain)
        starters_beside_bare(store, domain, copy)
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
