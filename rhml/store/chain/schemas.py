"""Which chains a log has: the organization's own, and one for each domain."""

from __future__ import annotations

from rhml.store.names import quoted
from rhml.store.transaction import Transaction


def expected(tx: Transaction, first: str) -> list[str]:
    """The schemas that should hold facts: those that do, and those of every domain that was ever declared."""
    named = {"rhml.domain_files.domain"} & set(_columns(tx))
    domains = tx.run("SELECT domain FROM rhml.domain_files GROUP BY domain ORDER BY domain") if named else []
    return list(dict.fromkeys([first, *chains(tx, first), *(name for (name,) in domains)]))


def chains(tx: Transaction, first: str) -> list[str]:
    """The schemas that hold facts, the organization's own first."""
    found = tx.run(
        "SELECT DISTINCT schema_name FROM system.main.duckdb_tables() WHERE database_name = system.main.current_database() "
        "AND table_name = 'counter' ORDER BY schema_name <> $1, schema_name",
        [first],
    )
    return [name for (name,) in found]


def sizes(tx: Transaction, schemas: list[str]) -> list[tuple[str, int]]:
    """Each chain with the number of its newest fact; 0 where its counter is gone."""
    there = set(_columns(tx))
    return [
        (
            schema,
            tx.run(f"SELECT coalesce(max(n), 0) FROM {quoted(schema)}.counter")[0][0]
            if f"{schema}.counter.n" in there
            else 0,
        )
        for schema in schemas
    ]


def _columns(tx: Transaction) -> list[str]:
    """The columns that tell of chains, as far as they are there."""
    found = tx.run(
        "SELECT schema_name, table_name, column_name FROM system.main.duckdb_columns() WHERE database_name = system.main.current_database() "
        "AND table_name IN ('counter', 'domain_files')"
    )
    return [".".join(row) for row in found]
