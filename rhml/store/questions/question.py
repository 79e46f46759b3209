"""An analyst's SELECT in a locked box: a process of its own that holds nothing but what the asker may see.

Checking the statement alone would not do, and neither would DuckDB's own limits; so the text is read first
(`statement`), the box has no files, extensions or settings to reach (`locked_box`), and the operating system
ends what runs too long or grows too large. A small log's views are copied into the box; of a large one it opens a
copy that lies ready (`reading`), in which nobody's name stands.
"""

from __future__ import annotations

import io
import json

import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store
from rhml.store.questions import boxes
from rhml.store.questions.asking import Answer, Asking, Handed, Limits
from rhml.store.questions.statement import Statement, read_statement
from rhml.store.reading import shelf, source
from rhml.store.reading.shelf import Copy
from rhml.store.veil import Veil, veiled

__all__ = ["Answer", "Asking"]  # for whoever asks

VIEWS = ("decided", "overrides", "pending", "resolved", "versions")
ROWS = 10_000
SECONDS = 5.0
MEGABYTES = 512

keep_ready = boxes.keep_ready


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
    a `veil` the box holds people under its names alone, so that no text can reach others.
    """
    return begin(store, domain, sql, only=only, veil=veil, limit=limit).result()


def begin(
    store: Store,
    domain: DecisionDomain,
    sql: str,
    *,
    only: str | None = None,
    veil: Veil | None = None,
    limit: int = ROWS,
) -> Asking:
    """The same, without waiting: what cannot be asked is refused at once, the rest is on its way."""
    statement = read_statement(sql, VIEWS)
    limits = Limits(limit, SECONDS, MEGABYTES)
    return Asking(lambda: _handed(store, domain, statement, only, veil, limits), limits)


def tells_who(sql: str) -> bool:
    """Whether the text can mean the column that says who decided; QuestionRefused where it is no question."""
    statement = read_statement(sql, VIEWS)
    of_people = {"decided", "overrides"}.intersection(statement.views)
    return bool(of_people) and (statement.words is None or "manager" in statement.words)


def _handed(
    store: Store,
    domain: DecisionDomain,
    statement: Statement,
    only: str | None,
    veil: Veil | None,
    limits: Limits,
) -> Handed:
    """What a box is given for one question: rows of its own, or the way to a copy that it may read."""
    copy = shelf.newest(store, domain)
    opened = [v for v in statement.views if v in source.OF_COPY] if copy is not None and only is None else []
    copied = [view for view in statement.views if view not in opened]
    asked = {
        "sql": statement.text,
        "tables": copied,
        "views": {
            view: source.of_copy(domain, copy, view, _shown(copy, veil), within=COPY) for view in opened
        },
        "copy": str(copy.path) if opened else None,
        "rows": limits.rows,
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    snapshots = [_snapshot(store, domain, view, statement, only, veil) for view in copied]
    return Handed(
        json.dumps(asked).encode() + b"\n" + b"".join(snapshots), copy.stamp.as_of if copy else None
    )


COPY = "the_copy"
"""The catalog's name in the box: the file's own tells how far the log has come."""


def _shown(copy: Copy, veil: Veil | None) -> tuple[str, ...] | None:
    """What stands for each of a copy's people; None for their own names."""
    return None if veil is None else tuple(veil.of(person) for person in copy.people)


_OWN = {
    "decided": "manager = $1 AND NOT bank",
    "overrides": "manager = $1 AND NOT bank",
    "resolved": "case_id IN (SELECT case_id FROM {decided} WHERE manager = $1 AND NOT bank)",
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
    where = ""
    if only is not None and view in _OWN:
        where = " WHERE " + _OWN[view].format(decided=f"{source.relation(store, domain, 'decided')} own")
    rows = f"SELECT {names} FROM {source.relation(store, domain, view)} v{where}"
    table = store.arrow(rows, [only] if where else [])
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()
