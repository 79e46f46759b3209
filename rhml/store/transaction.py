"""One unit of work on the log: what it appends is numbered from a counter row, and sealed in the same commit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from rhml.store.chain import rows as chain_rows
from rhml.store.chain.entries import as_rows
from rhml.store.chain.sealing import Memory, Sealing
from rhml.store.names import quoted


class Transaction:
    """One unit of work on one cursor; numbers its facts from a counter row, and seals them as it ends."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, memory: Memory | None = None):
        self._cursor = cursor
        self.seals = Sealing(self.run, memory or Memory())

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple]:
        """Run one statement and return its rows."""
        return self._cursor.execute(sql, list(parameters)).fetchall()

    def frame(self, sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """Run one query and return a frame."""
        return self._cursor.execute(sql, list(parameters)).df()

    def arrow(self, sql: str) -> pa.Table:
        """Run one query and return an Arrow table."""
        return self._cursor.sql(sql).to_arrow_table()

    def numbers(self, schema: str, count: int = 1) -> range:
        """Reserve `count` fact numbers in a schema; they become visible with the commit, in order."""
        [(last,)] = self.run(f"UPDATE {quoted(schema)}.counter SET n = n + $1 RETURNING n", [count])
        self.seals.numbered(schema, last)
        return range(last - count + 1, last + 1)

    def append(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert a few rows; facts (what has a number) are sealed as this unit of work ends."""
        if "seq" not in columns:
            marks = ", ".join(f"${i}" for i in range(1, len(columns) + 1))
            names = ", ".join(quoted(c) for c in columns)
            for row in rows:
                self.run(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)
            return
        shape = self.seals.shape(table)
        for row in rows:
            # Columns left empty are not named: each name costs the database as much as its value.
            said = {name: value for name, value in zip(columns, row, strict=True) if value is not None}
            told = chain_rows.text({name: kind for name, kind in shape.items() if name in said})
            marks = ", ".join(f"${i}" for i in range(1, len(said) + 1))
            names = ", ".join(quoted(c) for c in said)
            found = self.run(
                f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING seq, {told}", list(said.values())
            )
            self.seals.wrote(table, found)

    def append_frame(self, table: str, frame: pd.DataFrame) -> None:
        """Insert many rows by column name, as one statement."""
        if frame.empty:
            return
        names = ", ".join(quoted(c) for c in frame.columns)
        with self.lent(frame, "incoming"):
            self.run(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")
        if "seq" in frame.columns:
            self.note_facts(table, f"seq BETWEEN {int(frame['seq'].min())} AND {int(frame['seq'].max())}")

    def take_over(self, table: str, rows: pa.Table) -> None:
        """Insert rows that another log has numbered and sealed already, in place of whatever the table holds."""
        self.run(f"DELETE FROM {table}")
        self._cursor.register("taken_over", rows)
        try:
            self.run(f"INSERT INTO {table} BY NAME SELECT * FROM taken_over")
        finally:
            self._cursor.unregister("taken_over")

    def note_facts(self, table: str, where: str) -> None:
        """Note facts that lie in a table already, so that they are sealed with this unit of work."""
        found = self.arrow(
            f"SELECT seq, {chain_rows.digest_sql(self.seals.shape(table))} AS digest FROM {table} WHERE {where}"
        ).combine_chunks()
        if len(found):
            digests = b"".join(chunk for chunk in found["digest"].to_pylist())
            self.seals.wrote_many(table, found["seq"].to_numpy(), as_rows(digests))

    @contextmanager
    def lent(self, frame: pd.DataFrame, name: str) -> Iterator[None]:
        """Let SQL of this transaction read a frame under a name."""
        self._cursor.register(name, pa.Table.from_pandas(frame, preserve_index=False))
        try:
            yield
        finally:
            self._cursor.unregister(name)
