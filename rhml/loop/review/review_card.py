"""What a second person sees of a case: the bare facts to judge it blind, or all that was said to sign or to settle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import ReviewRefused
from rhml.loop.card import Card, ModelWords, revealed
from rhml.loop.review import blind, opinion, sign
from rhml.store import case_file, organization
from rhml.store.engine import Store
from rhml.store.review import conflicts, reviews


@dataclass(frozen=True)
class Heard:
    """One side of a conflict: who it is without a name, the action it called (None: none), how sure, and its words."""

    who: str
    said: str
    action: str | None
    confidence: float | None
    words: str
    mine: bool = False


@dataclass(frozen=True)
class Dispute:
    """A conflict as a reader may see it; `side` is what the reader did in it, empty for who has none."""

    conflict: dict[str, Any]
    decision: dict[str, Any]
    heard: tuple[Heard, ...]
    card: Card
    outcome: str | None
    resolution: dict[str, Any] | None
    side: str


def to_judge(store: Store, domain: DecisionDomain, case_id: str, *, person: str) -> Card:
    """The facts of a case and nothing else; refused, with the reason, to who could not judge it blind."""
    opinion.may_give(store, domain, case_id, manager=person)
    return _bare(domain, case_file.facts(store, domain, case_id))


def _bare(domain: DecisionDomain, facts: dict[str, Any]) -> Card:
    return Card(
        case_id=facts["case_id"], facts=facts, mode="assisted", stage="closed", recommendation=None, features=(),
        first_call=None, waiting=None,
    )  # fmt: skip


def to_sign(
    store: Store, domain: DecisionDomain, decision_id: str, *, person: str, at: datetime,
    words_of: Callable[[str], ModelWords],
) -> tuple[dict[str, Any], Card]:  # fmt: skip
    """A decision that awaits a signature, with its card as it was answered; opening it is noted where an opinion is
    asked, because whoever has seen it gives none."""
    sign.permitted(domain, organization.role(store, person), person)
    made = reviews.of_decision(store.read, domain.name, decision_id)
    state = reviews.signature_state(store.read, domain.name, decision_id)
    if made is None or state in sign.STATES:
        raise ReviewRefused(sign.STATES.get(state, sign.STATES["none"]))
    if made["manager"] == person:
        raise ReviewRefused("You decided this yourself: the second signature is another person's.")
    blind.saw(store, domain, made["case_id"], person=person, at=at)
    return made, answered(store, domain, made, words_of)


def answered(
    store: Store, domain: DecisionDomain, made: dict[str, Any], words_of: Callable[[str], ModelWords]
) -> Card:
    """The card that a decision answered: its facts and the recommendation that was shown."""
    bare = _bare(domain, case_file.facts(store, domain, made["case_id"]))
    shown_id = made["recommendation_id"]
    shown = case_file.recommendation(store, domain.name, shown_id) if shown_id else None
    if shown is None:
        return bare
    features, typical, groups = words_of(shown.model_version)
    base = replace(bare, stage="decide", features=features, typical=typical, groups=groups)
    return revealed(store, domain, base, shown, peers=[], held_of=None, decided=made["decision_id"])


def to_settle(
    store: Store, domain: DecisionDomain, conflict_id: str, *, person: str, role: str,
    words_of: Callable[[str], ModelWords],
) -> Dispute:  # fmt: skip
    """A conflict with every side of it, for leads and for those who have one."""
    found = conflicts.conflict(store.read, domain.name, conflict_id)
    sides = dict(conflicts.parties(store.read, domain.name, found["decision_id"])) if found else {}
    if found is None or (role != "lead" and person not in sides):
        raise ReviewRefused("There is no such conflict that you have a side in. Reload the page.")
    made = reviews.of_decision(store.read, domain.name, found["decision_id"])
    card = answered(store, domain, made, words_of)
    # The bank judges models and people: who has a side in it learns no outcome of its cases.
    told = role == "lead" and not (card.facts["bank"] and person in sides)
    return Dispute(
        conflict=found,
        decision=made,
        heard=_heard(store, domain, found, made, sides.get(person, "")),
        card=card,
        outcome=conflicts.outcome(store.read, domain.name, found["case_id"]) if told else None,
        resolution=conflicts.resolution(store.read, domain.name, conflict_id),
        side=sides.get(person, ""),
    )


def _heard(
    store: Store, domain: DecisionDomain, found: dict[str, Any], made: dict[str, Any], side: str
) -> tuple[Heard, ...]:
    """What each side said, without names: who decided first, then whoever stands against it."""
    said = conflicts.said(store.read, domain.name, made["decision_id"])
    reason = made["reason"] or ""
    words = (
        f"{reason}: {made['rationale']}"
        if reason and made["rationale"]
        else reason or made["rationale"] or ""
    )
    first = f"First {domain.terms.manager}"
    heard = [
        Heard(first, "decided", made["final_action"], made["final_confidence"], words, side == "decided")
    ]
    if said["refused"]:
        why, _ = said["refused"]
        heard.append(Heard("Second signature", "refused", None, None, why, side == "refused to sign"))
    if said["opinion"]:
        action, confidence, text, _ = said["opinion"]
        second = f"Second {domain.terms.manager}"
        mine = side == "gave a second opinion"
        heard.append(Heard(second, "judged it blind", action, confidence, text or "", mine))
    if said["asked"]:
        action, confidence, question, _ = said["asked"]
        heard.append(
            Heard(
                "Who asked a lead", "had called", action, confidence, question or "", side == "asked a lead"
            )
        )
    if found["kind"] == "raised":
        heard.append(Heard("Who disputes it", "says", None, None, found["why"], side == "raised it"))
    return tuple(heard)
