"""An analyst's SELECT in a locked box: a fresh in-memory DuckDB that holds nothing but permitted views.

Checking the statement alone would not do: a SELECT can carry a COPY in a CTE. So the box has no file
access, no extensions, no settings left to change, and copies of the views instead of the log.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import duckdb
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import QuestionRefused
from rhml.store.engine import Store, quoted

VIEWS = ("decided", "overrides", "pending", "resolved", "versions")
ROWS = 10_000
SECONDS = 5.0
MEMORY = "512MB"
LONGEST = 20_000


@dataclass(frozen=True)
class Answer:
    """The rows of one question; `cut` says that there were more than the limit."""

    table: pd.DataFrame
    cut: bool


def dictionary(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The permitted views with their columns, types and meanings, from the database's own comments."""
    return store.frame(
        "SELECT c.table_name AS view, c.column_name AS column, c.data_type AS type, c.comment AS meaning "
        "FROM duckdb_columns() c WHERE c.schema_name = $1 AND c.table_name IN "
        f"({', '.join(repr(v) for v in VIEWS)}) ORDER BY c.table_name, c.column_index",
        [domain.name],
    )


def answer(store: Store, domain: DecisionDomain, sql: str, *, limit: int = ROWS) -> Answer:
    """Answer exactly one SELECT over the permitted views; QuestionRefused says what it may not do."""
    text = _one_select(sql)
    named = [view for view in VIEWS if view in text.lower()]
    box = duckdb.connect(
        ":memory:",
        config={
            "threads": "2",
            "memory_limit": MEMORY,
            "python_enable_replacements": "false",
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
        },
    )
    try:
        for view in named:
            snapshot = store.arrow(f"SELECT * FROM {quoted(domain.name)}.{view}")
            box.register("incoming", snapshot)
            box.execute(f"CREATE TABLE {view} AS SELECT * FROM incoming")
            box.unregister("incoming")
        _lock(box)
        return _run(box, text, limit)
    finally:
        box.close()


def _one_select(sql: str) -> str:
    """The text, if it is one statement that DuckDB itself calls a SELECT."""
    if not sql.strip():
        raise QuestionRefused("The question is empty. Choose a starter question or write a SELECT.")
    if len(sql) > LONGEST:
        raise QuestionRefused(f"The question is longer than {LONGEST:,} characters. Ask a shorter one.")
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QuestionRefused(f"This is not SQL that can be read: {_first_line(error)}") from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise QuestionRefused(
            "Ask exactly one SELECT. Nothing else can be run here, and nothing was changed."
        )
    return statements[0].query


def _lock(box: duckdb.DuckDBPyConnection) -> None:
    box.execute("SET temp_directory = ''")
    box.execute(f"SET max_execution_time = {int(SECONDS * 1000)}") if _knows(
        box, "max_execution_time"
    ) else None
    box.execute("SET enable_external_access = false")
    box.execute("SET lock_configuration = true")


def _knows(box: duckdb.DuckDBPyConnection, setting: str) -> bool:
    return bool(box.execute("SELECT 1 FROM duckdb_settings() WHERE name = $1", [setting]).fetchall())


def _run(box: duckdb.DuckDBPyConnection, text: str, limit: int) -> Answer:
    stop = threading.Timer(SECONDS, box.interrupt)
    stop.start()
    try:
        result = box.execute(text)
        names = [column[0] for column in result.description]
        rows = result.fetchmany(limit + 1)
    except duckdb.InterruptException as error:
        raise QuestionRefused(
            f"This took longer than {SECONDS:.0f} seconds. Ask for less at once."
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise QuestionRefused(f"This needs more than {MEMORY} of memory. Ask for less at once.") from error
    except duckdb.Error as error:
        raise QuestionRefused(f"DuckDB says: {_first_line(error)}") from error
    finally:
        stop.cancel()
    return Answer(pd.DataFrame(rows[:limit], columns=_distinct(names)), cut=len(rows) > limit)


def _distinct(names: list[str]) -> list[str]:
    """Column headings, numbered where a question gives two columns one name."""
    seen: dict[str, int] = {}
    headings = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        headings.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return headings


def _first_line(error: duckdb.Error) -> str:
    return str(error).strip().splitlines()[0][:300]
