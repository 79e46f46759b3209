"""Puts hostile texts into a finished log: wherever somebody typed or imported words, they now try to become something."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import tomlkit

from rhml.core.domain import parse_domain
from rhml.store import organization
from rhml.store.opening import open_store

SHORT = "<b>QHTML</b> [QLINK](javascript:alert(1)) **QBOLD** `QCODE` $QTEX$ :red[QRED] :material/skull:"
LONG = (
    f"{SHORT} <img src=x onerror=alert(1)><script>alert(1)</script><svg onload=alert(1)>"
    "![QIMG](http://evil.invalid/i.png) http://evil.invalid <iframe src='http://evil.invalid'></iframe> ~~QDEL~~ *QEM* "
    "<http://evil.invalid> | a | b | {{7*7}} ${7*7} %s %(x)s \\ ' \" </textarea></style> \u202egnihton\u202c \u200b"
)
TOKENS = ("QHTML", "QLINK", "QBOLD", "QCODE", "QTEX", "QRED", "QIMG", "QDEL", "QEM")
"""Words that stand alone in an element only where the text around them was taken for markup."""

TYPED = ("why", "note", "text", "escalation", "waived", "comment", "said", "answer")
WHO = (
    "manager", "person", "by_whom", "about", "owner", "imported_by", "trained_by", "promoted_by", "proposed_by",
    "recorded_by", "reversed_by", "made_by", "found_by", "judged_by", "saved_by", "changed_by", "asked_by",
    "claimed_by", "assigned_to", "escalated_by", "asked_of", "revoked_by", "signed_by", "settled_by",
)  # fmt: skip
DOMAIN = "purchase_requests"
CATEGORIES = ("category", "department", "site")


def poison(path: Path, *, at: datetime) -> None:
    """Poison the log in a file that nobody has open."""
    store = open_store(f"duckdb:///{path}", now=at)
    old = organization.domain(store, DOMAIN)
    store.close()
    with duckdb.connect() as raw:
        raw.execute(f"ATTACH '{path}' AS l")
        raw.execute("USE l")
        columns = raw.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE database_name = 'l' "
            "AND data_type = 'VARCHAR' AND schema_name IN ('rhml', ?) AND (schema_name, table_name) IN "
            "(SELECT (schema_name, table_name) FROM duckdb_tables() WHERE database_name = 'l')",
            [DOMAIN],
        ).fetchall()
        for schema, table, column in columns:
            _column(
                raw, f'"{schema}"."{table}"', table, column, {r: f"{r} {SHORT}" for r in old.override.reasons}
            )
    store = open_store(f"duckdb:///{path}", now=at)
    domain = parse_domain(DOMAIN, poisoned(old.text))
    store.write(lambda tx: organization.save_domain(tx, domain, at=at, by="Lead"))
    store.close()


def _column(raw, table: str, name: str, column: str, reasons: dict[str, str]) -> None:
    quoted = f'"{column}"'
    if name == "domain_files":
        return
    if column in WHO:
        raw.execute(
            f"UPDATE {table} SET {quoted} = {quoted} || ' ' || ? WHERE {quoted} NOT IN ('', 'rhml')", [SHORT]
        )
    elif column in TYPED:
        raw.execute(f"UPDATE {table} SET {quoted} = {quoted} || ' ' || ? WHERE {quoted} <> ''", [LONG])
        if name == "rationales":
            raw.execute(
                f"UPDATE {table} SET text = text || repeat(?, 40) WHERE decision_id LIKE '%7'", [LONG]
            )
            raw.execute(f"UPDATE {table} SET text = replace(text, ' ', chr(10)) WHERE decision_id LIKE '%3'")
    elif column == "reason":
        for was, now in reasons.items():
            raw.execute(f"UPDATE {table} SET reason = ? WHERE reason = ?", [now, was])
    elif name == "cases" and column in CATEGORIES:
        raw.execute(f"UPDATE {table} SET {quoted} = {quoted} || ' ' || ? WHERE {quoted} IS NOT NULL", [SHORT])
    elif name == "cases" and column == "purpose":
        raw.execute(f"UPDATE {table} SET purpose = purpose || ' ' || ?", [LONG])
    elif column == "case_id":
        raw.execute(f"UPDATE {table} SET case_id = case_id || ? WHERE case_id LIKE '%7'", [" " + SHORT])


def poisoned(text: str) -> str:
    """A domain file's text with every word that a page shows made hostile."""
    held = tomlkit.parse(text)
    for key in ("title", "question"):
        held[key] = f"{held[key]} {SHORT}"
    for key in held["terms"]:  # what Markdown acts upon is refused in these at the door
        held["terms"][key] = f"{held['terms'][key]} o'x & y"
    for key in held["actions"]:
        held["actions"][key] = f"{held['actions'][key]} {SHORT}"
    held["value"]["unit"] = "US$ **QBOLD** $QTEX$"
    held["override"]["reasons"] = [f"{reason} {SHORT}" for reason in held["override"]["reasons"]]
    for feature in held["features"].values():
        feature["label"] = f"{feature['label']} {SHORT}"
        feature["description"] = LONG.partition("\u202e")[
            0
        ].strip()  # invisible characters a domain file refuses
        if "unit" in feature:
            feature["unit"] = f"{feature['unit']} <b>QHTML</b> **QBOLD**"
        if "levels" in feature:
            feature["levels"] = [f"{level} {SHORT}" for level in feature["levels"]]
    return tomlkit.dumps(held)
