"""People and roles: who manages, who analyses, who leads."""

from __future__ import annotations

from datetime import datetime

from rhml.errors import NotPermitted, RhmlError
from rhml.loop import permit
from rhml.store import organization
from rhml.store.engine import Store, Transaction

LONGEST = 120


class RoleInvalid(RhmlError):
    """The name or the role cannot be used."""


def set_role(store: Store, person: str, role: str, *, by: str, at: datetime) -> None:
    """Give, change or end ('left') a person's role. The organization always keeps one lead."""
    if not person.isprintable() or person != person.strip() or not 0 < len(person) <= LONGEST:
        raise RoleInvalid("A name has 1 to 120 characters and no line breaks. Shorten or retype it.")
    if role not in (*organization.ROLES, organization.LEFT):
        raise RoleInvalid(f"{role!r} is no role. Choose one of: {', '.join(organization.ROLES)}.")

    def unit(tx: Transaction) -> None:
        # Writes wait for one another, so two leads cannot end each other at the same moment.
        people = organization.people(store)
        if people:
            permit.lead(store, by, "change roles")
        leads = {p for p, r in people.items() if r == "lead"} | ({person} if role == "lead" else set())
        if role != "lead" and not leads - {person}:
            raise NotPermitted("The organization needs at least one lead. Make somebody else a lead first.")
        if role == organization.LEFT and person not in people:
            raise RoleInvalid(f"{person} has no role here that could end.")
        if people.get(person) != role:
            organization.set_role(tx, person, role, at=at, by=by)

    store.write(unit)
