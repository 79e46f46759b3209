"""Sign another person's decision, or refuse to: above the domain's limit no decision is in force with one name alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.core.governance import REFUSED
from rhml.errors import NotPermitted, RationaleMissing, ReviewRefused
from rhml.store import organization
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id
from rhml.store.review import conflicts, reviews

LONGEST = 500


@dataclass(frozen=True)
class Signed:
    """A signature given, or refused: then the decision is in the conflict room."""

    decision_id: str
    case_id: str
    author: str
    action: str
    by: str
    refused: bool


def may_sign(domain: DecisionDomain, role: str | None) -> bool:
    """Whether a role signs other people's decisions here."""
    return role == "lead" or (role == "manager" and domain.governance.signers == "manager")


def sign(store: Store, domain: DecisionDomain, decision_id: str, *, by: str, at: datetime) -> Signed:
    """Put a second name under a decision: it is in force from now on."""

    def unit(tx: Transaction) -> Signed:
        made = _awaiting(tx, domain, decision_id, by)
        reviews.append_signature(tx, domain.name, decision_id, made["case_id"], "signed", by=by, at=at)
        return Signed(decision_id, made["case_id"], made["manager"], made["final_action"], by, False)

    return store.write(unit)


def refuse(
    store: Store, domain: DecisionDomain, decision_id: str, *, by: str, why: str, at: datetime
) -> Signed:
    """Keep the second name back, with the reason: the decision goes to the conflict room."""
    said = sentence(why, "Say in a sentence why you do not sign: whoever settles it reads this.")

    def unit(tx: Transaction) -> Signed:
        made = _awaiting(tx, domain, decision_id, by)
        case_id = made["case_id"]
        reviews.append_signature(tx, domain.name, decision_id, case_id, "refused", by=by, why=said, at=at)
        conflicts.append_conflict(
            tx,
            domain.name,
            new_id(),
            decision_id,
            case_id,
            REFUSED,
            author=made["manager"],
            by=by,
            why=said,
            at=at,
        )
        return Signed(decision_id, case_id, made["manager"], made["final_action"], by, True)

    return store.write(unit)


def sentence(why: str, ask: str) -> str:
    """A reason as it is kept: given, and no longer than a few sentences."""
    if not why.strip():
        raise RationaleMissing(ask)
    if len(why.strip()) > LONGEST:
        raise RationaleMissing(f"The reason is longer than {LONGEST} characters. Shorten it.")
    return why.strip()


STATES = {
    "none": "This decision needs no second signature. Reload the page.",
    "signed": "Somebody signed this decision meanwhile, so nothing was changed. Take the next one.",
    "refused": "Somebody refused to sign this meanwhile: it is in the conflict room. Take the next one.",
    "reversed": "This decision was taken back meanwhile, so there is nothing to sign. Take the next one.",
    "in conflict": "This decision is in the conflict room: what is settled there counts. Take the next one.",
}


def _awaiting(tx: Transaction, domain: DecisionDomain, decision_id: str, by: str) -> dict:
    """The decision, if it waits for a signature that this person may give, as things stand inside the unit."""
    permitted(domain, organization.role_and_champion(tx, domain.name, by)[0], by)
    made = reviews.of_decision(tx.run, domain.name, decision_id)
    if made is None:
        raise ReviewRefused("There is no such decision in this log. Reload the page.")
    if made["manager"] == by:
        raise ReviewRefused("You decided this yourself: the second signature is another person's.")
    state = reviews.signature_state(tx.run, domain.name, decision_id)
    if state in STATES:
        raise ReviewRefused(STATES[state])
    return made


def permitted(domain: DecisionDomain, role: str | None, person: str) -> None:
    """Refuse a signature to whoever may not give one here."""
    if not may_sign(domain, role):
        who = "leads" if domain.governance.signers == "lead" else f"leads and {domain.terms.manager}s"
        known = f"{person} is {role} here" if role else f"{person or 'Nobody'} is not known here"
        raise NotPermitted(
            f"{known}; {who} sign decisions in {domain.title}. Ask one, or change the role first."
        )
