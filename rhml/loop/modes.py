"""What asking for own calls comes to: gather, compute."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.reports.modes import ModesReport
from rhml.reports.modes import modes as compute
from rhml.store import modes as reads
from rhml.store.engine import Store


def modes(store: Store, domain: DecisionDomain) -> ModesReport:
    """Drawn, asked, done and left out, and the minutes each mode takes; never by person."""
    return compute(reads.counts(store, domain), reads.seconds(store, domain), domain)
