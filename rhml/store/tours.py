"""Tours of the demo: who is on which since when, and what the log says that person has done in it since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rhml.store.engine import Store, Transaction, quoted


@dataclass(frozen=True)
class OnTour:
    """One person on the tour of one field; `folded` where only its number of steps is shown."""

    person: str
    field: str
    domain: str
    began_at: datetime
    folded: bool
    ended: bool


def of(store: Store, person: str, field: str) -> OnTour | None:
    """The person's tour of a field, also one that ended; None before the first."""
    rows = store.read("SELECT * FROM rhml.tours WHERE person = $1 AND field = $2", [person, field])
    return OnTour(*rows[0]) if rows else None


def keep(tx: Transaction, tour: OnTour) -> None:
    """Begin, fold, unfold or end a tour: each person has one of a field."""
    tx.run("DELETE FROM rhml.tours WHERE person = $1 AND field = $2", [tour.person, tour.field])
    columns = ("person", "field", "domain", "began_at", "folded", "ended")
    tx.append("rhml.tours", columns, [tuple(getattr(tour, name) for name in columns)])


def look(tx: Transaction, tour: OnTour, page: str, *, at: datetime) -> None:
    """Note that a page was drawn for the person; of each page the newest time counts."""
    tx.run(
        "DELETE FROM rhml.tour_looks WHERE person = $1 AND field = $2 AND page = $3",
        [tour.person, tour.field, page],
    )
    tx.run("INSERT INTO rhml.tour_looks VALUES ($1, $2, $3, $4)", [tour.person, tour.field, page, at])


def looks(store: Store, tour: OnTour) -> dict[str, datetime]:
    """When each page was last drawn for the person since the tour began."""
    rows = store.read(
        "SELECT page, max(looked_at) FROM rhml.tour_looks WHERE person = $1 AND field = $2 AND looked_at >= $3 "
        "GROUP BY page",
        [tour.person, tour.field, tour.began_at],
    )
    return dict(rows)


@dataclass(frozen=True)
class Done:
    """What a person has done in a domain since a moment: counts, and when an outcome of it last became known."""

    decided: int
    differed: int
    marked: int
    stated: int
    practised: int
    retrained: int
    resolved: int
    resolved_at: datetime | None


def done(store: Store, domain: str, person: str, *, since: datetime) -> Done:
    """Counted from the facts alone."""
    [row] = store.read(_DONE.format(d=quoted(domain)), [person, since])
    return Done(*row)


_DONE = """
WITH own AS (
  SELECT * FROM {d}.live_decisions WHERE manager = $1 AND recorded_at >= $2 AND final_action IS NOT NULL
), known AS (
  SELECT o.recorded_at FROM {d}.current_outcomes o JOIN own USING (case_id) WHERE o.recorded_at >= $2
)
SELECT (SELECT count(*) FROM own),
  (SELECT count(*) FROM own WHERE final_action <> recommended_action AND reason IS NOT NULL),
  (SELECT count(*) FROM {d}.marks JOIN own USING (decision_id)) + (
    SELECT count(*) FROM {d}.first_call_marks m JOIN {d}.first_calls f USING (first_call_id)
    WHERE f.manager = $1 AND f.called_at >= $2),
  (SELECT count(*) FROM own WHERE final_confidence IS NOT NULL OR first_confidence IS NOT NULL),
  (SELECT count(*) FROM {d}.drill_answers WHERE manager = $1 AND answered_at >= $2),
  (SELECT count(*) FROM {d}.models WHERE trained_by = $1 AND trained_at >= $2),
  (SELECT count(*) FROM known),
  (SELECT max(recorded_at) FROM known)
"""


def awaiting_outcome(store: Store, domain: str, person: str, *, since: datetime) -> dict[str, str]:
    """Cases that the person decided since a moment and whose outcome is not known: what was decided, by id."""
    d = quoted(domain)
    rows = store.read(
        f"SELECT case_id, final_action FROM {d}.live_decisions WHERE manager = $1 AND recorded_at >= $2 "
        f"AND final_action IS NOT NULL AND case_id NOT IN (SELECT case_id FROM {d}.current_outcomes)",
        [person, since],
    )
    return dict(rows)


def told_later(store: Store, domain: str, *, now: datetime) -> str | None:
    """The waiting case due soonest whose outcome will be told to who decides it; None where there is none free.

    What came of a case of the bank is told to nobody.
    """
    d = quoted(domain)
    rows = store.read(
        f"SELECT w.case_id FROM {d}.waiting w JOIN {d}.cases c USING (case_id) WHERE NOT c.bank "
        "AND (w.claimed_by IS NULL OR w.claimed_until <= $1::timestamp) "
        "AND (w.snoozed_until IS NULL OR w.snoozed_until <= $1::timestamp) "
        "ORDER BY w.due_at NULLS LAST, w.case_id LIMIT 1",
        [now],
    )
    return rows[0][0] if rows else None


def explored(store: Store, domain: str, case_ids: list[str]) -> set[str]:
    """Those of the cases whose outcome is observed whatever is decided."""
    rows = store.read(
        f"SELECT case_id FROM {quoted(domain)}.cases WHERE explore AND case_id = ANY($1)", [case_ids]
    )
    return {case_id for (case_id,) in rows}
