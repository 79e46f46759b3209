"""What waits for a second person: signatures, blind opinions, conflicts; and which decisions are in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.review import blind, sign
from rhml.store.engine import Store
from rhml.store.review import conflicts, reviews


@dataclass(frozen=True)
class ToSign:
    """A decision that awaits a signature: nothing of what was decided."""

    decision_id: str
    case_id: str
    author: str
    value: float | None
    above: float
    asked_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class ToJudge:
    """A case on which a blind second opinion is asked."""

    case_id: str
    value: float | None
    asked_at: datetime


@dataclass(frozen=True)
class ToSettle:
    """A conflict that nobody has settled; `parties` have a side in it."""

    conflict_id: str
    decision_id: str
    case_id: str
    kind: str
    value: float | None
    raised_at: datetime
    due_at: datetime | None
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """Everything of a domain that waits for a second person, each list in the order in which it should be taken."""

    signatures: tuple[ToSign, ...]
    opinions: tuple[ToJudge, ...]
    conflicts: tuple[ToSettle, ...]

    def as_dict(self) -> dict[str, list[dict[str, Any]]]:
        """As plain data: who waits for what since when."""
        return {
            "signatures": [vars(one) for one in self.signatures],
            "opinions": [vars(one) for one in self.opinions],
            "conflicts": [{**vars(one), "parties": len(one.parties)} for one in self.conflicts],
        }


def waiting(store: Store, domain: DecisionDomain) -> Waiting:
    """What waits in a domain, for whomever."""
    return Waiting(
        tuple(ToSign(**row) for row in reviews.unsigned(store, domain)),
        tuple(ToJudge(**row) for row in reviews.wanted_opinions(store, domain)),
        tuple(
            ToSettle(**{**row, "parties": tuple(row["parties"])}) for row in conflicts.waiting(store, domain)
        ),
    )


def to_sign(store: Store, domain: DecisionDomain, *, person: str, role: str) -> tuple[ToSign, ...]:
    """The decisions this person may sign, due soonest first."""
    if not sign.may_sign(domain, role):
        return ()
    return tuple(ToSign(**row) for row in reviews.unsigned(store, domain) if row["author"] != person)


def own_unsigned(store: Store, domain: DecisionDomain, *, person: str) -> tuple[ToSign, ...]:
    """This person's own decisions that await somebody else's signature."""
    return tuple(ToSign(**row) for row in reviews.unsigned(store, domain) if row["author"] == person)


def to_judge(store: Store, domain: DecisionDomain, *, person: str, role: str) -> tuple[ToJudge, ...]:
    """The cases on which this person may give a blind opinion, the oldest request first."""
    if role != blind.GIVES:
        return ()
    asked = reviews.wanted_opinions(store, domain)
    barred = reviews.barred(store, domain.name, person, [row["case_id"] for row in asked])
    return tuple(ToJudge(**row) for row in asked if row["case_id"] not in barred)


def disputed(store: Store, domain: DecisionDomain, *, person: str, role: str) -> tuple[ToSettle, ...]:
    """The conflicts this person may know of: all of them for a lead, else those they have a side in, which come last."""
    found = tuple(
        ToSettle(**{**row, "parties": tuple(row["parties"])}) for row in conflicts.waiting(store, domain)
    )
    known = [one for one in found if role == "lead" or person in one.parties]
    return tuple(sorted(known, key=lambda one: person in one.parties))


@dataclass(frozen=True)
class Mine:
    """What one person finds on Review: lists to work on, and their own decisions that wait for others."""

    signatures: tuple[ToSign, ...]
    opinions: tuple[ToJudge, ...]
    conflicts: tuple[ToSettle, ...]
    own: tuple[ToSign, ...]
    to_act_on: int


def mine(store: Store, domain: DecisionDomain, *, person: str, role: str) -> Mine:
    """The lists of one person; of conflicts only those can be acted on that a lead has no side in."""
    about = {"person": person, "role": role}
    unsigned = tuple(ToSign(**row) for row in reviews.unsigned(store, domain))
    may = sign.may_sign(domain, role)
    signs = tuple(one for one in unsigned if may and one.author != person)
    judges = to_judge(store, domain, **about)
    known = disputed(store, domain, **about)
    settles = sum(role == "lead" and person not in one.parties for one in known)
    own = tuple(one for one in unsigned if one.author == person)
    return Mine(signs, judges, known, own, len(signs) + len(judges) + settles)


EFFECTIVE = (
    "decision_id", "case_id", "decided_action", "decided_at", "state", "effective_action", "since",
)  # fmt: skip


def effective(store: Store, domain: DecisionDomain, *, state: str | None = None) -> pd.DataFrame:
    """What the organization's systems may act on: one row a decision, its effective action and its state.

    An action is empty that never came into force: it awaits a signature, or one was refused. A conflict about what
    was in force already leaves it so, and says *in conflict*.
    """
    return conflicts.effective(store, domain.name, EFFECTIVE, state)
