"""A lead accepts or declines a proposal, with a reason; an accepted one is a new version of the domain file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import get_args

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Kind
from rhml.errors import DecisionInvalid, ProposalGone
from rhml.loop import permit, trial
from rhml.loop.propose import AGAIN
from rhml.machine.proposing.edits import Collect, Edit, FirstCalls, Rule, edit_of, edited
from rhml.machine.proposing.policies import holds
from rhml.machine.proposing.proposals import field_name
from rhml.store import frames, organization, proposals, waiting
from rhml.store.engine import Store, Transaction

Field = StrEnum("Field", get_args(Kind))
"""What a collected field may hold."""


@dataclass(frozen=True)
class Settled:
    """What a lead made of a proposal; `retrain` says that the next retraining brings it about."""

    proposal_id: str
    kind: str
    decided: str
    by: str
    why: str
    retrain: bool
    message: str


def accept(
    store: Store,
    domain: DecisionDomain,
    proposal_id: str,
    *,
    by: str,
    why: str,
    at: datetime,
    label: str | None = None,
    kind: Kind | None = None,
) -> Settled:
    """Make the edit in the domain's file, with a reason; a field to collect may get another label and kind."""
    permit.lead(store, by, "accept a proposal")
    _reason(why)
    found = proposals.proposal(store, domain.name, proposal_id)
    newest = organization.domain(store, domain.name)
    edit = _as_accepted(edit_of(found.kind, found.content), newest, why, label, kind)
    new = edited(newest, edit)
    touched = _under(store, newest, edit)

    def unit(tx: Transaction) -> None:
        if not organization.is_newest(tx, newest):
            raise ProposalGone(
                "The domain file was changed at this very moment. Look at it, then accept again."
            )
        proposals.decide(tx, domain.name, proposal_id, kind="accepted", by=by, why=why.strip(), at=at)
        organization.save_domain(tx, new, at=at, by=by)
        waiting.score_again(tx, domain.name, touched)

    store.write(unit)
    trains = trial.needs_training(edit)
    return Settled(proposal_id, found.kind, "accepted", by, why.strip(), trains, _after(edit, newest))


def _as_accepted(edit: Edit, domain: DecisionDomain, why: str, label: str | None, kind: Kind | None) -> Edit:
    match edit:
        case Collect():
            words = (label or "").strip() or edit.label
            return Collect(field_name(words, domain), words, kind or edit.kind)
        case Rule():
            return replace(edit, why=why.strip())
        case _:
            return edit


def _under(store: Store, domain: DecisionDomain, edit: Edit) -> list[str]:
    """Waiting cases whose card changes at once: those under a policy that is now stated."""
    if not isinstance(edit, Rule):
        return []
    undecided = frames.undecided(store, domain)
    return undecided.loc[holds(edit.when, undecided), "case_id"].tolist()


def _after(edit: Edit, domain: DecisionDomain) -> str:
    """What happens next."""
    match edit:
        case Collect(name, label):
            return (
                f"“{label}” is a field now: {domain.terms.manager}s fill it in on the card, and files may have a "
                f"column {name!r}. A model reads it once enough {domain.terms.many} have a value."
            )
        case Rule():
            return f"The card of each new {domain.terms.case} under the policy says so from now on."
        case FirstCalls(share):
            return f"New {domain.terms.many} ask for the own call first in {share * 100:.0f} % of all; those drawn already stay as they are."
        case _:
            return "The domain file says so now. Retrain for a version that has learned with it."


def decline(
    store: Store, domain: DecisionDomain, proposal_id: str, *, by: str, why: str, at: datetime
) -> Settled:
    """Leave the domain as it is, with a reason."""
    permit.lead(store, by, "decline a proposal")
    _reason(why)
    found = proposals.proposal(store, domain.name, proposal_id)
    store.write(
        lambda tx: proposals.decide(
            tx, domain.name, proposal_id, kind="declined", by=by, why=why.strip(), at=at
        )
    )
    message = f"Declined. It comes back once {AGAIN} times the overrides speak for it."
    return Settled(proposal_id, found.kind, "declined", by, why.strip(), False, message)


def _reason(why: str) -> None:
    if not why.strip():
        raise DecisionInvalid("Say why: the reason stays beside the proposal for good.")
    if len(why) > 500:
        raise DecisionInvalid("The reason is longer than 500 characters. Shorten it.")
