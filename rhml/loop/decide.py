"""A manager decides a case: the own call first where the card asks for it, then the final decision.

A decision is committed before this returns. The recommendation that counts is the one the card showed,
checked again inside the write; a case that left Pending meanwhile is refused and nothing is lost.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.records import Decision, FirstCall, check_decision
from rhml.errors import CaseGone, CaseTaken, DecisionInvalid, FirstCallMissing
from rhml.loop import permit
from rhml.loop.review import conflict, second_look
from rhml.store import case_file, claims, history, log, organization, waiting
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id


@dataclass(frozen=True)
class Choice:
    """What the form holds when a manager decides; `recommendation_id` is the one the card showed."""

    case_id: str
    action: str
    recommendation_id: str | None = None
    confidence: float | None = None
    reason: str | None = None
    rationale: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None


def commit_first_call(
    store: Store,
    domain: DecisionDomain,
    case_id: str,
    action: str,
    *,
    manager: str,
    at: datetime,
    confidence: float | None = None,
    seconds: float | None = None,
    marks: tuple[tuple[str, str], ...] = (),
) -> None:
    """Record the manager's own call, with what it rests on, before the recommendation is shown; a second one is
    refused, and one on a card that shows the recommendation at once."""
    permit.decider(store, manager)
    facts = case_file.facts(store, domain, case_id) if any(":" in factor for factor, _ in marks) else None
    draft = Decision("", case_id, manager, "", action, at, final_confidence=confidence, marks=marks)
    check_decision(domain, draft, facts)

    def unit(tx: Transaction) -> None:
        row = _free(tx, domain, case_id, case_file.waiting_row(tx, domain, case_id), manager, at)
        if row["recommendation_id"] and not claims.asks(domain, row, manager=manager, at=at):
            overdue = "" if row["mode"] == "assisted" else f"This {domain.terms.case} is overdue by now. "
            raise DecisionInvalid(
                f"{overdue}This card shows the recommendation at once, so there is no first call. Decide."
            )
        if case_file.first_call(tx, domain.name, case_id, manager):
            raise DecisionInvalid("Your own call on this case is on record already. Decide now.")
        call = FirstCall(new_id(), case_id, manager, row["mode"], action, confidence, at, seconds, marks)
        log.append_first_call(tx, domain.name, call)
        waiting.mark(tx, domain.name, case_id, called=True)

    store.write(unit)


def keep_draft(
    store: Store, domain: DecisionDomain, case_id: str, content: dict[str, Any] | None, *, manager: str
) -> None:
    """Keep a half-written form, so that a lost connection loses nothing; None lets it go."""
    text = json.dumps(content, ensure_ascii=False) if content else None
    store.write(lambda tx: case_file.save_draft(tx, domain.name, case_id, manager, text))


def decide(
    store: Store,
    domain: DecisionDomain,
    choice: Choice,
    *,
    manager: str,
    at: datetime,
    then_open: str | None = None,
) -> Decision:
    """Record a final decision and take the case off the waiting list; returns what was saved.

    `then_open` is claimed in the same commit, if it is free: a decision and the next case cost one write.
    """
    shown = _shown(store, domain, choice)

    def unit(tx: Transaction) -> Decision:
        role, live = organization.role_and_champion(tx, domain.name, manager)
        permit.may_decide(manager, role)
        taken = waiting.take_off(tx, domain.name, choice.case_id)
        row = _free(tx, domain, choice.case_id, taken, manager, at)
        decision = _checked(tx, domain, choice, row, shown, manager, at)
        log.append_decision(
            tx, domain.name, decision, live=live, secret=store.secret, at=at,
            shown=(shown.model_version, shown.probability, shown.likeliest_probability) if shown else None,
        )  # fmt: skip
        second_look.ask(tx, store.secret, domain, decision, row, shown, at=at)
        if row["drafted"] is not False:
            case_file.save_draft(tx, domain.name, choice.case_id, manager, None)
        if then_open is not None:
            with suppress(CaseTaken, CaseGone):  # somebody was faster; the decision stands all the same
                second_look.take(tx, store.secret, domain, then_open, manager, at=at)
        return decision

    return store.write(unit)


def _checked(
    tx: Transaction, domain: DecisionDomain, choice: Choice, row: dict, shown: StoredRecommendation | None,
    manager: str, at: datetime,
) -> Decision:  # fmt: skip
    """The decision that a choice comes to, held against the case as it is now."""
    if shown is None and row["recommendation_id"] is not None:
        raise DecisionInvalid("A recommendation has arrived for this case. Look at it, then decide.")
    called = row["called"] is not False
    first = case_file.first_call(tx, domain.name, choice.case_id, manager) if called else None
    asked = claims.asks(domain, row, manager=manager, at=at)
    decision = _decision(choice, row["mode"], asked, shown, first, manager, at)
    on_words = any(":" in factor for factor, _ in choice.marks)
    check_decision(domain, decision, case_file.facts(tx, domain, choice.case_id) if on_words else None)
    return decision


def _free(
    tx: Transaction, domain: DecisionDomain, case_id: str, row: dict | None, manager: str, at: datetime
) -> dict:
    """The case's row of the waiting list, if this manager may act on it now."""
    if row is None:
        case_file.facts(tx, domain, case_id)
        raise waiting.gone(case_id)
    taken = row["claimed_until"] is not None and row["claimed_until"] > at
    if taken and row["claimed_by"] != manager:
        raise CaseTaken(
            f"{row['claimed_by']} has {case_id} open, so nothing was changed. Take the next case."
        )
    return row


def _shown(store: Store, domain: DecisionDomain, choice: Choice) -> StoredRecommendation | None:
    """The recommendation the card showed, if it is one of this case."""
    if choice.recommendation_id is None:
        return None
    shown = case_file.recommendation(store, domain.name, choice.recommendation_id)
    if shown is None or shown.case_id != choice.case_id:
        raise DecisionInvalid("The recommendation on this card is not of this case. Reload the page.")
    return shown


def _decision(
    choice: Choice, mode: str, asked: bool, shown: StoredRecommendation | None, first: FirstCall | None,
    manager: str, at: datetime,
) -> Decision:  # fmt: skip
    if shown is not None and asked and first is None:
        raise FirstCallMissing("This card asks for your own call before the model's. Make it first.")
    drawn = mode != "assisted"
    if shown is None and first is None:
        # Nothing of a model was on the card, so the decision is an unaided call as it stands.
        first = FirstCall("", choice.case_id, manager, mode, choice.action, choice.confidence, at)
        mode = "first_call"
    return Decision(
        decision_id=new_id(),
        case_id=choice.case_id,
        manager=manager,
        mode=mode,
        first_action=first.action if first else None,
        first_confidence=first.confidence if first else None,
        recommendation_id=choice.recommendation_id,
        recommended_action=shown.action if shown else None,
        final_action=choice.action,
        final_confidence=choice.confidence,
        reason=choice.reason,
        rationale=choice.rationale,
        marks=choice.marks,
        seconds=choice.seconds,
        decided_at=at,
        asked=(asked or first is not None) if drawn else None,
        **({"intent_id": shown.intent_id, "likeliest_action": shown.likeliest_action} if shown else {}),
    )


def reverse(
    store: Store, domain: DecisionDomain, decision_id: str, *, by: str, at: datetime, why: str = ""
) -> str:
    """Take a decision back and return its case to Pending; the decision stays on record. Gives the case.

    A lead may take back another's by saying why, until its outcome is known: its author is told.
    """
    leads = bool(why.strip()) and organization.role(store, by) == "lead"

    def unit(tx: Transaction) -> str:
        found = history.reversible(tx, domain.name, decision_id)
        if found is None:
            raise DecisionInvalid("There is no such decision in this log. Reload the page.")
        case_id, manager, imported, reversed_already = found
        if imported or (manager != by and (not leads or history.has_outcome(tx, domain.name, case_id))):
            raise DecisionInvalid(
                f"Only {manager}, or a lead who says why before the outcome is known, can take this decision back, "
                "and only where it was made here."
            )
        if reversed_already:
            raise DecisionInvalid("This decision is reversed already.")
        conflict.taken_back(tx, domain, decision_id, by_lead=leads)
        log.append_reversal(tx, domain.name, decision_id, why=why, at=at, by=by)
        waiting.enter(tx, domain, "c.case_id = $1", [case_id])
        return case_id

    return store.write(unit)
