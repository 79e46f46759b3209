"""What was done about an override rate that was held against a limit: facts, the newest first."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, Transaction, quoted

COLUMNS = (
    "note_id", "dimension", "name", "what", "why", "filters", "rate", "low", "high", "advised", "noted_at", "noted_by",
)  # fmt: skip
MOST = 500


@dataclass(frozen=True)
class Note:
    """What somebody did about one rate, and the rate as it stood; of a person, `name` is their own."""

    note_id: str
    dimension: str
    name: str
    what: str
    why: str
    filters: str
    rate: float | None
    low: float | None
    high: float | None
    advised: int
    at: datetime
    by: str


def append(tx: Transaction, schema: str, new: Note) -> None:
    """Record a note; earlier ones stay."""
    [seq] = tx.numbers(schema)
    tx.append(f"{quoted(schema)}.limit_notes", ("seq", *COLUMNS), [(seq, *astuple(new))])


def listed(store: Store, domain: DecisionDomain) -> list[Note]:
    """The notes of a domain, the newest first."""
    rows = store.read(
        f"SELECT {', '.join(COLUMNS)} FROM {quoted(domain.name)}.limit_notes ORDER BY seq DESC LIMIT {MOST}"
    )
    return [Note(*row) for row in rows]
