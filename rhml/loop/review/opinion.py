"""Give a blind second opinion: another manager calls the case from its facts, and only then learns what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.core.governance import DIFFERS, Opinion
from rhml.errors import DecisionInvalid, NotPermitted, ReviewRefused
from rhml.loop.review import blind
from rhml.loop.review.sign import sentence
from rhml.store import organization
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id
from rhml.store.review import conflicts, reviews
from rhml.store.review.reviews import Run


@dataclass(frozen=True)
class Given:
    """An opinion on record, and what the first manager had decided."""

    opinion: Opinion
    decided: str
    disputed: bool

    @property
    def differs(self) -> bool:
        """Whether the two came to different actions."""
        return self.opinion.action != self.decided


def give(
    store: Store,
    domain: DecisionDomain,
    case_id: str,
    action: str,
    *,
    manager: str,
    at: datetime,
    rationale: str,
    confidence: float | None = None,
    seconds: float | None = None,
) -> Given:
    """Record an opinion; where it differs from the decision, both go to the conflict room.

    The sentence is asked of everyone: who judges blind cannot know whether it will be needed.
    """
    _possible(domain, action, confidence)
    said = sentence(
        rationale, "Say in a sentence what your opinion rests on: should it differ, it is read then."
    )

    def unit(tx: Transaction) -> Given:
        role = organization.role_and_champion(tx, domain.name, manager)[0]
        decision_id, author, decided = _asked(tx.run, domain, case_id, manager, role)
        given = Opinion(new_id(), case_id, decision_id, manager, action, confidence, said, seconds)
        reviews.append_opinion(tx, domain.name, given, secret=store.secret, at=at)
        # What is in the conflict room, or came out of it, is not brought there twice.
        disputed = action != decided and not conflicts.of_decision(tx.run, domain.name, decision_id)
        if disputed:
            conflicts.append_conflict(
                tx,
                domain.name,
                new_id(),
                decision_id,
                case_id,
                DIFFERS,
                author=author,
                by=manager,
                why="",
                at=at,
            )
        return Given(given, decided, disputed)

    return store.write(unit)


def _possible(domain: DecisionDomain, action: str, confidence: float | None) -> None:
    """Refuse an action that the domain does not have, and a confidence that is no probability."""
    if action not in domain.action_keys:
        known = ", ".join(domain.action_keys)
        raise DecisionInvalid(f"{action!r} is no action of {domain.title}. Choose one of: {known}.")
    if confidence is not None and not 0 <= confidence <= 1:
        raise DecisionInvalid(f"A confidence is a probability between 0 and 1, not {confidence}.")


def may_give(store: Store, domain: DecisionDomain, case_id: str, *, manager: str) -> None:
    """Refuse, with the reason, an opinion that this person cannot give; a page asks before it shows the case."""
    _asked(store.read, domain, case_id, manager, organization.role(store, manager))


def _asked(
    run: Run, domain: DecisionDomain, case_id: str, manager: str, role: str | None
) -> tuple[str, str, str]:
    """The decision that the opinion is about, its author and its action, if this person may judge it blind."""
    if role != blind.GIVES:
        known = f"{manager} is {role} here" if role else f"{manager or 'Nobody'} is not known here"
        raise NotPermitted(
            f"{known}. Second opinions are given by {domain.terms.manager}s, to whom other people's decisions do not show."
        )
    found = reviews.open_opinion(run, domain.name, case_id)
    refused = blind.why_not(domain, reviews.involvement(run, domain.name, case_id, manager))
    if refused:
        raise ReviewRefused(refused)
    if found is None:
        raise ReviewRefused(
            f"No second opinion is asked on {case_id} any more: somebody gave it, the decision was taken back, or its "
            "outcome is known. Take the next one."
        )
    return found
