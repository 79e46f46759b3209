"""What a schema of the log is made of, as DuckDB's own catalog tells it, in words that can be held against each other.

Nothing here calls a function by its bare name: a macro in the log may have taken that name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Run = Callable[..., list[tuple]]
Part = tuple[str, str, str]
"""What kind of thing it is, its name, and which part of it: a column of a table, the words that explain a view."""

_COLUMNS = """SELECT t.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default, c.is_generated, t.comment,
  c.comment FROM system.main.duckdb_columns() c JOIN system.main.duckdb_tables() t ON t.table_oid = c.table_oid
  AND t.database_name = c.database_name WHERE c.database_name = $1 AND c.schema_name = $2"""
_CONSTRAINTS = """SELECT table_name, constraint_text FROM system.main.duckdb_constraints()
  WHERE database_name = $1 AND schema_name = $2 AND constraint_type <> 'NOT NULL'"""
_ONCE = """SELECT table_name, sql FROM system.main.duckdb_indexes()
  WHERE database_name = $1 AND schema_name = $2 AND is_unique AND NOT is_primary"""
_VIEWS = """SELECT view_name, sql, comment FROM system.main.duckdb_views()
  WHERE database_name = $1 AND schema_name = $2 AND NOT internal"""
_EXPLAINED = """SELECT v.view_name, c.column_name, c.comment FROM system.main.duckdb_columns() c
  JOIN system.main.duckdb_views() v ON v.view_oid = c.table_oid AND v.database_name = c.database_name
  WHERE c.database_name = $1 AND c.schema_name = $2 AND c.comment IS NOT NULL"""
_MAKERS = (
    ("macro", "SELECT schema_name, function_name FROM system.main.duckdb_functions() WHERE database_name = $1 AND NOT internal"),
    ("type", "SELECT schema_name, type_name FROM system.main.duckdb_types() WHERE database_name = $1 AND NOT internal"),
    ("trigger", "SELECT schema_name, trigger_name FROM system.main.duckdb_triggers() WHERE database_name = $1"),
)  # fmt: skip
_HELD = """SELECT schema_name, 'table', table_name FROM system.main.duckdb_tables() WHERE database_name = $1 UNION ALL
  SELECT schema_name, 'view', view_name FROM system.main.duckdb_views() WHERE database_name = $1 AND NOT internal"""


def parts(run: Run, catalog: str, schema: str) -> dict[Part, str]:
    """Every part of a schema's tables and views with its definition."""
    at = [catalog, schema]
    found: dict[Part, str] = {}
    for table, column, kind, empty, default, generated, said, explained in run(_COLUMNS, at):
        found["table", table, ""] = said or ""
        found["column", table, column] = _column(kind, empty, default, generated)
        if explained:
            found["meaning", table, column] = explained
    for table, text in run(_CONSTRAINTS, at):
        found["rule", table, text] = text
    for table, sql in run(_ONCE, at):
        found["rule", table, sql] = sql
    for name, sql, said in run(_VIEWS, at):
        found["view", name, ""] = sql
        if said:
            found["meaning", name, ""] = said
    for name, column, said in run(_EXPLAINED, at):
        found["meaning", name, column] = said
    return found


def _column(kind: str, empty: bool, default: Any, generated: bool) -> str:
    rest = f" {'always' if generated else 'by default'} {default}" if default is not None else ""
    return f"{kind}{'' if empty else ' NOT NULL'}{rest}"


def makers(run: Run, catalog: str) -> list[tuple[str, str, str]]:
    """What can give other things another meaning, in any schema: kind, schema and name. This product makes none."""
    return sorted((kind, *row) for kind, sql in _MAKERS for row in run(sql, [catalog]))


def holds(run: Run, catalog: str) -> list[tuple[str, str, str]]:
    """Every table and view of the log: schema, kind and name."""
    return sorted(run(_HELD, [catalog]))
