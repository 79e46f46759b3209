"""An analyst's SELECT in a locked box: a process of its own that holds nothing but what the asker may see.

Checking the statement alone would not do, and neither would DuckDB's own limits; so the text is read first
(`statement`), the box has no files, extensions or settings to reach (`locked_box`), and the operating system
ends what runs too long or grows too large. A small log's views are copied into the box; of a large one it opens a
copy that lies ready (`reading`), in which nobody's name stands.
"""

from __future__ import annotations

import io
import json
import re

import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store
from rhml.store.questions import boxes
from rhml.store.questions.asking import Answer, Asking, Handed, Limits
from rhml.store.questions.casting import Opened
from rhml.store.questions.locked_box import COPY
from rhml.store.questions.parser import PARSER
from rhml.store.questions.starters import starters
from rhml.store.questions.statement import Statement, read_statement
from rhml.store.reading import shelf, source
from rhml.store.reading.columns import of_pending, of_view
from rhml.store.reading.shelf import Copy
from rhml.store.veil import Veil, veiled

__all__ = ["Answer", "Asking"]  # for whoever asks

VIEWS = ("decided", "overrides", "pending", "resolved", "versions")
ROWS = 10_000
SECONDS = 5.0
MEGABYTES = 512


def keep_ready(store: Store, domain: DecisionDomain) -> None:
    """Prepare for questions that may come: what reads their text, and a box that has the copy open."""
    PARSER.keep_ready()
    copy = shelf.newest(store, domain)
    boxes.keep_ready(_opened(store, domain, copy) if copy is not None else None)


def _opened(store: Store, domain: DecisionDomain, copy: Copy) -> Opened:
    """The copy for a box, with the columns that the starter questions name, to be read ahead."""
    return store.remembered(
        ("opened", domain.name, copy.path), lambda: Opened(str(copy.path), _ahead(domain), MEGABYTES)
    )


def _ahead(domain: DecisionDomain) -> tuple[tuple[str, str], ...]:
    """The columns of a copy that starter questions name."""

    def named(columns: tuple[str, ...], *, pending: bool) -> list[str]:
        texts = (one.sql for one in starters(domain) if ("FROM pending" in one.sql) == pending)
        words = set(re.findall(r"[a-z0-9_]+", " ".join(texts)))
        return [column for column in columns if column in words]

    return (
        *(("decided", column) for column in ("_over", *named(of_view(domain), pending=False))),
        *(("pending", column) for column in named(of_pending(domain), pending=True)),
    )


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
            view: source.of_copy(domain, copy, view, _shown(copy, veil), within=COPY, words=statement.words)
            for view in opened
        },
        "copy": str(copy.path) if opened else None,
        "rows": limits.rows,
        "seconds": limits.seconds,
        "megabytes": limits.megabytes,
    }
    snapshots = [_snapshot(store, domain, view, statement, only, veil) for view in copied]
    return Handed(
        json.dumps(asked).encode() + b"\n" + b"".join(snapshots),
        copy.stamp.as_of if copy else None,
        _opened(store, domain, copy) if opened else Opened(),
    )


def _shown(copy: Copy, veil: Veil | None) -> tuple[str, ...] | None:
    """What stands for each of a copy's people; None for their own names."""
    return None if veil is None else tuple(veil.of(person) for person in copy.people)


_OWN = {
    "decided": "manager = $1 AND NOT bank",
    "overrides": "manager = $1 AND NOT bank",
    "resolved": "case_id IN (SELECT case_id FROM {decided} WHERE manager = $1 AND NOT bank)",
}
"""Rows of a view that one manager may see."""


def _columns(store: Store, domain: DecisionDomain, view: str) -> tuple[str, ...]:
    """A view's columns; they stay as long as the domain's file does."""

    def read() -> tuple[str, ...]:
        held = dictionary(store, domain)
        return tuple(held.loc[held["view"] == view, "column"])

    return store.remembered(("columns", domain.name, domain.text, view), read)


def _snapshot(
    store: Store,
    domain: DecisionDomain,
    view: str,
    statement: Statement,
    only: str | None,
    veil: Veil | None,
) -> bytes:
    """A view's rows as an Arrow stream; only the columns that the text can mean."""
    columns = source.meant(_columns(store, domain, view), statement.words)
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
