"""People learn from the machine: a manager has seen what came of the own decisions."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store import organization
from rhml.store.engine import Store


def acknowledge(store: Store, domain: DecisionDomain, person: str, *, until: datetime) -> None:
    """Remember that a person has seen the outcomes that arrived up to a moment."""
    store.write(lambda tx: organization.record_visit(tx, person, domain.name, at=until))
