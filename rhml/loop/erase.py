"""A person or a case is erased: the name and the words go, the counts stay, and the chain still verifies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.errors import ErasureRefused
from rhml.loop import backup, permit
from rhml.loop.records import record_packs
from rhml.machine.team.team_model import TeamModel
from rhml.store import case_file, organization
from rhml.store.engine import Store
from rhml.store.erasing import case, whole
from rhml.store.questions import asking
from rhml.store.reading import shelf

KEPT = (
    "Counts, verdicts and reports stay as they are, with an alias for the name. Models that learned from it stay until "
    "they are replaced."
)
OUTSIDE = (
    "What was taken out of the log before still holds it: copies, exports, printed reports, files once imported. "
    "Delete or erase it there too."
)


@dataclass(frozen=True)
class Preview:
    """What an erasure would redact: facts by schema, and copies of the log that hold it and stay."""

    facts: dict[str, int]
    copies: int

    @property
    def total(self) -> int:
        """Facts in all."""
        return sum(self.facts.values())


@dataclass(frozen=True)
class Erased:
    """What was erased, under which alias it goes on, and what a person still has to do elsewhere."""

    alias: str
    facts: dict[str, int]
    copies: int

    @property
    def message(self) -> str:
        """What came of it."""
        total = sum(self.facts.values())
        said = f"{total:,} {'fact' if total == 1 else 'facts'} redacted; on record as {self.alias!r}."
        copies = f" {self.copies} earlier {'copy' if self.copies == 1 else 'copies'} of the log beside it still hold it."
        return f"{said} {OUTSIDE}{copies if self.copies else ''}"


def preview_person(store: Store, name: str) -> Preview:
    """What erasing a person would redact; ErasureRefused where no fact holds the name."""
    with store.at_one_moment() as tx:
        facts = whole.occurrences(tx, name)
    if not name.strip() or not facts:
        raise ErasureRefused(
            f"No fact of this log names {name!r}. Write the name exactly as it stands in the log."
        )
    return Preview(facts, len(backup.copies(store)))


def erase_person(store: Store, name: str, *, by: str, at: datetime, why: str) -> Erased:
    """Erase a person everywhere in the log."""
    permit.lead(store, by, "erase a person")
    if name == by:
        raise ErasureRefused("Nobody erases themselves: who erased whom stays on record. Ask another lead.")
    preview = preview_person(store, name)
    _reason(why)

    done = store.write(
        lambda tx: whole.erase_person(
            tx, name, secret=store.secret, why=why.strip(), by=by, at=at, renamed=_renamed
        )
    )
    forget(store, organization.domain_names(store))
    return Erased(done.alias, done.facts, preview.copies)


def preview_case(store: Store, domain: DecisionDomain, case_id: str) -> Preview:
    """What erasing a case would redact; ErasureRefused while it still waits."""
    with store.at_one_moment() as tx:
        case_file.facts(tx, domain, case_id)
        if case.waits(tx, domain.name, case_id):
            raise ErasureRefused(
                f"{case_id} still waits to be decided, and nobody could decide on nothing. Decide it first."
            )
        return Preview({domain.name: whole.of_case(tx, domain.name, case_id)}, len(backup.copies(store)))


def erase_case(
    store: Store, domain: DecisionDomain, case_id: str, *, by: str, at: datetime, why: str
) -> Erased:
    """Erase a decided case: its facts but those the domain keeps, every text about it, and its number."""
    permit.lead(store, by, "erase a case")
    preview = preview_case(store, domain, case_id)
    _reason(why)
    done = store.write(
        lambda tx: whole.erase_cases(
            tx, domain.name, [case_id], features=going(domain), why=why.strip(), by=by, at=at
        )
    )
    forget(store, [domain.name])
    return Erased(done.alias, done.facts, preview.copies)


def going(domain: DecisionDomain) -> tuple[str, ...]:
    """The columns of a case that go when it is erased."""
    return tuple(f.name for f in domain.features if f.name not in domain.kept_columns)


def _reason(why: str) -> None:
    if not why.strip():
        raise ErasureRefused("Say why: the reason stays on record, so name nobody in it.")


def _renamed(stored: bytes, name: str, alias: str) -> bytes | None:
    """A team's model with the alias for a name; None if it does not know the name."""
    model = TeamModel.from_bytes(stored)
    if name not in model.people and name not in model.calls:
        return None
    people, calls = (
        {alias if k == name else k: v for k, v in own.items()} for own in (model.people, model.calls)
    )
    return replace(model, people=people, calls=calls).to_bytes()


def forget(store: Store, domains: list[str]) -> None:
    """Let go of every copy in memory and beside the log."""
    store.forget()
    asking.let_go_of_all()
    for name in domains:
        shelf.drop(store, organization.domain(store, name))
        record_packs.drop(store, organization.domain(store, name))
