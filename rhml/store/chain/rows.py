"""What a fact says, as one text that is the same whenever it is read: the row as JSON, empty columns left out.

A column that a later version of the product adds is empty in older facts, so their text stays as it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from rhml.store.names import literal, quoted

Run = Callable[..., list[tuple]]
EMPTY = r',"[^"\\,]*":null'
"""An empty column in the row's JSON; within a text every quote is escaped, and no column's name has a comma,
so nothing else looks like it: not even a list of texts, one ending in a comma and the next beginning with ":null".
"""

_EMPTY = re.compile(EMPTY)


def fact_tables(run: Run, schema: str) -> list[str]:
    """The tables of a schema that hold facts: those whose rows are numbered."""
    rows = run(
        "SELECT c.table_name FROM system.main.duckdb_columns() c JOIN system.main.duckdb_tables() t ON t.table_oid = c.table_oid "
        "AND t.database_name = c.database_name WHERE c.database_name = system.main.current_database() "
        "AND c.schema_name = $1 AND c.column_name = 'seq' ORDER BY 1",
        [schema],
    )
    return [name for (name,) in rows]


def shapes(run: Run, schema: str) -> dict[str, dict[str, str]]:
    """The columns of every table of facts, as `columns` gives them."""
    found = run(
        "SELECT table_name, column_name, data_type FROM system.main.duckdb_columns() WHERE database_name = system.main.current_database() "
        "AND schema_name = $1 ORDER BY table_name, column_index",
        [schema],
    )
    tables: dict[str, dict[str, str]] = {table: {} for table in fact_tables(run, schema)}
    for table, name, kind in found:
        if table in tables:
            tables[table][name] = kind
    return tables


def columns(run: Run, schema: str, table: str) -> dict[str, str]:
    """The columns of a table, in its order, with their types."""
    rows = run(
        "SELECT column_name, data_type FROM system.main.duckdb_columns() WHERE database_name = system.main.current_database() "
        "AND schema_name = $1 AND table_name = $2 ORDER BY column_index",
        [schema, table],
    )
    return dict(rows)


def text(shape: Mapping[str, str], instead: Mapping[str, str] | None = None) -> str:
    """SQL for the row as JSON; `instead` gives other SQL for the value of a column.

    Long bytes (a model) count by their own hash.
    """
    own = dict(instead or {})
    fields = ", ".join(
        f"{quoted(name)} := {own.get(name, _value(name, kind))}" for name, kind in shape.items()
    )
    return f"CAST(to_json(struct_pack({fields})) AS TEXT)"


def _value(name: str, kind: str) -> str:
    return f"sha256({quoted(name)})" if kind == "BLOB" else quoted(name)


def digest_sql(shape: Mapping[str, str], instead: Mapping[str, str] | None = None) -> str:
    """SQL for the 32 bytes that stand for a row's text."""
    return f"unhex(sha256(regexp_replace({text(shape, instead)}, {literal(EMPTY)}, '', 'g')))"


def digest(row_text: str) -> bytes:
    """The same 32 bytes from the text of one row, for a few rows at once."""
    return hashlib.sha256(_EMPTY.sub("", row_text).encode()).digest()


def salted(salt: bytes, digest: bytes) -> bytes:
    """What a seal holds of a fact: without the salt nobody can try values until one fits."""
    return hashlib.sha256(salt + digest).digest()


def of(run: Run, schema: str, table: str, seq: int) -> list[dict[str, Any]]:
    """The rows under one number, as dictionaries."""
    names = list(columns(run, schema, table))
    listed = ", ".join(quoted(n) for n in names)
    found = run(f"SELECT {listed} FROM {quoted(schema)}.{quoted(table)} WHERE seq = $1", [seq])
    return [dict(zip(names, row, strict=True)) for row in found]
