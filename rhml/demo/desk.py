"""What lies on a manager's desk: the waiting cases as the Pending page lists them, and one opened.

The list tells what the model recommends for assisted cases alone; for the others the case has to be opened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from rhml.core import policy
from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.store import case_file, frames, organization, waiting
from rhml.store.engine import Store

EVERYTHING = 1_000_000


class LogInUse(RhmlError):
    """The log belongs to somebody already."""


@dataclass(frozen=True)
class Folder:
    """One waiting case: the mode its card has, and what the model recommends, as far as it has been shown."""

    case_id: str
    mode: str
    due_at: datetime | None
    recommendation_id: str | None
    action: str | None
    probability: float | None


def folders(store: Store, domain: DecisionDomain, *, now: datetime) -> dict[str, Folder]:
    """Every waiting case by its id, due soonest first."""
    rows = waiting.page(store, domain, waiting.Queue(manager=""), now=now, limit=EVERYTHING)
    names = Folder.__dataclass_fields__
    return {row["case_id"]: Folder(**{name: row[name] for name in names}) for row in rows}


def taken_up(store: Store, domain: DecisionDomain, folder: Folder, *, at: datetime) -> Folder:
    """The case as its card shows it at a moment: an overdue one shows the recommendation at once."""
    if folder.mode == "assisted" or policy.asks(domain, folder.mode, folder.due_at, at):
        return folder
    return opened(store, domain, replace(folder, mode="assisted"))


def opened(store: Store, domain: DecisionDomain, folder: Folder) -> Folder:
    """The same case with its recommendation, whatever its mode."""
    row = case_file.waiting_row(store, domain, folder.case_id)
    if row is None or row["recommendation_id"] is None:
        return folder
    shown = case_file.recommendation(store, domain.name, row["recommendation_id"])
    return replace(
        folder,
        recommendation_id=shown.recommendation_id,
        action=shown.action,
        probability=shown.probability,
    )


def explored(store: Store, domain: DecisionDomain) -> set[str]:
    """Ids of the cases whose outcome is observed whatever is decided."""
    return set(frames.cases(store, domain, only="c.explore")["case_id"])


def refuse_unless_empty(store: Store) -> None:
    """The demo organization never moves in with a real one."""
    held = organization.domain_names(store)
    if held:
        raise LogInUse(
            f"This log holds {', '.join(held)} already, so no demo organization was built in it. "
            "Name an empty log with --db duckdb:///demo.duckdb."
        )
