"""What a domain no longer keeps is erased as its file says: decided cases that are older than its retention period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.loop import erase, permit
from rhml.store import organization, retention
from rhml.store.engine import Store
from rhml.store.erasing import whole

KIND = "retain"
AT_ONCE = 200
"""Cases erased in one unit of work; decisions wait for no more than that."""
SHOWN = 20
GRACE = timedelta(days=1)
"""A period that was just written down can be taken back for so long before anything is erased by itself."""


@dataclass(frozen=True)
class Due:
    """Cases that have been kept long enough: how many, the oldest by name, and what they keep."""

    days: int | None
    cases: int
    first: tuple[tuple[str, datetime], ...]
    kept: tuple[str, ...]

    def sentence(self, domain: DecisionDomain) -> str:
        """What is due, or that nothing is."""
        if self.days is None:
            return f"{domain.title} keeps everything: its file has no [retention] days."
        if not self.cases:
            return (
                f"Nothing is due: no decided {domain.terms.case} was closed more than {self.days:,} days ago."
            )
        many = domain.terms.case if self.cases == 1 else domain.terms.many
        return f"{self.cases:,} {many} closed more than {self.days:,} days ago {'is' if self.cases == 1 else 'are'} due."


def due(store: Store, domain: DecisionDomain, *, now: datetime, days: int | None = None) -> Due:
    """What would be erased now, or with another period; nothing is changed."""
    days = days or domain.retention.days
    if days is None:
        return Due(None, 0, (), domain.kept_columns)
    before = now - timedelta(days=days)
    first = tuple(retention.due(store, domain, before, SHOWN))
    return Due(days, retention.count(store, domain, before), first, domain.kept_columns)


def retain(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime,
    progress: Callable[[float, str], None] = lambda share, message: None,
) -> int:  # fmt: skip
    """Erase every case that is due, some hundreds in a unit of work; returns how many."""
    permit.lead(store, by, "erase what is no longer kept")
    if domain.retention.days is None:
        return 0
    before = at - timedelta(days=domain.retention.days)
    total, done, why = retention.count(store, domain, before), 0, f"kept for {domain.retention.days:,} days"
    while found := [case_id for case_id, _ in retention.due(store, domain, before, AT_ONCE)]:
        store.write(
            lambda tx, cases=found: whole.erase_cases(
                tx, domain.name, cases, features=erase.going(domain), why=why, by=by, at=at
            )
        )
        done += len(found)
        progress(done / max(total, done), f"{done:,} of {total:,} erased")
    if done:
        erase.forget(store, [domain.name])
    return done


def to_ask(store: Store, now: datetime) -> list[str]:
    """The domains of which something is due now; a file saved within the last day may still be taken back."""
    domains = [organization.domain(store, name) for name in organization.domain_names(store)]
    ready = (d for d in domains if d.retention.days and retention.settled(store, d, now - GRACE))
    return [d.name for d in ready if due(store, d, now=now).cases]
