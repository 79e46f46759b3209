"""What lies on a manager's desk: the waiting cases with their recommendations, as the Pending page reads them.

One read a round instead of one a card keeps the rehearsal short. A simulated manager is handed the
recommendation only when the card's mode would show it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError

if TYPE_CHECKING:
    from rhml.store.engine import Store


class LogInUse(RhmlError):
    """The log belongs to somebody already."""


@dataclass(frozen=True)
class Folder:
    """One waiting case: its mode, what the model recommends, and whether its outcome will show anyway."""

    case_id: str
    mode: str
    recommendation_id: str | None
    action: str | None
    probability: float | None
    explore: bool


def folders(store: Store, domain: DecisionDomain) -> dict[str, Folder]:
    """Every waiting case by its id."""
    rows = store.read(
        "SELECT w.case_id, w.mode, w.recommendation_id, w.action, w.probability, c.explore "
        f'FROM "{domain.name}".waiting w JOIN "{domain.name}".cases c ON c.case_id = w.case_id'
    )
    return {row[0]: Folder(*row) for row in rows}


def explored(store: Store, domain: DecisionDomain) -> set[str]:
    """Ids of the cases whose outcome is observed whatever is decided."""
    return {case_id for (case_id,) in store.read(f'SELECT case_id FROM "{domain.name}".cases WHERE explore')}


def overdue_last(store: Store, domain: DecisionDomain) -> list[str]:
    """Ids of the waiting cases, due soonest first."""
    rows = store.read(f'SELECT case_id FROM "{domain.name}".waiting ORDER BY due_at NULLS LAST, case_id')
    return [case_id for (case_id,) in rows]


def refuse_unless_empty(store: Store) -> None:
    """The demo organization never moves in with a real one."""
    held = [name for (name,) in store.read("SELECT DISTINCT domain FROM rhml.domain_files ORDER BY domain")]
    if held:
        raise LogInUse(
            f"This log holds {', '.join(held)} already, so no demo organization was built in it. "
            "Name an empty log with --db duckdb:///demo.duckdb."
        )
