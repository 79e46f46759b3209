"""The log as it stands at one moment, read in pieces: facts that arrive meanwhile are not in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from rhml.store.engine import Store

Question = tuple[str, Sequence[Any]]
ROWS = 50_000
"""Rows of one piece: some tens of megabytes at most."""


class Snapshot:
    """Reads within one transaction, so that everything taken along is of the same moment."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection):
        self._cursor = cursor

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple]:
        """The rows of one query."""
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def to_parquet(self, questions: Iterable[Question], path: Path, about: dict[str, str]) -> int:
        """Write the rows of one question after another as they come, with what the file says of itself; returns how
        many. All have the same columns."""
        writer, rows = None, 0
        for sql, parameters in questions:
            reader = self._cursor.sql(sql, params=list(parameters)).to_arrow_reader(ROWS)
            if writer is None:
                said = {b"about": json.dumps(about).encode()}
                writer = pq.ParquetWriter(path, reader.schema.with_metadata(said), compression="zstd")
            for batch in reader:
                writer.write_batch(batch)
                rows += len(batch)
        if writer is not None:
            writer.close()
        return rows

    def to_lines(self, parquet: Path, path: Path) -> None:
        """Write a Parquet file of this machine again as JSON Lines, some rows at a time."""
        source = str(parquet).replace("'", "''")
        # COPY … (FORMAT json) keeps the order of rows by holding gigabytes of them.
        sql = f"SELECT CAST(to_json(told) AS TEXT) AS line FROM read_parquet('{source}') told"
        with path.open("w", encoding="utf-8") as lines:
            for batch in self._cursor.sql(sql).to_arrow_reader(ROWS // 10):
                lines.writelines(f"{line}\n" for line in batch.column(0).to_pylist())


@contextmanager
def snapshot(store: Store) -> Iterator[Snapshot]:
    """Stand still while something is taken along; writing goes on meanwhile."""
    with store._cursor() as cursor:
        cursor.execute("BEGIN TRANSACTION")
        yield Snapshot(cursor)
