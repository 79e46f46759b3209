"""People and roles: who manages, who analyses, who leads."""

from __future__ import annotations

import re
from datetime import datetime

from rhml.errors import NotPermitted, RhmlError
from rhml.loop import permit
from rhml.store import organization
from rhml.store.engine import Store

NAME = re.compile(r"[^\s\x00-\x1f].{0,118}[^\s\x00-\x1f]|[^\s\x00-\x1f]")


class RoleInvalid(RhmlError):
    """The name or the role cannot be used."""


def set_role(store: Store, person: str, role: str, *, by: str, at: datetime) -> None:
    """Give, change or end ('left') a person's role. The organization always keeps one lead."""
    people = organization.people(store)
    if people:
        permit.lead(store, by, "change roles")
    if not NAME.fullmatch(person):
        raise RoleInvalid("A name has 1 to 120 characters and no line breaks. Shorten or retype it.")
    if role not in (*organization.ROLES, organization.LEFT):
        raise RoleInvalid(f"{role!r} is no role. Choose one of: {', '.join(organization.ROLES)}.")
    leads = {p for p, r in people.items() if r == "lead"} | ({person} if role == "lead" else set())
    if role != "lead" and not leads - {person}:
        raise NotPermitted("The organization needs at least one lead. Make somebody else a lead first.")
    if people.get(person) == role:
        return

    store.write(lambda tx: organization.set_role(tx, person, role, at=at, by=by))
