"""The log as if it held nothing but the cases of which something was recorded since a moment.

The domain's own views are made over these rows alone, so that there is one definition of what they show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from rhml.core.domain import DecisionDomain
from rhml.store import schema
from rhml.store.engine import CATALOG, quoted

SINCE = "since"


def forgotten(cursor: duckdb.DuckDBPyConnection, *, within: str) -> None:
    """Remove the namespace, which the database refuses within the transaction that made it."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {within}.{SINCE} CASCADE")


@contextmanager
def seen_alone(
    cursor: duckdb.DuckDBPyConnection, domain: DecisionDomain, counter: int, *, within: str
) -> Iterator[str]:
    """A namespace with the domain's views over the cases touched by facts after a number; `touched` names them.

    within: the catalog being written, for a transaction writes one catalog; `forgotten` removes it after the commit.
    """
    own = domain.model_copy(update={"name": SINCE})
    d = f"{within}.{SINCE}"
    tables = _tables(cursor, domain)
    cursor.execute(f"CREATE SCHEMA {d}")
    cursor.execute(f"USE {within}")
    try:
        cursor.execute(f"CREATE TABLE {d}.touched AS {_touched(domain, tables, counter)}")
        for table, columns in tables.items():
            cursor.execute(f"CREATE VIEW {d}.{quoted(table)} AS {_alone(domain, d, table, columns)}")
        for statement in schema.views(own):
            if not statement.startswith("COMMENT"):
                cursor.execute(statement)
        yield d
    finally:
        cursor.execute(f"USE {CATALOG}")


def _tables(cursor: duckdb.DuckDBPyConnection, domain: DecisionDomain) -> dict[str, set[str]]:
    rows = cursor.execute(
        "SELECT c.table_name, list(c.column_name) FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_oid) "
        "WHERE t.database_name = $1 AND c.database_name = $1 AND t.schema_name = $2 AND c.schema_name = $2 "
        "GROUP BY c.table_name",
        [CATALOG, domain.name],
    ).fetchall()
    return {table: set(columns) for table, columns in rows}


def _touched(domain: DecisionDomain, tables: dict[str, set[str]], counter: int) -> str:
    """SQL: every case of which a fact after this number speaks, by itself or through its decision."""
    d, parts = f"{CATALOG}.{quoted(domain.name)}", []
    for table, columns in tables.items():
        rows = f"{d}.{quoted(table)} f"
        if {"seq", "case_id"} <= columns:
            parts.append(f"SELECT f.case_id FROM {rows} WHERE f.seq > {counter}")
        elif {"seq", "decision_id"} <= columns:
            parts.append(
                f"SELECT c.case_id FROM {rows} JOIN {d}.decisions c USING (decision_id) WHERE f.seq > {counter}"
            )
    return f"SELECT DISTINCT case_id FROM ({' UNION ALL '.join(parts)}) t WHERE case_id IS NOT NULL"


def _alone(domain: DecisionDomain, d: str, table: str, columns: set[str]) -> str:
    rows = f"SELECT * FROM {CATALOG}.{quoted(domain.name)}.{quoted(table)}"
    return f"{rows} WHERE case_id IN (SELECT case_id FROM {d}.touched)" if "case_id" in columns else rows
