"""What a manager does with a waiting case short of deciding it: claim, skip, snooze, escalate, assign."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.errors import DecisionInvalid, RationaleMissing
from rhml.loop import permit
from rhml.loop.review import second_look
from rhml.store import log, waiting
from rhml.store.engine import Store, Transaction

LONGEST_SNOOZE = timedelta(days=90)


def claim(store: Store, domain: DecisionDomain, case_id: str, *, manager: str, at: datetime) -> None:
    """Open a case: nobody else can decide it for the domain's number of minutes."""
    permit.decider(store, manager)
    store.write(lambda tx: second_look.take(tx, store.secret, domain, case_id, manager, at=at))


def skip(store: Store, domain: DecisionDomain, case_id: str, *, manager: str, at: datetime) -> None:
    """Put the case at the end of this manager's queue; others see it where it was."""
    permit.decider(store, manager)

    def unit(tx: Transaction) -> None:
        waiting.mark(tx, domain.name, case_id, claimed_by=None, claimed_until=None)
        waiting.skip(tx, domain.name, case_id, manager, at=at)
        log.append_event(tx, domain.name, case_id, "skipped", manager=manager, at=at)

    store.write(unit)


def snooze(
    store: Store, domain: DecisionDomain, case_id: str, *, until: datetime, manager: str, at: datetime
) -> None:
    """Hide the case from everyone until a time; it then returns by itself."""
    if not at < until <= at + LONGEST_SNOOZE:
        raise DecisionInvalid(
            "A case can be snoozed until a later day, 90 days ahead at most. Choose another day."
        )

    permit.decider(store, manager)

    def unit(tx: Transaction) -> None:
        waiting.mark(tx, domain.name, case_id, snoozed_until=until, claimed_by=None, claimed_until=None)
        log.append_event(tx, domain.name, case_id, "snoozed", manager=manager, at=at, until=until)

    store.write(unit)


def escalate(
    store: Store, domain: DecisionDomain, case_id: str, *, why: str, manager: str, at: datetime
) -> None:
    """Ask a lead to decide: the case moves to the front, with the question beside it."""
    if not why.strip():
        raise RationaleMissing("Say in a sentence what the lead should look at.")

    permit.decider(store, manager)

    def unit(tx: Transaction) -> None:
        waiting.mark(tx, domain.name, case_id, escalated_by=manager, escalation=why.strip(), claimed_by=None,
                     claimed_until=None)  # fmt: skip
        log.append_event(tx, domain.name, case_id, "escalated", manager=manager, at=at, note=why.strip())

    store.write(unit)


def assign(
    store: Store, domain: DecisionDomain, case_id: str, *, to: str, manager: str, at: datetime
) -> None:
    """Give the case to a person; it stays visible to everyone."""
    if not to.strip():
        raise DecisionInvalid("Choose whom the case is for.")

    permit.decider(store, manager)

    def unit(tx: Transaction) -> None:
        waiting.mark(tx, domain.name, case_id, assigned_to=to)
        log.append_event(tx, domain.name, case_id, "assigned", manager=manager, at=at, note=to)

    store.write(unit)
