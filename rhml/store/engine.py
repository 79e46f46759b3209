"""Opens the log and runs SQL on it: short reads, and units of work that commit whole or not at all.

DuckDB refuses a connection shared by threads and a file shared by processes, so every call takes a cursor
of its own and one process holds the log.
"""

from __future__ import annotations

import re
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa

from rhml.errors import LogLocked, LogUnreadable
from rhml.store.chain.sealing import Memory
from rhml.store.names import literal, quoted
from rhml.store.transaction import Transaction

__all__ = ["Store", "Transaction", "connect", "path_of", "quoted"]

T = TypeVar("T")
REMEMBERED = 4_096
"""Facts kept in memory: the cards of some hundred cases."""
CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

ATTEMPTS = 20
BATCH = 50_000
"""Rows of a long answer that are held at once."""
MEMORY = 4
"""GiB that the log's database holds at most: without a limit a copy of ten million decisions took nine."""
SCHEME = "duckdb:///"
CATALOG = "the_log"
"""The file is attached under this name: under its own, a domain named like the file would be ambiguous."""


class Store:
    """The organization's log: `read` and `frame` for questions, `write` for units of work.

    `secret` is the key of every random draw, made once with the log and read when it is opened.
    """

    def __init__(self, root: duckdb.DuckDBPyConnection, url: str):
        self._root = root
        self._writing = threading.RLock()
        self._own = threading.local()
        self._remembering = threading.Lock()
        self._facts: OrderedDict[Hashable, Any] = OrderedDict()
        self._cursors: weakref.WeakSet[duckdb.DuckDBPyConnection] = weakref.WeakSet()
        self._memory = Memory()
        self.url = url
        self.secret = b""

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        cursor = self._root.cursor()
        cursor.execute(f"USE {CATALOG}")
        return cursor

    def _reader(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor for reads: a page makes a dozen, and each new cursor costs as much as a read."""
        if not hasattr(self._own, "cursor"):
            self._own.cursor = self._cursor()
            self._cursors.add(self._own.cursor)
        return self._own.cursor

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple]:
        """The rows of one query."""
        return self._reader().execute(sql, list(parameters)).fetchall()

    def records(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """The rows of one query as dictionaries; for pages of tens of rows."""
        result = self._reader().execute(sql, list(parameters))
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """The result of one query as a frame."""
        return self._reader().execute(sql, list(parameters)).df()

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> pa.Table:
        """The result of one query as an Arrow table, which other instances may hold without copying."""
        return self._reader().sql(sql, params=list(parameters)).to_arrow_table()

    @contextmanager
    def at_one_moment(self) -> Iterator[Transaction]:
        """Several reads of one moment, whatever is written meanwhile."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            try:
                yield Transaction(cursor)
            finally:
                _roll_back(cursor)

    @contextmanager
    def streamed(
        self, sql: str, parameters: Sequence[Any] = ()
    ) -> Iterator[tuple[int, pa.RecordBatchReader]]:
        """How many rows a query has, and the rows in batches, both of one moment; for files of any length."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            try:
                [(rows,)] = cursor.execute(
                    f"SELECT count(*) FROM ({sql}) counted", list(parameters)
                ).fetchall()
                yield rows, cursor.sql(sql, params=list(parameters)).to_arrow_reader(BATCH)
            finally:
                _roll_back(cursor)

    def beside(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own, for long reads and for files beside the log; whoever takes it closes it."""
        return self._cursor()

    def remembered(self, key: Hashable, read: Callable[[], T]) -> T:
        """What was read under this key before, else `read` now; for facts alone, which never change."""
        with self._remembering:
            if key in self._facts:
                self._facts.move_to_end(key)
                return self._facts[key]
        found = read()
        with self._remembering:
            self._facts[key] = found
            while len(self._facts) > REMEMBERED:
                self._facts.popitem(last=False)
        return found

    def forget(self) -> None:
        """Let go of what is remembered: a field of cases was filled in."""
        with self._remembering:
            self._facts.clear()

    def write(self, unit: Callable[[Transaction], T]) -> T:
        """Run a unit of work and commit it; a conflict runs it again from the start."""
        for attempt in range(ATTEMPTS):
            try:
                return self._once(unit)
            except duckdb.TransactionException:
                if attempt == ATTEMPTS - 1:
                    raise
            except (duckdb.IOException, duckdb.FatalException) as error:
                raise LogUnreadable(
                    f"The log {self.url} cannot be written: {str(error).splitlines()[0]} "
                    "Look at free space and rights, then do the same again: what is recorded already counts once."
                ) from error
        raise AssertionError("unreachable")

    def _once(self, unit: Callable[[Transaction], T]) -> T:
        with self._writing, self._cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                result = unit(tx := Transaction(cursor, self._memory))
                tx.seals.seal()
                cursor.execute("COMMIT")
            except BaseException:
                self._memory.shapes.clear()
                _roll_back(cursor)
                raise
            self._memory.heads.update(tx.seals.heads)
            return result

    def backup(self, path: Path) -> None:
        """Copy the whole log into a new DuckDB file while it is in use."""
        with self._writing, self._cursor() as cursor:
            cursor.execute(f"ATTACH {literal(str(path))} AS backup")
            try:
                cursor.execute(f"COPY FROM DATABASE {CATALOG} TO backup")
            finally:
                cursor.execute("DETACH backup")

    def close(self) -> None:
        """Close the log with everything in its one file; another process may then open it."""
        with suppress(duckdb.Error):  # what stays in the side file is read from there next time
            self._root.execute(f"CHECKPOINT {CATALOG}")
        for cursor in list(self._cursors):
            cursor.close()
        self._root.close()


def _roll_back(cursor: duckdb.DuckDBPyConnection) -> None:
    # A failed COMMIT has already ended the transaction; a full disk has shut the log.
    with suppress(duckdb.TransactionException, duckdb.IOException, duckdb.FatalException):
        cursor.execute("ROLLBACK")


def path_of(url: str) -> Path:
    """The file behind a database URL: three slashes relative, four absolute."""
    path = url.removeprefix(SCHEME)
    # DuckDB would take these for memory, for a table or for another service, and keep nothing.
    elsewhere = re.match(r":|[a-z0-9]{2,}:", path) or path.lower().endswith(
        (".csv", ".tsv", ".parquet", ".json")
    )
    if not url.startswith(SCHEME) or not path.strip() or elsewhere:
        raise LogUnreadable(
            f"{url!r} is no address of a log. Write duckdb:///relative/path.duckdb or "
            "duckdb:////absolute/path.duckdb."
        )
    return Path(path)


def connect(url: str) -> Store:
    """Open the log's file, or make it; LogLocked names the process that has it open."""
    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        root = duckdb.connect(config=CLOSED)
        root.execute("SET GLOBAL TimeZone = 'UTC'")
        _keep_small(root, path)
        root.execute(f"ATTACH {literal(str(path))} AS {CATALOG}")
    except OSError as error:
        raise LogUnreadable(f"The folder {path.parent} cannot be made ({error.strerror}).") from error
    except duckdb.Error as error:
        raise _explained(error, url) from error
    return Store(root, url)


def _keep_small(root: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let long statements use disk beside the log rather than most of the machine's memory."""
    root.execute(f"SET GLOBAL temp_directory = {literal(str(path) + '.spilled')}")
    [(held,)] = root.execute("SELECT current_setting('memory_limit')").fetchall()
    amount, unit = held.split()
    if unit == "TiB" or (unit == "GiB" and float(amount) > MEMORY):
        root.execute(f"SET GLOBAL memory_limit = '{MEMORY}GiB'")


def _explained(error: duckdb.Error, url: str) -> LogLocked | LogUnreadable:
    holder = re.search(r"PID (\d+)", str(error))
    if "could not set lock" in str(error).lower():
        who = f"process {holder[1]}" if holder else "another process"
        return LogLocked(
            f"The log is open in {who}, most likely the running app. Do this in the app, end that process, "
            f"or name another log with --db (this one is {url})."
        )
    return LogUnreadable(f"The log {url} cannot be opened: {str(error).splitlines()[0]}")
