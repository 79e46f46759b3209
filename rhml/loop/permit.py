"""Who may do what: managers decide, leads also promote, import and name people; analysts ask, trainees learn."""

from __future__ import annotations

from rhml.errors import NotPermitted
from rhml.store import organization
from rhml.store.engine import Store

DECIDES_NOT = {
    "analyst": "reads and asks as an analyst",
    "trainee": "practises on past cases as a trainee",
    organization.LEFT: "has left",
}


def decider(store: Store, person: str) -> None:
    """Refuse a decision to those who only read and ask, or who have left."""
    may_decide(person, organization.role(store, person))


def may_decide(person: str, role: str | None) -> None:
    """Refuse a decision to a role that only reads, asks or practises, or has left."""
    if role in DECIDES_NOT:
        raise NotPermitted(
            f"{person} {DECIDES_NOT[role]}; managers and leads decide. Choose one of them under 'You are'."
        )


def lead(store: Store, person: str, act: str) -> None:
    """Refuse an act that only a lead may do, to a person whom the organization knows in another role.

    A name the organization does not know can only come from the machine's own command line, whose owner
    holds the log's file anyway; the app lets nobody choose one.
    """
    may_lead(person, organization.role(store, person), act)


def may_lead(person: str, role: str | None, act: str) -> None:
    """Refuse an act that only a lead may do, to nobody and to another role."""
    if not person.strip():
        raise NotPermitted(f"Say who does this: only a named person may {act}.")
    if role == organization.LEFT:
        raise NotPermitted(f"{person} has left; only a lead may {act}.")
    if role not in (None, "lead"):
        raise NotPermitted(
            f"{person} is {'an' if role == 'analyst' else 'a'} {role} here; only a lead may {act}. Ask one, or change the role first."
        )
