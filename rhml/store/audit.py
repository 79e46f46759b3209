"""The audit trail: who did what, when and from what to what, read from the facts of a domain and of the organization.

Rows of one import are one line. Every line has: happened_at, actor, kind, subject, detail, was, now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.domain_changes import changes, in_words
from rhml.store.engine import Store, quoted
from rhml.store.trails.trail import EVERYWHERE, OF_A_CASE, OF_THE_WHOLE, ORGANIZATION, Line
from rhml.store.trails.trail_of_cases import CASES, KEPT
from rhml.store.trails.trail_of_models import MODELS
from rhml.store.trails.trail_of_people import PEOPLE
from rhml.store.trails.trail_of_review import REVIEW
from rhml.store.veil import Veil

PAGE = 50

OF_DOMAIN = (*CASES, *REVIEW, *MODELS, *PEOPLE)
LINES = (*ORGANIZATION, *OF_DOMAIN)
KINDS = tuple(dict.fromkeys(line.kind for line in (*OF_DOMAIN, *ORGANIZATION)))
OF_CASES = tuple(dict.fromkeys(line.kind for line in LINES if line.handled))
"""What people did with cases, from which their numbers could be counted."""
COLUMNS = ("happened_at", "actor", "kind", "subject", "detail", "was", "now")
SOMEBODY = "somebody"


@dataclass(frozen=True)
class Filter:
    """Which lines of the trail are wanted; None means all. Under a veil it stands for whoever handled a case.

    `everyone`: the veil stands for all who did anything, not for those alone who handled cases.
    `reader` is who reads in the app: practice stays with whoever practised, and who called on a case of the bank,
    or need not know, learns no outcome of it. None: the log's own keeper, who holds the file anyway.
    """

    actor: str | None = None
    kind: str | None = None
    seen_by: Veil | None = field(default=None, compare=False)
    case_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    reader: str | None = None
    everyone: bool = False


def page(
    store: Store, domain: DecisionDomain | None, wanted: Filter, *, limit: int = PAGE, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of the trail, newest first."""
    asked = _Asked(domain, wanted)
    sql = asked.union(int(limit) + int(offset))
    rows = store.records(f"{sql} {_NEWEST} LIMIT {int(limit)} OFFSET {int(offset)}", asked.parameters)
    return [_told(row) for row in rows]


def count(store: Store, domain: DecisionDomain | None, wanted: Filter) -> int:
    """How many lines the trail has."""
    asked = _Asked(domain, wanted)
    counted = [f"(SELECT count(*) FROM {asked.rows(line)})" for line in asked.lines]
    [(lines,)] = store.read(f"SELECT {' + '.join(counted) or '0'}", asked.parameters)
    return lines


def frame(store: Store, domain: DecisionDomain | None, wanted: Filter, *, limit: int) -> pd.DataFrame:
    """The newest lines as a frame, for an export."""
    return pd.DataFrame(page(store, domain, wanted, limit=limit), columns=list(COLUMNS))


def whole(domain: DecisionDomain, wanted: Filter) -> tuple[str, list[Any]]:
    """SQL of the whole trail, kind by kind, with its parameters; for a file that is written as it is read."""
    asked = _Asked(domain, wanted)
    parts = [asked.worded(line, f"(SELECT * FROM {asked.rows(line)})") for line in asked.lines]
    return f"SELECT {', '.join((*COLUMNS, 'seq'))} FROM ({' UNION ALL '.join(parts)}) trail", asked.parameters


def actors(
    store: Store, domain: DecisionDomain | None, veil: Veil | None = None, reader: str | None = None
) -> list[str]:
    """Everyone who ever did anything here, as the reader sees them."""
    asked = _Asked(domain, Filter(seen_by=veil, reader=reader))
    found = [
        f"SELECT DISTINCT {asked.actor(line)} AS actor FROM (SELECT DISTINCT actor FROM {asked.rows(line)}) f"
        for line in asked.lines
    ]
    return [actor for (actor,) in store.read(f"{' UNION '.join(found)} ORDER BY actor", asked.parameters)]


_NEWEST = "ORDER BY happened_at DESC, seq DESC, kind, subject"
_NOTHING = (
    "SELECT CAST(NULL AS TIMESTAMP) AS happened_at, '' AS actor, '' AS kind, '' AS subject, '' AS detail, "
)
_NOTHING += "'' AS was, '' AS now, 0 AS seq WHERE FALSE"


class _Asked:
    """One question to the trail: its lines, their SQL, and the parameters that all of it shares."""

    def __init__(self, domain: DecisionDomain | None, wanted: Filter):
        self.parameters: list[Any] = []
        self._d = quoted(domain.name) if domain else ""
        self._wanted = wanted
        here = OF_A_CASE if wanted.case_id else OF_THE_WHOLE
        self._bound: dict[str, str] = {}
        self.lines = [
            line
            for line in (*ORGANIZATION, *(OF_DOMAIN if domain else ()))
            if wanted.kind in (None, line.kind) and line.shown in (EVERYWHERE, here)
        ]

    def _bind(self, name: str, value: Any) -> str:
        """A parameter's place, once it is first needed: DuckDB refuses those that no SQL names."""
        if name not in self._bound:
            self.parameters.append(value)
            self._bound[name] = f"${len(self.parameters)}"
        return self._bound[name]

    @property
    def _reader(self) -> str:
        return self._bind("reader", self._wanted.reader)

    def _hides(self, line: Line) -> bool:
        """Whether who it was is nobody else's business, and somebody else may be reading."""
        return line.own and self._wanted.reader is not None

    def _of_actor(self, handled: bool) -> list[str]:
        """The condition on who did it: under a veil one name may stand for several people."""
        name, veil = self._wanted.actor, self._wanted.seen_by
        if not name:
            return []
        if not handled or veil is None:
            return [f"actor = {self._bind('actor', name)}"]
        if name == veil.others:
            return [f"NOT list_contains({self._bind('listed', [p for p, _ in veil.shown])}::text[], actor)"]
        behind = [person for person, stands in veil.shown if stands == name]
        return [f"list_contains({self._bind('behind', behind)}::text[], actor)"]

    def rows(self, line: Line) -> str:
        """The line's rows that are wanted, as SQL after FROM."""
        conditions = self._of_actor(line.handled)
        if self._wanted.since is not None:
            conditions.append(f"moment >= {self._bind('since', self._wanted.since)}::timestamp")
        if self._wanted.until is not None:
            conditions.append(f"moment < {self._bind('until', self._wanted.until)}::timestamp")
        if self._hides(line) and self._wanted.actor:
            conditions.append(f"actor = {self._reader}")
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return f"({self._filled(line.source)}) held{where}"

    def actor(self, line: Line) -> str:
        """Who did it, as the reader sees it."""
        if self._hides(line):
            return f"CASE WHEN f.actor = {self._reader} THEN f.actor ELSE '{SOMEBODY}' END"
        return self._seen("f.actor") if line.handled or self._wanted.everyone else "f.actor"

    def union(self, most: int) -> str:
        """The newest lines of every kind, as many of each as the page could need."""
        parts = [
            self.worded(
                line, f"(SELECT * FROM {self.rows(line)} ORDER BY moment DESC, seq DESC LIMIT {most})"
            )
            for line in self.lines
        ]
        columns = ", ".join((*COLUMNS, "seq"))
        return f"SELECT {columns} FROM ({' UNION ALL '.join(parts) or _NOTHING}) trail"

    def worded(self, line: Line, rows: str) -> str:
        """A SELECT of the trail's columns from a line's rows."""
        subject = self._seen(line.subject) if line.of_person else line.subject
        told = (self._filled(part) for part in (subject, line.what, line.was, line.now))
        texts = ", ".join(
            f"CAST({part} AS TEXT) AS {name}" for part, name in zip(told, COLUMNS[3:], strict=True)
        )
        return f"SELECT f.moment AS happened_at, {self.actor(line)} AS actor, '{line.kind}' AS kind, {texts}, f.seq FROM {rows} f"

    def _seen(self, column: str) -> str:
        veil = self._wanted.seen_by
        if veil is None:
            return column
        known = [name for name, _ in veil.shown]
        return veil.sql(column) if known else f"'{veil.others}'"

    def _filled(self, sql: str) -> str:
        for column in ("f.note", "f.before", "f.name"):
            sql = sql.replace(f"{{person:{column}}}", self._seen(column))
        if KEPT in sql:
            sql = sql.replace(KEPT, self._kept())
        if "{case}" in sql:
            case_id = self._wanted.case_id
            sql = sql.replace("{case}", f"case_id = {self._bind('case', case_id)}" if case_id else "TRUE")
        return sql.replace("{d}", self._d)

    def _kept(self) -> str:
        """Whether the reader is not told the outcome of the line's case."""
        if self._wanted.reader is None:
            return "FALSE"
        bank = "f.case_id IN (SELECT b.case_id FROM {d}.cases b WHERE b.bank)"
        if self._wanted.seen_by is not None and not self._wanted.everyone:
            return bank
        mine = f"SELECT c.case_id FROM {{d}}.decisions c WHERE c.manager = {self._reader} "
        mine += f"UNION SELECT c.case_id FROM {{d}}.first_calls c WHERE c.manager = {self._reader}"
        return f"({bank} AND f.case_id IN ({mine}))"


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A line without its number; two versions of a domain file become the keys in which they differ."""
    told = {name: row[name] for name in COLUMNS}
    if row["kind"] != "domain file":
        return told
    found = changes(row["was"], row["now"])
    if row["was"] is None:
        return told | {"was": None, "now": row["detail"]}
    said = in_words(found) or "nothing but comments"
    return told | {"detail": f"{row['detail']}: {said}", "was": "; ".join(f"{c.key} = {c.was}" for c in found),
                   "now": "; ".join(f"{c.key} = {c.now}" for c in found)}  # fmt: skip
