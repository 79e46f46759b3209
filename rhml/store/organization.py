"""What the organization knows about itself: its domains, its people, their visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from rhml.core.domain import DecisionDomain, parse_domain
from rhml.errors import UnknownDomain
from rhml.store import schema
from rhml.store.engine import Store, Transaction, quoted

ROLES = ("manager", "analyst", "lead", "trainee")
READERS = ("analyst", "trainee")
"""Roles that decide nothing."""
OWN_ONLY = ("manager", "trainee")
"""Roles that see of people's decisions their own alone."""
LEFT = "left"


def counter(store: Store) -> int:
    """The number of the newest fact about the organization itself."""
    [(n,)] = store.read("SELECT n FROM rhml.counter")
    return n


def domain_names(store: Store) -> list[str]:
    """Every domain in the log, in the order of arrival."""
    rows = store.read("SELECT domain FROM rhml.domain_files GROUP BY domain ORDER BY min(seq)")
    return [name for (name,) in rows]


def domain(store: Store, name: str) -> DecisionDomain:
    """The domain as its newest file says; UnknownDomain names those there are."""
    rows = _newest_text(store.read, name)
    if not rows:
        known = ", ".join(domain_names(store)) or "none yet: onboard one first"
        raise UnknownDomain(f"There is no domain {name!r} in this log. Known domains: {known}.")
    return parse_domain(name, rows[0][0])


def migrate_domains(tx: Transaction, now: datetime) -> None:
    """Bring the tables of every domain that an earlier version wrote to this one."""
    for name in schema.behind(tx):
        for (text,) in _newest_text(tx.run, name):
            schema.prepare_domain(tx, parse_domain(name, text), now)


def _newest_text(run: Callable[..., list[tuple]], name: str) -> list[tuple]:
    return run("SELECT text FROM rhml.domain_files WHERE domain = $1 ORDER BY seq DESC LIMIT 1", [name])


def is_newest(tx: Transaction, held: DecisionDomain) -> bool:
    """Whether nobody has saved another file of this domain since it was read."""
    return _newest_text(tx.run, held.name) == [(held.text,)]


def file_version(store: Store, held: DecisionDomain) -> tuple[int, str]:
    """Which version of the domain file this is, counted from 1, and its SHA-256; 0 where it was never saved."""
    rows = store.read(
        "SELECT row_number() OVER (ORDER BY seq), text FROM rhml.domain_files WHERE domain = $1", [held.name]
    )
    numbers = [number for number, text in rows if text == held.text]
    return max(numbers, default=0), schema.fingerprint(held.text)


def save_domain(tx: Transaction, new: DecisionDomain, *, at: datetime, by: str) -> bool:
    """Record a domain file and make room for it; False if this very text is the newest already."""
    digest = schema.fingerprint(new.text)
    newest = tx.run(
        "SELECT hash FROM rhml.domain_files WHERE domain = $1 ORDER BY seq DESC LIMIT 1", [new.name]
    )
    if newest == [(digest,)]:
        return False
    [seq] = tx.numbers(schema.ORGANIZATION)
    tx.append("rhml.domain_files", ("seq", "domain", "text", "hash", "saved_at", "saved_by"),
              [(seq, new.name, new.text, digest, at, by)])  # fmt: skip
    schema.prepare_domain(tx, new, at)
    return True


def people(store: Store) -> dict[str, str]:
    """Everyone who may act, with the newest role."""
    rows = store.read(
        "SELECT person, role FROM (SELECT *, row_number() OVER (PARTITION BY person ORDER BY seq DESC) "
        "AS newest FROM rhml.people) p WHERE newest = 1 AND role <> $1 ORDER BY person",
        [LEFT],
    )
    return dict(rows)


def everybody(store: Store) -> set[str]:
    """Everyone who ever had a role, also those who have left."""
    return {person for (person,) in store.read("SELECT DISTINCT person FROM rhml.people")}


def file_texts(store: Store, name: str) -> list[tuple[int, str]]:
    """Every version of a domain's file with its number, oldest first."""
    return store.read(
        "SELECT row_number() OVER (ORDER BY seq), text FROM rhml.domain_files WHERE domain = $1 ORDER BY seq",
        [name],
    )


def role(store: Store, person: str) -> str | None:
    """A person's newest role, 'left' included; None for a name the organization never knew."""
    rows = store.read("SELECT seq, role FROM rhml.people WHERE person = $1", [person])
    return max(rows)[1] if rows else None


def newest_role(tx: Transaction, person: str) -> str | None:
    """The same within a unit of work."""
    rows = tx.run("SELECT seq, role FROM rhml.people WHERE person = $1", [person])
    return max(rows)[1] if rows else None


def role_and_champion(tx: Transaction, schema: str, person: str) -> tuple[str | None, str | None]:
    """A person's newest role and the domain's live version, in one read: every decision asks for both."""
    rows = tx.run(
        "SELECT seq, role, NULL FROM rhml.people WHERE person = $1 "
        f"UNION ALL SELECT seq, NULL, version FROM {quoted(schema)}.promotions",
        [person],
    )
    roles = [(seq, role) for seq, role, _ in rows if role is not None]
    live = [(seq, version) for seq, _, version in rows if version is not None]
    return max(roles)[1] if roles else None, max(live)[1] if live else None


def set_role(tx: Transaction, person: str, role: str, *, at: datetime, by: str) -> None:
    """Give a person a role, change it, or end it with 'left'."""
    [seq] = tx.numbers(schema.ORGANIZATION)
    tx.append(
        "rhml.people", ("seq", "person", "role", "changed_at", "changed_by"), [(seq, person, role, at, by)]
    )


def last_visit(store: Store, person: str, domain_name: str) -> datetime | None:
    """When the person last looked at their outcomes."""
    rows = store.read(
        "SELECT max(seen_at) FROM rhml.visits WHERE person = $1 AND domain = $2", [person, domain_name]
    )
    return rows[0][0]


def record_visit(tx: Transaction, person: str, domain_name: str, *, at: datetime) -> None:
    """Remember that the person has seen their outcomes up to now."""
    tx.run("DELETE FROM rhml.visits WHERE person = $1 AND domain = $2", [person, domain_name])
    tx.run("INSERT INTO rhml.visits VALUES ($1, $2, $3)", [person, domain_name, at])
