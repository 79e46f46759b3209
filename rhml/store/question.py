"""An analyst's SELECT in a locked box: a process of its own that holds nothing but copies of permitted views.

Checking the statement alone would not do, and neither would DuckDB's own limits; so the text is read first
(`statement`), the box has no files, extensions or settings to reach (`locked_box`), and the operating system
ends what runs too long or grows too large.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

import rhml
from rhml.core.domain import DecisionDomain
from rhml.errors import QuestionRefused
from rhml.store.engine import Store, quoted
from rhml.store.statement import Statement, first_line, read_statement
from rhml.store.veil import Veil, veiled

VIEWS = ("decided", "overrides", "pending", "resolved", "versions")
ROWS = 10_000
SECONDS = 5.0
MEGABYTES = 512

PATIENCE = 60.0
"""Seconds for everything: starting the box, handing it the views, and the question's own."""

AT_ONCE = 2
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Answer:
    """The rows of one question; `cut` says that there were more than the limits let out."""

    table: pd.DataFrame
    cut: bool


def dictionary(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The permitted views with their columns, types and meanings, from the database's own comments."""
    return store.frame(
        "SELECT c.table_name AS view, c.column_name AS column, c.data_type AS type, c.comment AS meaning "
        "FROM duckdb_columns() c WHERE c.schema_name = $1 AND c.table_name IN "
        f"({', '.join(repr(v) for v in VIEWS)}) ORDER BY c.table_name, c.column_index",
        [domain.name],
    )


def answer(
    store: Store,
    domain: DecisionDomain,
    sql: str,
    *,
    only: str | None = None,
    veil: Veil | None = None,
    limit: int = ROWS,
) -> Answer:
    """Answer exactly one SELECT over the permitted views; QuestionRefused says what it may not do.

    `only` is a manager to whom nobody else's decisions are shown, and nothing of the bank's outcomes; under
    a `veil` the copies hold people under its names alone, so that no text can reach others.
    """
    statement = read_statement(sql, VIEWS)
    snapshots = [_snapshot(store, domain, view, statement, only, veil) for view in statement.views]
    asked = {
        "sql": statement.text,
        "views": statement.views,
        "rows": limit,
        "seconds": SECONDS,
        "megabytes": MEGABYTES,
    }
    if not _places.acquire(timeout=3 * SECONDS):
        raise QuestionRefused("Others are asking at this moment. Ask again in a few seconds.")
    try:
        return _read(*_ask_box(json.dumps(asked).encode() + b"\n" + b"".join(snapshots)))
    finally:
        _places.release()


def tells_who(sql: str) -> bool:
    """Whether the text can mean the column that says who decided; QuestionRefused where it is no question."""
    statement = read_statement(sql, VIEWS)
    of_people = {"decided", "overrides"}.intersection(statement.views)
    return bool(of_people) and (statement.words is None or "manager" in statement.words)


_OWN = {
    "decided": "manager = $1 AND NOT bank",
    "overrides": "manager = $1 AND NOT bank",
    "resolved": "case_id IN (SELECT case_id FROM {d}.decided WHERE manager = $1 AND NOT bank)",
}
"""Rows of a view that one manager may see."""


def _snapshot(
    store: Store,
    domain: DecisionDomain,
    view: str,
    statement: Statement,
    only: str | None,
    veil: Veil | None,
) -> bytes:
    """A view's rows as an Arrow stream; only the columns that the text can mean."""
    held = dictionary(store, domain)
    columns = list(held.loc[held["view"] == view, "column"])
    if statement.words is not None:
        columns = [c for c in columns if c in statement.words] or columns[:1]
    names = ", ".join(veiled(veil, c) for c in columns)
    d = quoted(domain.name)
    where = f" WHERE {_OWN[view].format(d=d)}" if only is not None and view in _OWN else ""
    table = store.arrow(f"SELECT {names} FROM {d}.{view}{where}", [only] if where else [])
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()


def _ask_box(handed: bytes) -> tuple[int, bytes]:
    """Start a box, hand it the question and the views; its exit code and what it wrote."""
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "LD_LIBRARY_PATH") if k in os.environ}
    here = str(Path(rhml.__file__).parent.parent)
    box = subprocess.Popen(
        [sys.executable, "-P", "-m", "rhml.store.locked_box"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        # Nothing of the app's environment, where keys and addresses may stand.
        env={**kept, "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)])},
    )
    with box:
        try:
            written, _ = box.communicate(handed, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            box.kill()
            box.communicate()
            raise QuestionRefused(_TOO_SLOW) from None
    return box.returncode, written


_TOO_SLOW = f"This took longer than {SECONDS:.0f} seconds. Ask for less at once."
_TOO_LARGE = f"This needs more than {MEGABYTES} MB of memory. Ask for less at once."


def _read(code: int, written: bytes) -> Answer:
    """The box's answer, or its refusal in words."""
    if code == -getattr(signal, "SIGALRM", 0) and code:
        raise QuestionRefused(_TOO_SLOW)
    if code:
        raise QuestionRefused(_TOO_LARGE)
    source = io.BytesIO(written)
    said = json.loads(source.readline())
    if "refused" in said:
        match said["refused"]:
            case "InterruptException":
                raise QuestionRefused(_TOO_SLOW)
            case "OutOfMemoryException" | "MemoryError":
                raise QuestionRefused(_TOO_LARGE)
            case _:
                raise QuestionRefused(f"DuckDB says: {first_line(said['words'])}")
    table = pa.ipc.open_stream(source).read_all()
    return Answer(table.to_pandas(date_as_object=False), said["cut"])
