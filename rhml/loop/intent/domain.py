"""What becomes of the intent in force when the domain's file changes: it stays, is reckoned anew, or ends with a fact."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent, cost_matrix
from rhml.core.intent_words import problems
from rhml.store import intents
from rhml.store.engine import Transaction
from rhml.store.intents import WITHDRAWN, Entry

BY = "rhml"
"""Who ends an intent that the domain file does not know any more, as it stays on record."""


def follow(tx: Transaction, earlier: DecisionDomain | None, domain: DecisionDomain, *, at: datetime) -> None:
    """In the unit of work of the new file. An intent that it cannot hold any more ends; where only what its mistakes
    cost has changed, the waiting cases are recommended for anew."""
    entry = intents.in_force(tx, domain.name) if earlier else None
    if entry is None:
        return
    intent = Intent.of(entry.content)
    wrong = problems(domain, intent)
    if wrong:
        why = f"The domain file cannot hold it any more. {' '.join(wrong)}"
        intents.append(tx, domain.name, Entry(entry.intent_id, WITHDRAWN, {}, {}, BY, why, at))
    if wrong or cost_matrix(earlier, intent) != cost_matrix(domain, intent):
        intents.score_all_again(tx, domain.name)
