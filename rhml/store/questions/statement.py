"""An analyst's text, read before it is run: one SELECT, which views it names, and nothing that leads out.

The text is judged by DuckDB's own parse of it. What the parse does not show to be harmless is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rhml.errors import QuestionRefused
from rhml.store.questions.parser import PARSER, NoSql, NotOneSelect, TooDeep

LONGEST = 10_000

NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""Kinds of query that only read; a COPY or DELETE inside a WITH has a kind of its own."""

TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
"""Functions that may stand where a view does; the others read files, settings or memory."""

SOURCES = {
    "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT", "SHOW_REF",
}  # fmt: skip
"""What may stand after FROM."""

TALKATIVE = {
    "current_setting", "getenv", "getvariable", "write_log", "current_query", "query", "query_table",
    "current_database", "current_schema", "current_schemas", "current_catalog", "current_user", "current_role",
    "session_user", "user", "version", "txid_current", "current_transaction_id", "current_connection_id",
    "current_query_id", "stats", "json_serialize_sql", "json_deserialize_sql", "json_serialize_plan",
    "json_execute_serialized_sql", "parse_duckdb_log_message", "col_description", "obj_description",
    "shobj_description", "in_search_path", "get_block_size", "nextval", "currval", "setval", "enum_range",
    "enum_range_boundary", "enum_first", "enum_last", "enum_code", "finalize", "combine", "to_aggregate_state",
    "index_key", "vector_type", "sleep_ms",
}  # fmt: skip
"""Functions that tell of the process or of how values are held rather than of the log, plan other texts, or wait."""

NO_COLUMNS = {"rowid"}
"""What looks like a column and tells where a row lies."""


@dataclass(frozen=True)
class Statement:
    """One SELECT: its text, the permitted views it names, and the words that may name their columns.

    `words` is None where the text may mean any column without naming it, as `*` does.
    """

    text: str
    views: tuple[str, ...]
    words: frozenset[str] | None


@lru_cache(maxsize=128)
def read_statement(sql: str, permitted: tuple[str, ...]) -> Statement:
    """The text as one harmless SELECT over permitted views; QuestionRefused says what is wrong with it.

    >>> read_statement("select count(*) from decided", ("decided", "pending")).views
    ('decided',)
    """
    if not sql.strip():
        raise QuestionRefused("The question is empty. Choose a starter question or write a SELECT.")
    if len(sql) > LONGEST:
        raise QuestionRefused(f"The question is longer than {LONGEST:,} characters. Ask a shorter one.")
    text, parsed = _parsed(sql)
    nodes = list(_nodes(parsed))
    _only_reads(nodes)
    named = _tables(parsed, permitted)
    unknown = sorted(named - set(permitted))
    if unknown:
        raise QuestionRefused(f"There is no view {unknown[0][:80]!r} here. Views: {', '.join(permitted)}.")
    views = tuple(view for view in permitted if view in named)
    words = None if _means_any_column(nodes) else frozenset(re.findall(r"[a-z0-9_]+", text.lower()))
    return Statement(text, views, words)


def _parsed(sql: str) -> tuple[str, dict[str, Any]]:
    """The statement without what surrounds it, and its parse; anything but one SELECT is refused."""
    try:
        text, parsed = PARSER.parsed(sql)
    except NotOneSelect:
        raise QuestionRefused(
            "Ask exactly one SELECT. Nothing else can be run here, and nothing was changed."
        ) from None
    except NoSql as error:
        raise QuestionRefused(f"This is not SQL that can be read: {first_line(error)}") from None
    except TooDeep:
        raise QuestionRefused("The question is nested too deeply to be read. Ask a simpler one.") from None
    if parsed.get("error") or len(parsed.get("statements", ())) != 1:
        raise QuestionRefused("This kind of SELECT cannot be checked here. Write it in another way.")
    return text, parsed


def _nodes(parsed: Any) -> Iterator[dict[str, Any]]:
    """Every object of the parse, without recursion: the text decides how deep it is."""
    left = [parsed]
    while left:
        found = left.pop()
        if isinstance(found, dict):
            yield found
            left.extend(found.values())
        elif isinstance(found, list):
            left.extend(found)


def _only_reads(nodes: list[dict[str, Any]]) -> None:
    for node in nodes:
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in NODES:
            raise QuestionRefused("Ask a SELECT that only reads. Nothing was changed.")
        if ("sample" in node and not kind.endswith("_NODE") and kind not in SOURCES) or (
            kind == "TABLE_FUNCTION" and _called(node.get("function")) not in TABLE_FUNCTIONS
        ):
            raise QuestionRefused(
                "Only views can stand after FROM; files and settings are out of reach here."
            )
        if node.get("function_name") and _talkative(_called(node)):
            raise QuestionRefused(f"{_called(node)} is out of reach here: ask about the views alone.")
        if kind == "SHOW_REF" and node.get("query") is None:
            raise QuestionRefused("The data dictionary beside the question lists every view and column.")
        if kind == "COLUMN_REF" and _plain(node["column_names"][-1]) in NO_COLUMNS:
            raise QuestionRefused("Rows have no place of their own here. Sort by a column of the view.")


def _called(function: Any) -> str:
    return _plain((function or {}).get("function_name", ""))


def _talkative(function: str) -> bool:
    return function in TALKATIVE or function.startswith(("pg_", "has_", "__internal", "inet_"))


def _plain(name: object) -> str:
    """A name as DuckDB compares it: capitals of ASCII and no others are the same as small letters."""
    return str(name).translate(_SMALL)


_SMALL = {ord(c): c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _tables(parsed: dict[str, Any], permitted: tuple[str, ...]) -> set[str]:
    """The names after FROM, without those that WITH defines where they stand.

    A view's name counts even where WITH redefines it: the definition may read the view itself. A name with a
    schema is never one of WITH.
    """
    named: set[str] = set()
    left: list[tuple[Any, frozenset[str]]] = [(parsed, frozenset())]
    while left:
        found, known = left.pop()
        if isinstance(found, list):
            left.extend((each, known) for each in found)
        if not isinstance(found, dict):
            continue
        if found.get("type") == "BASE_TABLE":
            *above, name = _path(found)
            if above or name not in known or name in permitted:
                named.add(name if above in ([], ["main"]) else ".".join((*above, name)))
        for entry in (found.get("cte_map") or {}).get("map", ()):
            own = frozenset([_plain(entry.get("key", ""))])
            recursive = (entry["value"].get("query_node") or {}).get("type") == "RECURSIVE_CTE_NODE"
            left.append((entry["value"], known | own if recursive else known))
            known |= own
        left.extend((value, known) for key, value in found.items() if key != "cte_map")
    return named


def _path(table: dict[str, Any]) -> list[str]:
    """A table's name with what stands before its dots."""
    path = (table.get("qualified_name") or {}).get("path") or [
        part
        for part in (table.get("catalog_name"), table.get("schema_name"), table.get("table_name"))
        if part
    ]
    return [_plain(part) for part in path] or [""]


def _means_any_column(nodes: list[dict[str, Any]]) -> bool:
    """Whether the text can mean a column that it does not name.

    `*`, a NATURAL join, DESCRIBE, a whole row (`SELECT d FROM decided d`), a column's number (`#2`), names of its own
    for a view's columns (`decided d(a, b)`).
    """
    tables = [n for n in nodes if n.get("type") == "BASE_TABLE"]
    names = {str(n.get(key, "")).lower() for n in tables for key in ("alias", "table_name")}
    return any(
        n.get("type") in ("STAR", "SHOW_REF", "PIVOT", "POSITIONAL_REFERENCE")
        or n.get("column_name_alias")
        or n.get("ref_type") == "NATURAL"
        or (n.get("type") == "COLUMN_REF" and [str(c).lower() for c in n["column_names"]][-1] in names)
        for n in nodes
    )


def first_line(error: object) -> str:
    """What DuckDB says, in one line of bounded length."""
    return (str(error).strip().splitlines() or [""])[0][:300]
