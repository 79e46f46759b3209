"""The conflict room: a disagreement is raised, heard from every side, and settled by a lead who has none.

What is settled is what the organization acts on; the decision itself stays as its author made it, and reports go
on judging people by their own call. A settlement is nobody's outcome: it never says what proved right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.governance import OTHER, RAISED, RESULTS, SENT_BACK, Result
from rhml.errors import DecisionInvalid, NotPermitted, ReviewRefused
from rhml.loop.review import blind
from rhml.loop.review.sign import sentence
from rhml.store import log, organization, waiting
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id
from rhml.store.review import conflicts, reviews

ASK = "Say in a sentence what you disagree with: whoever settles it reads this first."
WHY = "Say why: everyone who has a side is told, and it stays on record."


@dataclass(frozen=True)
class Settled:
    """How a conflict ended."""

    conflict_id: str
    case_id: str
    result: str
    action: str | None
    why: str
    by: str


def raise_it(
    store: Store, domain: DecisionDomain, decision_id: str, *, by: str, why: str, at: datetime
) -> str:
    """Dispute a decision by hand, with a sentence; gives the conflict's id."""
    said = sentence(why, ASK)

    def unit(tx: Transaction) -> str:
        role = organization.role_and_champion(tx, domain.name, by)[0]
        if role not in ("manager", "lead"):
            known = f"{by} is {role} here" if role else f"{by or 'Nobody'} is not known here"
            raise NotPermitted(f"{known}; {domain.terms.manager}s and leads dispute decisions. Ask one.")
        made = _disputable(tx, domain, decision_id, by, role)
        conflict_id = new_id()
        conflicts.append_conflict(
            tx,
            domain.name,
            conflict_id,
            decision_id,
            made["case_id"],
            RAISED,
            author=made["manager"],
            by=by,
            why=said,
            at=at,
        )
        return conflict_id

    return store.write(unit)


def _disputable(
    tx: Transaction, domain: DecisionDomain, decision_id: str, by: str, role: str
) -> dict[str, Any]:
    """The decision, if it can be disputed now and by this person."""
    made = reviews.of_decision(tx.run, domain.name, decision_id)
    if made is None or blind.kept_from(tx.run, domain, made["case_id"], person=by, role=role):
        raise ReviewRefused("There is no such decision that you could dispute. Reload the page.")
    if made["manager"] == by:
        raise ReviewRefused("You made this decision: take it back instead.")
    if made["imported"]:
        raise ReviewRefused("This decision came with an older log: nobody here can answer for it.")
    if made["reversed"]:
        raise ReviewRefused("This decision was taken back, so there is nothing to dispute.")
    known = conflicts.of_decision(tx.run, domain.name, decision_id)
    if any(settled for _, settled in known):
        raise ReviewRefused(
            "A lead has settled this already. Should it be decided anew, ask a lead to take it back."
        )
    if known:
        raise ReviewRefused("This decision is in the conflict room already.")
    return made


def settle(
    store: Store,
    domain: DecisionDomain,
    conflict_id: str,
    result: Result,
    *,
    by: str,
    why: str,
    at: datetime,
    action: str | None = None,
) -> Settled:
    """End a conflict: the decision stands, another action takes its place, or the case is decided anew."""
    said = sentence(why, WHY)

    def unit(tx: Transaction) -> Settled:
        found = _open(tx, domain, conflict_id, by)
        decided = reviews.of_decision(tx.run, domain.name, found["decision_id"])["final_action"]
        chosen = _action(domain, result, action, decided)
        if result == SENT_BACK and conflicts.outcome(tx.run, domain.name, found["case_id"]):
            raise ReviewRefused(
                f"What proved right is known by now, so this {domain.terms.case} cannot be decided anew. "
                "Say whether the decision stands."
            )
        conflicts.append_resolution(tx, domain.name, found, result, action=chosen, why=said, by=by, at=at)
        if result == SENT_BACK:
            log.append_reversal(tx, domain.name, found["decision_id"], why=said, at=at, by=by)
            waiting.enter(tx, domain, "c.case_id = $1", [found["case_id"]])
        return Settled(conflict_id, found["case_id"], result, chosen, said, by)

    return store.write(unit)


def _open(tx: Transaction, domain: DecisionDomain, conflict_id: str, by: str) -> dict[str, Any]:
    """The conflict, if it is open and this lead has no side in it."""
    role = organization.role_and_champion(tx, domain.name, by)[0]
    if role != "lead":
        known = f"{by} is {role} here" if role else f"{by or 'Nobody'} is not known here"
        raise NotPermitted(f"{known}; only a lead may settle a conflict. Ask one, or change the role first.")
    found = conflicts.conflict(tx.run, domain.name, conflict_id)
    if found is None:
        raise ReviewRefused("There is no such conflict in this log. Reload the page.")
    if found["settled"]:
        raise ReviewRefused("Somebody settled this meanwhile, so nothing was changed. Take the next one.")
    if found["reversed"]:
        raise ReviewRefused(
            "The decision was taken back meanwhile, so there is nothing to settle. Take the next one."
        )
    sides = dict(conflicts.parties(tx.run, domain.name, found["decision_id"]))
    if by in sides:
        raise ReviewRefused(
            f"You have a side in this: you {sides[by]}. Another lead settles it; one can be named on the page Organization."
        )
    return found


def _action(domain: DecisionDomain, result: str, action: str | None, decided: str) -> str | None:
    """The action that takes the decision's place; None where none does."""
    if result not in RESULTS:
        raise DecisionInvalid(f"{result!r} is no result. Choose one of: {', '.join(RESULTS)}.")
    if result != OTHER:
        return None
    others = [key for key in domain.action_keys if key != decided]
    if action not in others:
        raise DecisionInvalid(f"Choose the action that takes its place: {', '.join(others)}.")
    return action


def taken_back(tx: Transaction, domain: DecisionDomain, decision_id: str, *, by_lead: bool) -> None:
    """Refuse its author, who is not alone any more, to take back a decision that a lead has settled."""
    if not by_lead and any(settled for _, settled in conflicts.of_decision(tx.run, domain.name, decision_id)):
        raise ReviewRefused("A lead has settled this in the conflict room. Ask a lead to take it back.")
