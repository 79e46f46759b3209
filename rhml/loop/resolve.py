"""Outcomes arrive: which action proved right. Corrections and withdrawals are new facts."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.records import Outcome
from rhml.errors import DecisionInvalid
from rhml.loop import permit
from rhml.store import case_file, history, imports, log, waiting
from rhml.store.engine import Store, Transaction
from rhml.store.imports import Appended
from rhml.store.opening import new_id


def resolve(
    store: Store, domain: DecisionDomain, outcomes: pd.DataFrame, *, by: str, at: datetime
) -> Appended:
    """Record checked outcomes (case_id, right_action, known_at); the same again changes nothing."""
    permit.lead(store, by, "record outcomes")
    return store.write(lambda tx: imports.append_outcomes(tx, domain, outcomes, at=at, by=by))


def resolve_one(
    store: Store,
    domain: DecisionDomain,
    case_id: str,
    right_action: str,
    *,
    known_at: datetime,
    by: str,
    at: datetime,
) -> Appended:
    """Record or correct one case's outcome from a form; says whether it was new, known or corrected."""
    if domain.outcome is None:
        raise DecisionInvalid(
            f"{domain.title} declares no outcome. Add an [outcome] table to its file first."
        )
    if right_action not in domain.action_keys:
        raise DecisionInvalid(
            f"{right_action!r} is no action. Choose one of: {', '.join(domain.action_keys)}."
        )
    if known_at > at:
        raise DecisionInvalid("An outcome cannot become known in the future. Check the date.")
    case_file.facts(store, domain, case_id)
    outcomes = pd.DataFrame({"case_id": [case_id], "right_action": [right_action], "known_at": [known_at]})
    return resolve(store, domain, outcomes, by=by, at=at)


def withdraw(store: Store, domain: DecisionDomain, case_id: str, *, by: str, at: datetime) -> None:
    """Take an outcome back: the case counts as unresolved again."""
    permit.lead(store, by, "withdraw an outcome")

    def unit(tx: Transaction) -> None:
        if not history.has_outcome(tx, domain.name, case_id):
            raise DecisionInvalid(f"No outcome of {case_id} is on record, so there is none to withdraw.")
        outcome = Outcome(new_id(), case_id, None, None, withdrawn=True)
        log.append_outcome(tx, domain.name, outcome, at=at, by=by)
        waiting.enter(tx, domain, "c.case_id = $1", [case_id])

    store.write(unit)
