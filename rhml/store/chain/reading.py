"""Reads the facts of a chain as the digests that a seal knows them by."""

from __future__ import annotations

import re
from collections.abc import Collection

import numpy as np

from rhml.store.chain import rows
from rhml.store.chain.comparing import Found, Redacted, key, nothing_redacted
from rhml.store.chain.entries import as_rows
from rhml.store.names import literal, quoted
from rhml.store.transaction import Transaction

HEX = re.compile("[0-9a-fA-F]{64}")


class Facts:
    """The fact tables of a schema, each with the place that stands for it in keys."""

    def __init__(self, tx: Transaction, schema: str):
        self.tx = tx
        self.run = tx.run
        self.schema = schema
        self._shapes = rows.shapes(tx.run, schema)
        self.tables = list(self._shapes)
        self._known = list(self.tables)
        self._sources = {table: self._source(table) for table in self.tables}

    def code(self, table: str) -> int:
        """The place of a table; one that a seal names and the log has not gets a place too."""
        if table not in self._known:
            self._known.append(table)
        return self._known.index(table)

    def table(self, code: int) -> str:
        """The table of a place."""
        return self._known[code] if code < len(self._known) else "a table nobody knows"

    def between(self, low: int, high: int) -> Found:
        """Every fact with a number from `low` to `high`."""
        seqs, codes, digests = [], [], []
        for table in self.tables:
            found = self.digests(table, f"seq >= {low} AND seq <= {high}")
            seqs.append(found[0])
            digests.append(found[1])
            codes.append(np.full(len(found[0]), self.code(table), np.int64))
        return Found(np.concatenate(seqs), np.concatenate(codes), np.concatenate(digests))

    def digests(self, table: str, where: str, seq: str = "seq") -> tuple[np.ndarray, np.ndarray]:
        """Numbers and digests of some facts of a table; `seq` is SQL for another number instead of their own."""
        shape, source = self._sources[table]
        instead = {"seq": seq} if seq != "seq" else None
        sql = f"SELECT seq, {rows.digest_sql(shape, instead)} AS digest FROM {source} facts WHERE {where}"
        found = self.tx.arrow(sql).combine_chunks()
        if not len(found):
            return np.empty(0, np.int64), as_rows(b"")
        return found["seq"].to_numpy().astype(np.int64), as_rows(b"".join(found["digest"].to_pylist()))

    def _source(self, table: str) -> tuple[dict[str, str], str]:
        shape = self._shapes[table]
        source = f"{quoted(self.schema)}.{quoted(table)}"
        if table == "cases" and "case_values" in self.tables:
            source = _as_imported(self.tx, self.schema, shape, source)
        return shape, source

    def redacted(self, without: Collection[int] = ()) -> Redacted:
        """What erasures redacted: the digest each fact was sealed with, and its newest.

        `without`: numbers of erased facts that do not count, since nobody sealed them as they are.
        """
        if "erased" not in self.tables:
            return nothing_redacted()
        found = self.tx.run(
            "SELECT fact_seq, fact_table, min_by(sealed, seq), max_by(digest, seq) "
            f"FROM {quoted(self.schema)}.erased WHERE NOT list_contains($1, seq) GROUP BY fact_table, fact_seq",
            [[int(number) for number in without]],
        )
        sound = [row for row in found if HEX.fullmatch(row[2] or "") and HEX.fullmatch(row[3] or "")]
        if not sound:
            return nothing_redacted()
        keys = key(
            np.array([r[0] for r in sound], np.int64), np.array([self.code(r[1]) for r in sound], np.int64)
        )
        order = np.argsort(keys, kind="stable")
        sealed, now = (as_rows(b"".join(bytes.fromhex(row[i]) for row in sound)) for i in (2, 3))
        return Redacted(keys[order], sealed[order], now[order])


def _as_imported(tx: Transaction, schema: str, shape: dict[str, str], source: str) -> str:
    """Cases as they were imported: a field that was filled in later has the value it had before the first."""
    fields = [
        f for (f,) in tx.run(f"SELECT DISTINCT feature FROM {quoted(schema)}.case_values") if f in shape
    ]
    if not fields:
        return source
    first = ", ".join(
        f"count(*) FILTER (WHERE feature = {literal(f)}) > 0 AS has{i}, "
        f"arg_min_null(was, seq) FILTER (WHERE feature = {literal(f)}) AS was{i}"
        for i, f in enumerate(fields)
    )
    replaced = ", ".join(
        f"CASE WHEN v.has{i} THEN TRY_CAST(v.was{i} AS {shape[f]}) ELSE c.{quoted(f)} END AS {quoted(f)}"
        for i, f in enumerate(fields)
    )
    return (
        f"(SELECT c.* REPLACE ({replaced}) FROM {source} c LEFT JOIN (SELECT case_id AS of_case, {first} "
        f"FROM {quoted(schema)}.case_values GROUP BY case_id) v ON v.of_case = c.case_id)"
    )
