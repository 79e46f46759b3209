"""The analysts' views as files of their own: one DuckDB file that explains its columns, and a Parquet file a view."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from rhml.core.domain import DecisionDomain
from rhml.errors import LogUnreadable
from rhml.store.engine import CATALOG, Store, quoted
from rhml.store.questions.question import VIEWS, dictionary
from rhml.store.reading.shelf import text
from rhml.store.veil import Veil, veiled
from rhml.store.words import VIEW_COMMENTS

TAKEN = '"taken along"'


@dataclass(frozen=True)
class Written:
    """What was written: of which number of the log, and how many rows a view; `people` are the names in the files."""

    counter: int
    rows: dict[str, int]
    people: tuple[str, ...]


def write(store: Store, domain: DecisionDomain, folder: Path, *, veil: Veil, only: str | None) -> Written:
    """Write the views of one moment into a folder; `only` is a manager to whom no other's decisions are given."""
    try:
        with store.beside() as cursor:
            cursor.execute(f"ATTACH {text(folder / f'{domain.name}.duckdb')} AS {TAKEN}")
            try:
                return _written(store, domain, cursor, folder, veil, only)
            finally:
                cursor.execute(f"USE {CATALOG}")
                cursor.execute(f"DETACH {TAKEN}")
    except duckdb.IOException as error:
        raise LogUnreadable(
            f"The snapshot cannot be written: {str(error).splitlines()[0]} Look at free space and rights."
        ) from error


_OWN = {
    "decided": "manager = $1 AND NOT bank",
    "overrides": "manager = $1 AND NOT bank",
    "resolved": "case_id IN (SELECT case_id FROM {d}.decided WHERE manager = $1 AND NOT bank)",
}


def _written(
    store: Store,
    domain: DecisionDomain,
    cursor: duckdb.DuckDBPyConnection,
    folder: Path,
    veil: Veil,
    only: str | None,
) -> Written:
    d, held, rows = f"{CATALOG}.{quoted(domain.name)}", dictionary(store, domain), {}
    cursor.execute("BEGIN TRANSACTION")  # one moment of the log for all of it
    [(counter,)] = cursor.execute(f"SELECT n FROM {d}.counter").fetchall()
    for view in VIEWS:
        own = held[held["view"] == view]
        columns = ", ".join(veiled(veil, name) for name in own["column"])
        where = f" WHERE {_OWN[view].format(d=d)}" if only is not None and view in _OWN else ""
        table = f"{TAKEN}.{view}"
        cursor.execute(
            f"CREATE TABLE {table} AS SELECT {columns} FROM {d}.{view}{where}", [only] if where else []
        )
        cursor.execute(f"COMMENT ON TABLE {table} IS {text(VIEW_COMMENTS[view])}")
        for name, words in zip(own["column"], own["meaning"], strict=True):
            cursor.execute(f"COMMENT ON COLUMN {table}.{quoted(name)} IS {text(words or '')}")
        [(rows[view],)] = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()
    people = tuple(
        name for (name,) in cursor.execute(f"SELECT DISTINCT manager FROM {TAKEN}.decided").fetchall()
    )
    cursor.execute("COMMIT")
    for view in VIEWS:
        cursor.execute(f"COPY {TAKEN}.{view} TO {text(folder / f'{view}.parquet')} (FORMAT parquet)")
    cursor.execute(f"CHECKPOINT {TAKEN}")
    return Written(counter, rows, people)
