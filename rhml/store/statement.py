"""An analyst's text, read before it is run: one SELECT, which views it names, and nothing that leads out.

The text is judged by DuckDB's own parse of it. What the parse does not show to be harmless is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from rhml.errors import QuestionRefused

LONGEST = 10_000

NODES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""Kinds of query that only read; a COPY or DELETE inside a WITH has a kind of its own."""

TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
"""Functions that may stand where a view does; the others read files, settings or memory."""

TALKATIVE = {"current_setting", "getenv", "getvariable", "write_log", "current_query", "query", "query_table"}
"""Functions that tell of the process rather than of the log, or write its log."""


@dataclass(frozen=True)
class Statement:
    """One SELECT: its text, the permitted views it names, and the words that may name their columns.

    `words` is None where the text may mean any column without naming it, as `*` does.
    """

    text: str
    views: tuple[str, ...]
    words: frozenset[str] | None


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
    named = _tables(nodes, permitted)
    unknown = sorted(named - set(permitted))
    if unknown:
        raise QuestionRefused(f"There is no view {unknown[0]!r} here. Views: {', '.join(permitted)}.")
    views = tuple(view for view in permitted if view in named)
    words = None if _means_any_column(nodes) else frozenset(re.findall(r"[a-z0-9_]+", text.lower()))
    return Statement(text, views, words)


def _parsed(sql: str) -> tuple[str, dict[str, Any]]:
    """The statement without what surrounds it, and its parse; anything but one SELECT is refused."""
    with duckdb.connect(":memory:", config={"threads": "1", "autoload_known_extensions": "false"}) as parser:
        try:
            statements = parser.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QuestionRefused(
                    "Ask exactly one SELECT. Nothing else can be run here, and nothing was changed."
                )
            text = statements[0].query.strip().rstrip(";")
            [(found,)] = parser.execute("SELECT json_serialize_sql($1::VARCHAR)", [text]).fetchall()
            parsed = json.loads(found)
        except duckdb.Error as error:
            raise QuestionRefused(f"This is not SQL that can be read: {first_line(error)}") from error
        except (RecursionError, ValueError) as error:
            raise QuestionRefused(
                "The question is nested too deeply to be read. Ask a simpler one."
            ) from error
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
        if kind == "TABLE_FUNCTION" and _called(node.get("function")) not in TABLE_FUNCTIONS:
            raise QuestionRefused(
                "Only views can stand after FROM; files and settings are out of reach here."
            )
        if node.get("function_name") and _called(node) in TALKATIVE:
            raise QuestionRefused(f"{_called(node)} is out of reach here: ask about the views alone.")
        if kind == "SHOW_REF" and node.get("query") is None:
            raise QuestionRefused("The data dictionary beside the question lists every view and column.")


def _called(function: Any) -> str:
    return str((function or {}).get("function_name", "")).lower()


def _tables(nodes: list[dict[str, Any]], permitted: tuple[str, ...]) -> set[str]:
    """The names after FROM, without those that the text itself defines in WITH.

    A view's name counts even where WITH redefines it: the definition may read the view itself.
    """
    defined = {
        str(entry.get("key", "")).lower()
        for node in nodes
        for entry in (node.get("cte_map") or {}).get("map", ())
    }
    named = set()
    for node in nodes:
        if node.get("type") == "BASE_TABLE":
            path = [part for part in (node.get("catalog_name"), node.get("schema_name")) if part]
            name = str(node.get("table_name", "")).lower()
            named.add(name if path in ([], ["main"]) else ".".join((*path, name)))
    return {name for name in named if name not in defined or name in permitted}


def _means_any_column(nodes: list[dict[str, Any]]) -> bool:
    """Whether `*`, a NATURAL join, DESCRIBE or a whole row (`SELECT d FROM decided d`) is in the text."""
    tables = [n for n in nodes if n.get("type") == "BASE_TABLE"]
    names = {str(n.get(key, "")).lower() for n in tables for key in ("alias", "table_name")}
    return any(
        n.get("type") in ("STAR", "SHOW_REF", "PIVOT")
        or n.get("ref_type") == "NATURAL"
        or (n.get("type") == "COLUMN_REF" and [str(c).lower() for c in n["column_names"]][-1] in names)
        for n in nodes
    )


def first_line(error: object) -> str:
    """What DuckDB says, in one line of bounded length."""
    return (str(error).strip().splitlines() or [""])[0][:300]
