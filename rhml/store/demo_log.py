"""The demo in a log: which fields were built in it, what will prove right there, and how a built field moves in.

A field is lived through in a log of its own beside this one, under the same secret, and moves in whole with one
commit: what was cut off half-way never touched this log, and nobody waits for a year that is still being lived.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from rhml.core.domain import parse_domain
from rhml.store import organization
from rhml.store.engine import Store, quoted
from rhml.store.transaction import Transaction


def fields(store: Store) -> list[str]:
    """The fields of the demo in this log, in the order of building; none in an organization's own log."""
    rows = store.read("SELECT field FROM rhml.demo_fields GROUP BY field ORDER BY min(built_at), field")
    return [field for (field,) in rows]


def is_nobodys(store: Store) -> bool:
    """Whether no domain and no person is in this log yet."""
    return not organization.domain_names(store) and not organization.people(store)


def mark(tx: Transaction, field: str, *, at: datetime) -> None:
    """Note that a field of the demo is in this log: from now on it is known as a demo."""
    tx.run("INSERT INTO rhml.demo_fields VALUES ($1, $2)", [field, at])


def keep_truth(store: Store, domain: str, right: Mapping[str, str]) -> None:
    """Keep, by case, what will prove right for what waits; no page and no model reads it before time passes."""
    rows = [(domain, case_id, action) for case_id, action in right.items()]
    store.write(
        lambda tx: tx.append("rhml.demo_truth", ("domain", "case_id", "right_action"), rows) if rows else None
    )


def truth(store: Store, domain: str, case_ids: list[str]) -> dict[str, str]:
    """What will prove right for these, as far as it is kept."""
    rows = store.read(
        "SELECT case_id, right_action FROM rhml.demo_truth WHERE domain = $1 AND case_id = ANY($2)",
        [domain, case_ids],
    )
    return dict(rows)


def move_in(
    store: Store, built: Store, field: str, *, roles: Mapping[str, str], by: str, at: datetime, refuse: Callable[[], None]
) -> None:  # fmt: skip
    """Take every domain of a log built beside this one, its people and what will prove right, in one commit.

    `refuse` looks once more, while nobody else can write, and raises where the demo may not move in: it replaces what it
    finds under the names of its domains.
    """
    texts = built.read("SELECT domain, text, saved_at, saved_by FROM rhml.domain_files ORDER BY seq")
    held = {name: _tables(built, name) for name, *_ in texts}

    def unit(tx: Transaction) -> None:
        refuse()
        for name, text, saved_at, saved_by in texts:
            organization.save_domain(tx, parse_domain(name, text), at=saved_at, by=saved_by)
        for name, tables in held.items():
            for table in tables:
                place = f"{quoted(name)}.{quoted(table)}"
                tx.take_over(place, built.arrow(f"SELECT * FROM {place}"))
        _truth(tx, built)
        for person, role in roles.items():
            if organization.newest_role(tx, person) is None:
                organization.set_role(tx, person, role, at=at, by=by)
        mark(tx, field, at=at)

    store.write(unit)


def _tables(built: Store, name: str) -> list[str]:
    """The tables of a domain: its facts with their seals, and its workspace."""
    rows = built.read(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = $1 AND table_type = 'BASE TABLE' "
        "ORDER BY table_name",
        [name],
    )
    return [table for (table,) in rows]


def _truth(tx: Transaction, built: Store) -> None:
    rows = built.read("SELECT domain, case_id, right_action FROM rhml.demo_truth")
    tx.append("rhml.demo_truth", ("domain", "case_id", "right_action"), rows)
