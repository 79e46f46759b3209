"""Holds what a log is made of (tables, views, what explains them) against what this product makes of the same domain files.

Every page and report reads through the views: whoever redefines one changes no fact, and yet what is told of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import duckdb

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.errors import RhmlError
from rhml.store import schema as made_by_us
from rhml.store.chain import catalog
from rhml.store.chain.finding import NAMED, Finding, printable
from rhml.store.chain.made import fact_tables_of
from rhml.store.engine import CATALOG, CLOSED
from rhml.store.transaction import Transaction

_NEVER = datetime(2000, 1, 1)
_ORDER = ("view", "table", "column", "rule", "meaning")


@dataclass(frozen=True)
class Shape:
    """What is not as this product makes it, by schema; and what somebody keeps in the file beside it.

    `makers` are things that can give any name another meaning, wherever they stand.
    """

    makers: tuple[Finding, ...]
    findings: dict[str, list[Finding]]
    beside: tuple[str, ...]


def look(tx: Transaction, schemas: Sequence[str]) -> Shape:
    """The shape of these schemas as they are now; of what no domain file speaks of nothing can be said."""
    wanted, every_column = _made(tx, schemas)
    findings = {}
    for schema, parts in wanted.items():
        held = catalog.parts(tx.run, CATALOG, schema)
        findings[schema] = _differences(schema, parts, held, every_column[schema])
    others = {(schema, name) for schema, parts in wanted.items() for _, name, _ in parts}
    return Shape(_makers(tx), findings, _beside(tx, schemas, others))


def _makers(tx: Transaction) -> tuple[Finding, ...]:
    said = {"trigger": "It writes whenever something is written."}
    other = "It can change what every view and report comes to."
    return tuple(
        Finding(schema, name, 0, "maker", f"a {kind}", said.get(kind, other))
        for kind, schema, name in catalog.makers(tx.run, CATALOG)
    )


def _beside(tx: Transaction, schemas: Sequence[str], known: Collection[tuple[str, str]]) -> tuple[str, ...]:
    """Tables and views of nobody known: in these schemas by name, in others by number."""
    named, counted = [], Counter[str]()
    made = {schema for schema, _ in known}
    ours = {made_by_us.ORGANIZATION, *schemas, *_declared(tx)}
    for schema, kind, name in catalog.holds(tx.run, CATALOG):
        if schema in made and (schema, name) not in known:
            named.append(
                f"{schema}: {name} (a {kind}) was not made by this product, which reads nothing of it."
            )
        elif schema not in ours:
            counted[schema] += 1
    named = named[:NAMED] + [f"{len(named) - NAMED:,} more."] * (len(named) > NAMED)
    counted_too = [
        f"{schema}: {'1 table or view was' if n == 1 else f'{n:,} tables and views were'} not made by this product, "
        "which reads nothing of them."
        for schema, n in counted.most_common(NAMED)
    ]
    return tuple(map(printable, named + counted_too))


def _declared(tx: Transaction) -> list[str]:
    held = tx.run("SELECT DISTINCT domain FROM rhml.domain_files") if _has_files(tx) else []
    return [name for (name,) in held]


def _has_files(tx: Transaction) -> bool:
    held = catalog.parts(tx.run, CATALOG, made_by_us.ORGANIZATION)
    return all(("column", "domain_files", column) in held for column in ("seq", "domain", "text"))


def _made(
    tx: Transaction, schemas: Sequence[str]
) -> tuple[dict[str, dict[catalog.Part, str]], dict[str, bool]]:
    """What this product makes of the domain files in the log, by schema, and whether it knows every column of cases."""
    wanted, known = {}, {}
    with duckdb.connect(config=CLOSED) as fresh:
        fresh.execute(f"ATTACH ':memory:' AS {CATALOG}")
        fresh.execute(f"USE {CATALOG}")
        new = Transaction(fresh)
        made_by_us.migrate_organization(new, _NEVER)
        for schema in schemas:
            texts = _texts(tx, schema)
            if schema != made_by_us.ORGANIZATION:
                domains = [_parsed(schema, text) for text in texts]
                if not domains or domains[-1] is None:
                    continue  # without a file that can be read nobody can say what it should be
                _prepared(new, [domain for domain in domains if domain is not None])
                known[schema] = None not in domains
            wanted[schema] = catalog.parts(new.run, CATALOG, schema)
    return wanted, {made_by_us.ORGANIZATION: True, **known}


def _texts(tx: Transaction, name: str) -> list[str]:
    if not _has_files(tx):
        return []
    rows = tx.run("SELECT text FROM rhml.domain_files WHERE domain = $1 ORDER BY seq", [name])
    return [text for (text,) in rows]


def _parsed(name: str, text: str) -> DecisionDomain | None:
    with suppress(RhmlError):
        return parse_domain(name, text)
    return None


def _prepared(tx: Transaction, domains: list[DecisionDomain]) -> None:
    """Columns of every file there was, views of the newest."""
    seen: set[str] = set()
    for domain in domains:
        names = {feature.name for feature in domain.features}
        if domain is domains[-1] or names - seen:
            with suppress(RhmlError):
                made_by_us.prepare_domain(tx, domain, _NEVER)
        seen |= names


def _differences(
    schema: str, wanted: dict[catalog.Part, str], held: dict[catalog.Part, str], every_column: bool
) -> list[Finding]:
    kind = "organization" if schema == made_by_us.ORGANIZATION else "domain"
    told: set[str] = set(fact_tables_of(kind)) - {name for what, name, _ in held if what == "table"}
    found = []
    for part in sorted({*wanted, *held}, key=lambda part: (_ORDER.index(part[0]), *part[1:])):
        what, name, _ = part
        if wanted.get(part) == held.get(part) or name in told:
            continue
        if (what, name, part in wanted) == ("column", "cases", False) and not every_column:
            continue
        if what == "view" or (what == "table" and (part not in wanted or part not in held)):
            told.add(name)  # it is there or it is not: its columns and words are no news
        if what in ("view", "table") and part not in wanted:
            continue  # told as what lies beside
        found.append(_finding(schema, part, wanted.get(part), held.get(part)))
    return found


def _finding(schema: str, part: catalog.Part, wanted: str | None, held: str | None) -> Finding:
    what, name, of = part
    if what in ("view", "table") and held is None:
        return Finding(schema, name, 0, "gone", f"a {what}")
    if what == "view":
        return Finding(schema, name, 0, "view")
    if what in ("meaning", "table"):
        return Finding(schema, name, 0, "meaning", f"column {of}" if of else "")
    about = f"column {of}" if what == "column" else ""
    detail = (
        f"It is {held}, and should {'be ' + wanted if wanted else 'not be there'}."
        if held
        else f"It should be {wanted}."
    )
    return Finding(schema, name, 0, "shape", about, detail)
