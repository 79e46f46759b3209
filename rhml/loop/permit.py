"""Who may do what: leads promote, import and manage people; everyone else decides and asks."""

from __future__ import annotations

from rhml.errors import NotPermitted
from rhml.store import organization
from rhml.store.engine import Store


def lead(store: Store, person: str, act: str) -> None:
    """Refuse an act that only a lead may do, to a person whom the organization knows in another role.

    A name the organization does not know can only come from the machine's own command line, whose owner
    holds the log's file anyway; the app lets nobody choose one.
    """
    if not person.strip():
        raise NotPermitted(f"Say who does this: only a named person may {act}.")
    role = organization.role(store, person)
    if role == organization.LEFT:
        raise NotPermitted(f"{person} has left; only a lead may {act}.")
    if role not in (None, "lead"):
        raise NotPermitted(
            f"{person} is a {role} here; only a lead may {act}. Ask one, or change the role first."
        )
