"""An erasure as one unit of work: every schema that holds the name, the texts beside the facts, the workspace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rhml.store import organization
from rhml.store.chain.schemas import chains
from rhml.store.erasing import case, person, workspace
from rhml.store.erasing.naming import new_alias
from rhml.store.erasing.redaction import Erasure, redact
from rhml.store.names import quoted
from rhml.store.opening import new_id
from rhml.store.schema import ORGANIZATION
from rhml.store.transaction import Transaction

Renamed = Callable[[bytes, str, str], bytes | None]
PERSON, CASE = "person", "case"


@dataclass(frozen=True)
class Redacted:
    """What an erasure came to: the alias, and how many facts it redacted in each schema."""

    alias: str
    facts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Facts redacted in all."""
        return sum(self.facts.values())


def _erasure(kind: str, why: str, by: str, at: datetime) -> Erasure:
    return Erasure(new_id(), kind, new_alias(kind), why, by, at)


def erase_person(
    tx: Transaction, name: str, *, secret: bytes, why: str, by: str, at: datetime,
    renamed: Renamed,
) -> Redacted:  # fmt: skip
    """Put one alias in the place of a name in every schema; `renamed` gives a team's model with the alias."""
    found = _erasure(PERSON, why, by, at)
    schemas = chains(tx, ORGANIZATION)
    facts = {}
    if organization.newest_role(tx, name) not in (None, organization.LEFT):
        organization.set_role(tx, name, organization.LEFT, at=at, by=by)
        tx.seals.seal()
    for schema in schemas:
        models = _teams(tx, schema, name, found.alias, renamed)
        changes = person.changes(tx, schema, name, found.alias, secret=secret, models=models)
        if changes:
            facts[schema] = redact(tx, schema, changes, found)
    workspace.of_person(tx, [s for s in schemas if s != ORGANIZATION], name, found.alias)
    mark_for_rewriting(tx, at)
    return Redacted(found.alias, facts)


def erase_cases(
    tx: Transaction, schema: str, case_ids: Sequence[str], *, features: Collection[str], why: str, by: str, at: datetime
) -> Redacted:  # fmt: skip
    """Redact some cases of a domain, each under an alias of its own; `features` are the columns of them that go."""
    found = _erasure(CASE, why, by, at)
    aliases = {case_id: new_alias(CASE) for case_id in case_ids}
    with case.lent(tx, aliases):
        count = redact(
            tx, schema, case.changes(tx, schema, aliases, features=features), found, list(aliases.values())
        )
    workspace.of_cases(tx, schema, aliases)
    mark_for_rewriting(tx, at)
    return Redacted(", ".join(aliases.values()), {schema: count})


def mark_for_rewriting(tx: Transaction, at: datetime) -> None:
    """Note that the log's file still holds what was erased, in space it has given free."""
    tx.run("DELETE FROM rhml.rewriting")
    tx.run("INSERT INTO rhml.rewriting VALUES ($1)", [at])


def occurrences(tx: Transaction, name: str) -> dict[str, int]:
    """In how many facts of each schema a name would be redacted; nothing is changed."""
    found = {}
    for schema in chains(tx, ORGANIZATION):
        changes = person.changes(tx, schema, name, "", secret=b"")
        numbers = {(c.table, int(s)) for c in changes for s in c.seqs}
        if numbers:
            found[schema] = len(numbers)
    return found


def of_case(tx: Transaction, schema: str, case_id: str) -> int:
    """How many facts tell of a case."""
    with case.lent(tx, {case_id: ""}):
        changes = case.changes(tx, schema, {case_id: ""}, features=())
    return len({(c.table, int(s)) for c in changes for s in c.seqs})


def _teams(tx: Transaction, schema: str, name: str, alias: str, renamed: Renamed) -> dict[int, bytes]:
    """The teams' models of a domain that know the name, with the alias, by their number."""
    if schema == ORGANIZATION:
        return {}
    rows = tx.run(f"SELECT seq, content FROM {quoted(schema)}.team_models ORDER BY seq")
    new = ((seq, renamed(bytes(content), name, alias)) for seq, content in rows)
    return {seq: content for seq, content in new if content is not None}
