"""The locked box: a process of its own that holds permitted views and answers one SELECT.

DuckDB's own limits do not hold inside one function call: `levenshtein` over long texts runs for hours and
`repeat` allocates beyond the memory limit. A process can be ended by the operating system; a thread cannot.

It reads a line of JSON and one Arrow stream a table from standard input, and writes a line of JSON and one
Arrow stream. A copy of the log that the line names is opened for reading alone, and its tables stand behind views; then
the process may open no more files, and write none. It is started by `rhml.store.questions.boxes`, or cast in a `mould`
that has opened the copy already, and imports nothing of the product.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import duckdb
import pyarrow as pa

try:
    import resource
except ImportError:  # Windows has no such limits; DuckDB's own and the caller's clock remain
    resource = None

KEPT = {
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
    "FLOAT", "DOUBLE", "DATE",
}  # fmt: skip
"""Types that leave the box as they are; everything else becomes a number, a time or a short text."""

THREADS = 2
COPY = "the_copy"
"""The catalog's name in the box: the file's own tells how far the log has come."""

DONE = b"\ndone"
"""What stands after an answer that is whole."""

COLUMNS = 200
CELL = 2_000
"""Characters of a text cell that leave the box."""

BYTES = 64 * 2**20
"""Size of an answer, after which no more rows leave the box."""

ROOM = 256 * 2**20
"""Address space above the memory limit: thread stacks and the answer itself."""


def main() -> None:
    """Answer the one question on standard input."""
    serve(warmed(), sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # nothing is left to tidy up, and a reader waits


def serve(
    box: duckdb.DuckDBPyConnection, source: BinaryIO, target: BinaryIO, *, held: str | None = None
) -> None:
    """Answer one question, after which the process has to end; `held` is the path of a copy that is open already."""
    if line := source.readline():  # none: the app has ended
        _answer_to(json.loads(line), box, source, target, held)
        target.write(DONE)
    target.flush()


def _answer_to(
    asked: dict[str, Any],
    box: duckdb.DuckDBPyConnection,
    source: BinaryIO,
    target: BinaryIO,
    held: str | None,
) -> None:
    try:
        fill(box, asked, source, held)
    except duckdb.IOException:
        target.write(json.dumps({"refused": "gone"}).encode() + b"\n")
        return
    _limit_process(asked)
    try:
        batches, cut = answer(box, asked["sql"], asked["rows"])
    except (duckdb.Error, MemoryError) as error:
        words = str(error).replace(asked["copy"] or "\0", "the log")
        target.write(json.dumps({"refused": type(error).__name__, "words": words}).encode() + b"\n")
        return
    target.write(json.dumps({"cut": cut}).encode() + b"\n")
    with pa.ipc.new_stream(target, batches.schema) as stream:
        stream.write_table(batches)


def warmed() -> duckdb.DuckDBPyConnection:
    """An empty database in memory that has answered once: what answering loads is loaded, for later no file can be."""
    box = duckdb.connect(
        ":memory:",
        config={
            "threads": str(THREADS),
            "python_enable_replacements": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "temp_directory": "",
        },
    )
    box.execute("SET TimeZone = 'UTC'")
    batches, _ = answer(box, "SELECT now() AS t, 1.5::DECIMAL AS d, 'x' AS s, [1] AS l", 1)
    with pa.ipc.new_stream(io.BytesIO(), batches.schema) as stream:
        stream.write_table(batches)
    return box


def attach(box: duckdb.DuckDBPyConnection, copy: str) -> None:
    """Open a copy of the log for reading."""
    path = copy.replace("'", "''")
    box.execute(f"ATTACH '{path}' AS {COPY} (READ_ONLY)")


def fill(
    box: duckdb.DuckDBPyConnection, asked: dict[str, Any], source: BinaryIO, held: str | None = None
) -> None:
    """Copy the tables in and make the views; then shut everything that could lead out."""
    box.execute(f"SET memory_limit = '{int(asked['megabytes'])}MB'")
    for table in asked["tables"]:
        box.register("incoming", pa.ipc.open_stream(source).read_all())
        box.execute(f"CREATE TABLE {table} AS SELECT * FROM incoming")
        box.unregister("incoming")
    if asked["copy"] not in (None, held):
        attach(box, asked["copy"])
    for view, rows in asked["views"].items():
        box.execute(f"CREATE VIEW {view} AS {rows}")
    box.execute(f"SET max_execution_time = {int(asked['seconds'] * 1000)}")
    box.execute("SET enable_external_access = false")
    box.execute("SET lock_configuration = true")


def _limit_process(asked: dict[str, Any]) -> None:
    """Let the operating system end what DuckDB cannot interrupt, and what takes too much memory."""
    if resource is None:
        return
    signal.setitimer(signal.ITIMER_REAL, asked["seconds"] + 0.5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    held = Path("/proc/self/statm")
    if held.exists():
        now = int(held.read_text().split()[0]) * resource.getpagesize()
        ceiling = now + asked["megabytes"] * 2**20 + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        resource.setrlimit(limit, (0, 0))  # nothing is written to a file from here on, and none is opened


def answer(box: duckdb.DuckDBPyConnection, sql: str, rows: int) -> tuple[pa.Table, bool]:
    """The first rows of a SELECT in plain types, and whether there were more."""
    asked = box.sql(sql)
    names, kinds = asked.columns, [str(kind) for kind in asked.types]
    if len(names) > COLUMNS:
        raise duckdb.InvalidInputException(f"{len(names)} columns are more than the {COLUMNS} shown.")
    inner = [f"c{i}" for i in range(len(names))]
    outer = ", ".join(f"{_plain(name, kind)} AS {name}" for name, kind in zip(inner, kinds, strict=True))
    wrapped = f"SELECT {outer} FROM ({sql}\n) AS asked({', '.join(inner)}) LIMIT {rows + 1}"
    reader = box.sql(wrapped).to_arrow_reader(1_000)
    kept, cut = _within(reader, rows)
    return pa.Table.from_batches(kept, reader.schema).rename_columns(_distinct(names)), cut


def _within(reader: pa.RecordBatchReader, rows: int) -> tuple[list[pa.RecordBatch], bool]:
    """Batches up to the limits of rows and bytes."""
    kept, count, size = [], 0, 0
    for batch in _batches(reader):
        batch = batch.slice(0, min(len(batch), rows + 1 - count))
        size += batch.nbytes
        if size > BYTES and kept:
            return kept, True
        kept.append(batch.slice(0, rows - count))
        count += len(batch)
        if count > rows:
            return kept, True
    return kept, False


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except pa.ArrowException as error:
        # Errors of a running query reach Arrow as text only.
        words = str(error)
        kinds = {
            "Out of Memory": duckdb.OutOfMemoryException,
            "INTERRUPT": duckdb.InterruptException,
            "maximum execution time": duckdb.InterruptException,
        }
        raise next((k for said, k in kinds.items() if said in words), duckdb.Error)(words) from error


def _plain(name: str, kind: str) -> str:
    """SQL that turns a column of any type into one a table can show."""
    if kind in KEPT:
        return name
    if kind.endswith("]"):
        return f"left(CAST({name} AS VARCHAR), {CELL})"
    if kind.startswith("TIMESTAMP"):
        return f"CASE WHEN isfinite({name}) THEN CAST({name} AS TIMESTAMP) END"
    if kind.startswith("DECIMAL") or kind in ("HUGEINT", "UHUGEINT", "BIGNUM"):
        return f"CAST({name} AS DOUBLE)"
    return f"left(CAST({name} AS VARCHAR), {CELL})"


def _distinct(names: list[str]) -> list[str]:
    """Column headings, numbered where a question gives two columns one name."""
    seen: dict[str, int] = {}
    headings = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        headings.append(name[:80] if seen[name] == 1 else f"{name[:80]} ({seen[name]})")
    return headings


if __name__ == "__main__":
    main()
