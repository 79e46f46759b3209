"""Makes a copy for reading, whole or from the one before: every row comes from the log's own views.

Everything is read at one moment of the log while people go on deciding; the file gets its name when it is complete.
"""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from rhml.core.domain import DecisionDomain
from rhml.errors import LogUnreadable
from rhml.store.dimensions import dimensions, named
from rhml.store.engine import CATALOG, Store, quoted
from rhml.store.reading import shelf, touched
from rhml.store.reading.columns import extras, listed, of_pending, of_resolved, of_view
from rhml.store.reading.edges import Edges, measured
from rhml.store.reading.ids import own_id, shown_id
from rhml.store.reading.names import counting
from rhml.store.reading.shelf import Copy, text

Progress = Callable[[float, str], None]
BEGUN = '"reading begun"'
"""The name under which the file being written is attached."""


def make(
    store: Store, domain: DecisionDomain, *, at: datetime, progress: Progress | None = None
) -> Copy | None:
    """Copy the log as it stands at this moment, and read from the copy from then on.

    From the copy before, where there is one: then only cases of which something was recorded since are read again.
    None where something was erased meanwhile, so that the copy may not be read.
    """
    with shelf.shelf(store).making:
        since, before = shelf.drops(store, domain), shelf.newest(store, domain)
        [(counter,)] = store.read(f"SELECT n FROM {quoted(domain.name)}.counter")
        part, path = shelf.place(store, domain, counter)
        began = time.monotonic()
        try:
            if before is not None:
                shutil.copyfile(before.path, part)
            with _attached(store, part) as cursor:
                _Making(store, domain, cursor, before, progress or silent).write(at, began)
            part.replace(path)
        except FileNotFoundError:
            return None  # dropped meanwhile, with everything that was begun
        except (OSError, duckdb.OperationalError) as error:  # no space, no rights, no memory
            part.unlink(missing_ok=True)
            raise LogUnreadable(
                f"The copy of the log for questions cannot be written ({str(error).splitlines()[0]}). Look at free "
                f"memory, and at free space and rights of {part.parent}; until then questions are read from the log itself."
            ) from error
        return shelf.take(store, domain, path, since=since)


def silent(share: float, words: str) -> None:
    """Tells nobody."""


@contextmanager
def _attached(store: Store, part: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The file being written, in one transaction with what is read of the log."""
    with store.beside() as cursor:
        cursor.execute(f"ATTACH {text(part)} AS {BEGUN}")
        try:
            cursor.execute("BEGIN TRANSACTION")
            yield cursor
            cursor.execute("COMMIT")
            touched.forgotten(cursor, within=BEGUN)
            cursor.execute(f"CHECKPOINT {BEGUN}")
        except BaseException:
            with suppress(duckdb.Error):  # the error that ended the making is the one to tell
                cursor.execute("ROLLBACK")
            raise
        finally:
            with suppress(duckdb.Error):
                cursor.execute(f"USE {CATALOG}")
                cursor.execute(f"DETACH {BEGUN}")


class _Making:
    """One copy in the making."""

    def __init__(
        self,
        store: Store,
        domain: DecisionDomain,
        cursor: duckdb.DuckDBPyConnection,
        before: Copy | None,
        progress: Progress,
    ):
        self.store, self.domain, self.cursor = store, domain, cursor
        self.before, self.progress = before, progress
        self.d = quoted(domain.name)

    def run(self, sql: str, parameters: Any = ()) -> list[tuple]:
        """Run one statement of the making."""
        return self.cursor.execute(sql, list(parameters)).fetchall()

    def write(self, at: datetime, began: float) -> None:
        """Everything a copy holds, and the stamp that says of when it is."""
        [(counter,)] = self.run(f"SELECT n FROM {CATALOG}.{self.d}.counter")
        anchor = self.run(
            f"SELECT seq, decision_id FROM {CATALOG}.{self.d}.decisions ORDER BY seq DESC LIMIT 1"
        )
        if self.before is None:
            self._anew(f"{CATALOG}.{self.d}")
        else:
            self._again(self.before)
        self.progress(0.9, "Measuring numbers")
        self._count_known()
        edges = {
            column: measured(self.run, f"{BEGUN}.decided", column)
            for column in self.domain.segment_columns
            if self.domain.feature(column).kind == "number"
        }
        self._count_names(edges)
        content = {
            "made_as": shelf.made_as(self.domain), "counter": counter, "as_of": at.isoformat(),
            "took": time.monotonic() - began, "anchor": anchor[0] if anchor else None, "edges": edges,
        }  # fmt: skip
        self.run(f"CREATE OR REPLACE TABLE {BEGUN}.stamp AS SELECT $1 AS content", [json.dumps(content)])
        self.progress(0.95, "Putting the copy in place")

    def _anew(self, d: str) -> None:
        self._people(d)
        self.progress(0.02, "Copying decisions")
        with self._telling(0.02, 0.8):
            self.run(f"CREATE TABLE {BEGUN}.decided AS {self._decided(d)}")
        self.progress(0.8, "Copying cases")
        self.run(f"CREATE TABLE {BEGUN}.pending AS SELECT {listed(of_pending(self.domain))} FROM {d}.pending")
        self.run(f"CREATE TABLE {BEGUN}.resolved AS {self._resolved(d)}")

    def _again(self, before: Copy) -> None:
        """Only the cases of which something was recorded since."""
        with touched.seen_alone(self.cursor, self.domain, before.stamp.counter, within=BEGUN) as d:
            self._people(d)
            for table in ("decided", "pending", "resolved"):
                self.run(f"DELETE FROM {BEGUN}.{table} WHERE case_id IN (SELECT case_id FROM {d}.touched)")
            self.progress(0.3, "Copying what has come since")
            self.run(f"INSERT INTO {BEGUN}.decided BY NAME {self._decided(d)}")
            self.progress(0.7, "Copying cases")
            self.run(
                f"INSERT INTO {BEGUN}.pending BY NAME SELECT {listed(of_pending(self.domain))} FROM {d}.pending"
            )
            self.run(f"INSERT INTO {BEGUN}.resolved BY NAME {self._resolved(d)}")

    def _people(self, d: str) -> None:
        """Give a number to everyone who has none, in an order that tells nothing of the names."""
        self.run(f"CREATE TABLE IF NOT EXISTS {BEGUN}.people (code INTEGER, mark TEXT, known BIGINT)")
        known = {mark for (mark,) in self.run(f"SELECT mark FROM {BEGUN}.people")}
        names = {name for (name,) in self.run(f"SELECT DISTINCT manager FROM {d}.decisions")}
        marks = {name: shelf.mark(self.store, name) for name in names}
        for mark in sorted(set(marks.values()) - known):
            self.run(f"INSERT INTO {BEGUN}.people SELECT count(*), $1, 0 FROM {BEGUN}.people", [mark])
        codes = dict(self.run(f"SELECT mark, code FROM {BEGUN}.people"))
        self.run("CREATE OR REPLACE TEMP TABLE codes (_name TEXT, _code INTEGER)")
        self.cursor.executemany("INSERT INTO codes VALUES ($1, $2)", [(n, codes[m]) for n, m in marks.items()]
                                or [("", -1)])  # fmt: skip

    def _count_known(self) -> None:
        """On how many cases of each person the outcome is known, as `veil.counts` counts; NULL for who has no decision."""
        known = "right_action IS NOT NULL" if self.domain.outcome else "TRUE"
        self.run(
            f"CREATE OR REPLACE TABLE {BEGUN}.people AS SELECT p.code, p.mark, k.n AS known FROM {BEGUN}.people p "
            f"LEFT JOIN (SELECT _person, count(*) FILTER ({known} AND NOT _several) + count(DISTINCT case_id) "
            f"FILTER ({known} AND _several) AS n FROM {BEGUN}.decided GROUP BY _person) k ON k._person = p.code"
        )

    def _count_names(self, edges: Mapping[str, Edges]) -> None:
        """How often each name of each dimension stands here; a person's is the number."""
        columns = {
            by: "CAST(_person AS TEXT)" if by == "manager" else named(self.domain, by, edges.__getitem__)
            for by in dimensions(self.domain)
        }
        self.run(f"CREATE OR REPLACE TABLE {BEGUN}.names AS {counting(columns, f'{BEGUN}.decided')}")

    def _decided(self, d: str) -> str:
        """The rows of `decided` with what the reading room adds; people as numbers, ids as readers see them."""
        self.run(  # a window over the whole rows would hold all of them at once
            "CREATE OR REPLACE TEMP TABLE repeated AS SELECT case_id AS _case, min(decision_id) AS _least, "
            f"count(*) FILTER (final_action IS NOT NULL) > 1 AS _several_final FROM {d}.live_decisions "
            "GROUP BY case_id HAVING count(*) > 1"
        )
        plain = tuple(c for c in of_view(self.domain) if c not in ("decision_id", "manager"))
        columns = {**extras(self.domain), "_shared": "coalesce(_several_final, FALSE)"}
        added = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        return (
            f"SELECT {shown_id(self.store)} AS decision_id, {own_id()} AS _own_id, _code AS _person, {listed(plain)}, {added}, "
            "_least IS NULL OR _least = decision_id AS _first, _least IS NOT NULL AS _several "
            f"FROM {d}.decided JOIN temp.codes ON _name = manager LEFT JOIN temp.repeated ON _case = case_id"
        )

    def _resolved(self, d: str) -> str:
        """Cases whose outcome is known and that nobody decided: the others stand in `decided`."""
        return (
            f"SELECT {listed(of_resolved(self.domain))} FROM {d}.resolved "
            f"WHERE case_id NOT IN (SELECT case_id FROM {BEGUN}.decided WHERE right_action IS NOT NULL)"
        )

    @contextmanager
    def _telling(self, start: float, end: float) -> Iterator[None]:
        """Tell how far the database has come with one long statement."""
        done = threading.Event()
        for setting in (
            "enable_progress_bar = true",
            "enable_progress_bar_print = false",
            "progress_bar_time = 0",
        ):
            self.run(
                f"SET {setting}"
            )  # of this connection alone; without, the database does not count how far it is

        def watch() -> None:
            while not done.wait(1.0):
                share = max(self.cursor.query_progress(), 0.0) / 100
                self.progress(start + (end - start) * share, "Copying decisions")

        watcher = threading.Thread(target=watch, name="rhml-copying", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()
