"""The five fields in which people and a model are known to teach each other, and how each comes into a demo log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.demo.desk import LogInUse
from rhml.demo.world import demo_domain
from rhml.demo.year import LEAD, Progress
from rhml.errors import RhmlError
from rhml.store import demo_log, organization
from rhml.store.engine import SCHEME, Store, path_of
from rhml.store.opening import open_store


class NoSuchField(RhmlError):
    """A name that is none of the five."""


@dataclass(frozen=True)
class Field:
    """One field of the method: its key in addresses and commands, its words, its room and its domains, the first one first.

    `seconds` says about how long its year takes to live through on two cores.
    """

    key: str
    title: str
    sentence: str
    domains: tuple[str, ...]
    room: str
    seconds: int

    @property
    def people(self) -> dict[str, str]:
        """Everybody who works in the field, with the role."""
        return dict(import_module(f"rhml.demo.{self.room}").PEOPLE)

    @property
    def build(self) -> Callable[..., dict[str, Any]]:
        """What lives through the field's year in an empty log."""
        return import_module(f"rhml.demo.{self.room}").build

    def files(self) -> tuple[DecisionDomain, ...]:
        """The domain files of the field, as they come with the product."""
        return tuple(demo_domain(name) for name in self.domains)


FIELDS = (
    Field(
        "organizational",
        "Organizational decisions",
        "Buyers, credit officers and underwriters decide on money.",
        ("purchase_requests", "supplier_credit", "boston_mortgages"),
        "organization",
        40,
    ),
    Field(
        "cybersecurity",
        "Cybersecurity",
        "Threat analysts triage short messages and suspicious sites.",
        ("message_triage", "phishing_sites"),
        "cybersecurity.field",
        70,
    ),
    Field(
        "workplace_training",
        "Workplace training",
        "New claims handlers practise on cases whose end is known.",
        ("claims_training",),
        "training.field",
        30,
    ),
    Field(
        "open_science",
        "Open science",
        "Experts and a model foretell which findings will replicate.",
        ("replications",),
        "open_science.field",
        20,
    ),
    Field(
        "logistics",
        "Production and logistics",
        "Dispatchers decide which planned shipments to change before they are late.",
        ("shipments",),
        "logistics.field",
        30,
    ),
)
FIRST = FIELDS[0]
"""The field that a newcomer sees first."""


def field(key: str) -> Field:
    """The field of a key; NoSuchField names the five."""
    found = next((one for one in FIELDS if one.key == key), None)
    if found is None:
        raise NoSuchField(
            f"{key!r} is none of the fields. Choose one of: {', '.join(f.key for f in FIELDS)}."
        )
    return found


def field_of(domain: str) -> Field | None:
    """The field to which a domain of the demo belongs; None for any other domain."""
    return next((one for one in FIELDS if domain in one.domains), None)


def refuse(store: Store, chosen: Field) -> None:
    """The demo moves into a log that is nobody's or a demo already, and each field once."""
    held = demo_log.fields(store)
    there = organization.domain_names(store)
    if not held and not demo_log.is_nobodys(store):
        whose = f"holds {', '.join(there)}" if there else "has people"
        raise LogInUse(
            f"This log {whose} already, so no demo organization was built in it. "
            "Name an empty log with --db duckdb:///demo.duckdb."
        )
    if chosen.key in held:
        raise LogInUse(f"{chosen.title} is in this log already. Choose another field, or another log.")
    if taken := [name for name in chosen.domains if name in there]:
        raise LogInUse(
            f"This log has {', '.join(taken)} of its own, so {chosen.title} was not built in it. "
            "Name an empty log with --db duckdb:///demo.duckdb."
        )


def bring(
    store: Store, key: str, *, at: datetime, progress: Progress, seed: int = 7, size: float = 1.0
) -> dict[str, Any]:
    """Live through a field's year in a log beside this one, and move it in whole; returns what it came to.

    Raises LogInUse where the log is an organization's own, or holds the field already.
    """
    chosen = field(key)
    refuse(store, chosen)
    beside = _beside(store, chosen)
    _remove(beside)
    other = open_store(f"{SCHEME}{beside}", now=at, secret=store.secret.decode())
    try:
        built = chosen.build(other, at=at, progress=progress, seed=seed, size=size)
        again = partial(refuse, store, chosen)  # somebody may have brought something meanwhile
        demo_log.move_in(store, other, chosen.key, roles=chosen.people, by=LEAD, at=at, refuse=again)
    finally:
        other.close()
        _remove(beside)
    progress(1.0, f"{chosen.title} is ready")
    return {
        "field": chosen.key,
        "domain": chosen.domains[0],
        "domains": built.get("domains", built),
        "people": chosen.people,
        "message": f"{chosen.title} is ready.",
    }


def _beside(store: Store, chosen: Field) -> Path:
    path = path_of(store.url)
    return path.with_name(f"{path.name}.{chosen.key}-being-built")


def clear(store: Store) -> None:
    """Remove what a building that was cut off left beside the log."""
    for chosen in FIELDS:
        _remove(_beside(store, chosen))


def _remove(beside: Path) -> None:
    for ending in ("", ".wal"):
        beside.with_name(beside.name + ending).unlink(missing_ok=True)
