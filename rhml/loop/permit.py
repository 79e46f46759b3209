"""Who may do what: managers decide, leads also promote, import and manage people, analysts read and ask."""

from __future__ import annotations

from rhml.errors import NotPermitted
from rhml.store import organization
from rhml.store.engine import Store


def decider(store: Store, person: str) -> None:
    """Refuse a decision to those who only read and ask, or who have left."""
    may_decide(person, organization.role(store, person))


def may_decide(person: str, role: str | None) -> None:
    """Refuse a decision to a role that only reads and asks, or has left."""
    if role in ("analyst", organization.LEFT):
        who = "has left" if role == organization.LEFT else "reads and asks as an analyst"
        raise NotPermitted(f"{person} {who}; managers and leads decide. Choose one of them under 'You are'.")


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
            f"{person} is {'an' if role == 'analyst' else 'a'} {role} here; only a lead may {act}. Ask one, or change the role first."
        )
