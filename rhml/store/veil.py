"""Under which name one reader sees each person's decisions, as SQL: a veil over the column `manager`.

Who is not listed disappears into one name for several people, so that nobody's few cases stand alone.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted

ROW = "row-"
"""How ids of imported decisions begin that were made from the case, the person and the time."""


@dataclass(frozen=True)
class Veil:
    """What stands for each person: `shown` pairs a name with what stands for it, `others` stands for the rest.

    `named` are the people besides the reader who appear under their own names: showing them is a look.
    """

    shown: tuple[tuple[str, str], ...]
    others: str
    named: tuple[str, ...] = ()
    key: str = field(default="", repr=False)

    def of(self, person: str) -> str:
        """What stands for a person."""
        return dict(self.shown).get(person, self.others)

    def behind(self, stands: Iterable[str]) -> tuple[list[str], str]:
        """Who some names stand for, and SQL over `manager` for those who disappear into one of them."""
        wanted = set(stands)
        people = [person for person, name in self.shown if name in wanted]
        if self.others not in wanted:
            return people, "FALSE"
        known = ", ".join(_text(person) for person, _ in self.shown)
        return people, f"manager NOT IN ({known})" if known else "TRUE"

    def sql(self, column: str) -> str:
        """SQL that puts what stands for each person in the place of a column of names."""
        if not self.shown:
            return _text(self.others)
        pairs = ", ".join(f"({_text(name)}, {_text(stands)})" for name, stands in self.shown)
        return (  # a join: long IN lists cost three times as much
            f"coalesce((SELECT v.stands FROM (VALUES {pairs}) v(person, stands) "
            f"WHERE v.person = {column}), {_text(self.others)})"
        )

    def of_id(self, decision_id: str) -> str:
        """What stands for a decision's id, as `sql_of_id` has it."""
        if not decision_id.startswith(ROW):
            return decision_id
        return ROW + hashlib.sha256((self.key + decision_id).encode()).hexdigest()[:32]

    def sql_of_id(self, column: str) -> str:
        """SQL for a decision's id: one made from case, person and time would tell who to anyone who tries names."""
        made = f"'{ROW}' || substr(sha256({_text(self.key)} || {column}), 1, 32)"
        return f"CASE WHEN starts_with({column}, '{ROW}') THEN {made} ELSE {column} END"


def pseudonym(secret: bytes, person: str) -> str:
    """The name that stands for a person in one log, the same every time; no other log gives it.

    >>> pseudonym(b"secret", "m1") == pseudonym(b"secret", "m1") != pseudonym(b"other", "m1")
    True
    """
    return f"person {_keyed(secret, 'person', person)[:8]}"


def key_of_ids(secret: bytes) -> str:
    """The key under which ids of imported decisions are shown to readers."""
    return _keyed(secret, "decision ids", "")


def _keyed(secret: bytes, purpose: str, text: str) -> str:
    return hmac.new(secret, f"{purpose}\x1f{text}".encode(), hashlib.sha256).hexdigest()


def decision_counts(
    run: Callable[..., list[tuple]], domain: DecisionDomain, only: str | None = None
) -> dict[str, int]:
    """For each person the cases decided whose outcome is known; every case where the domain has no outcomes."""
    d = quoted(domain.name)
    known = f"AND l.case_id IN (SELECT case_id FROM {d}.current_outcomes)" if domain.outcome else ""
    rows = run(
        f"SELECT l.manager, count(DISTINCT CASE WHEN TRUE {known} THEN l.case_id END) FROM {d}.live_decisions l "
        "WHERE $1::text IS NULL OR l.manager = $1::text GROUP BY l.manager ORDER BY l.manager",
        [only],
    )
    return dict(rows)


def counts(store: Store, domain: DecisionDomain) -> dict[str, int]:
    """As `decision_counts`, of everyone who ever decided here."""
    return decision_counts(store.read, domain)


def veiled(veil: Veil | None, column: str) -> str:
    """A column as SQL, under a veil where there is one."""
    name = quoted(column)
    if veil is None or column not in ("manager", "decision_id"):
        return name
    return f"{veil.sql(name) if column == 'manager' else veil.sql_of_id(name)} AS {name}"


def among(names: Iterable[Any], veil: Veil | None) -> tuple[str, ...]:
    """Of names that a reader is shown, those that are other people's own."""
    return tuple(sorted({str(n) for n in names}.intersection(veil.named))) if veil else ()


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
