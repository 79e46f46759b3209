"""Point reads for one case's card: its facts, its recommendation, calls, peers and history.

Each is one indexed query of a row or a handful, so that the next case is on screen at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.records import FirstCall
from rhml.errors import UnknownCase
from rhml.store.engine import Store, Transaction, quoted
from rhml.store.review import reviews
from rhml.store.waiting import ROW


@dataclass(frozen=True)
class StoredRecommendation:
    """A recommendation as it was made and is shown; points are fractions of probability, in feature order.

    `by_action` are the points of every action, action by action, where there are more than two; `words` what
    the words of texts contributed, as JSON; `action_set` the actions that cannot be ruled out (none: nothing is
    known of that); `unlike` says what sets the case apart from all that the model learned from. `team_…` is how
    likely the team would call the action on its own, with points in the same order. `intent_id` is what mattered when it
    was made, `likeliest_…` the likeliest action where that made it recommend another.
    """

    recommendation_id: str
    case_id: str
    model_version: str
    action: str
    probability: float | None
    probabilities: tuple[float, ...]
    base: float | None
    points: tuple[float, ...]
    similar_n: int | None
    low: float | None
    high: float | None
    notes: tuple[str, ...]
    peers: tuple[str, ...]
    changes: str | None
    made_at: datetime
    by_action: tuple[float, ...] = ()
    words: str | None = None
    action_set: tuple[str, ...] = ()
    unlike: str | None = None
    correction: float | None = None
    corrections: tuple[str, ...] = ()
    uncorrected_action: str | None = None
    uncorrected_probability: float | None = None
    team_version: str | None = None
    team_probability: float | None = None
    team_base: float | None = None
    team_points: tuple[float, ...] = ()
    intent_id: str | None = None
    likeliest_action: str | None = None
    likeliest_probability: float | None = None


def facts(store: Store | Transaction, domain: DecisionDomain, case_id: str) -> dict[str, Any]:
    """A case with its draws and features; UnknownCase if the domain has none of this id."""
    columns = [
        "case_id",
        "received_at",
        "due_at",
        "mode",
        "bank",
        "explore",
        *(f.name for f in domain.features),
    ]
    if isinstance(store, Store):
        return store.remembered(
            (domain.name, case_id, *columns),
            lambda: _facts(store.read, domain, case_id, columns),
        )
    return _facts(store.run, domain, case_id, columns)


def _facts(
    run: Callable[..., list[tuple]], domain: DecisionDomain, case_id: str, columns: list[str]
) -> dict[str, Any]:
    names = ", ".join(quoted(c) for c in columns)
    rows = run(f"SELECT {names} FROM {quoted(domain.name)}.cases WHERE case_id = $1", [case_id])
    if not rows:
        raise UnknownCase(f"There is no {domain.terms.case} {case_id!r} in {domain.title}. Check the number.")
    return dict(zip(columns, rows[0], strict=True))


def find(store: Store, domain: DecisionDomain, number: str) -> str:
    """The id of the case that somebody means, whatever the case of its letters; the number itself if none."""
    rows = store.read(
        f"SELECT case_id FROM {quoted(domain.name)}.cases WHERE lower(case_id) = lower($1) "
        "ORDER BY case_id <> $1 LIMIT 1",
        [number],
    )
    return rows[0][0] if rows else number


def known_ids(store: Store, domain: DecisionDomain) -> set[str]:
    """The ids of every case in the log; none for a domain that is not there yet."""
    there = store.read(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = $1 AND table_name = 'cases'",
        [domain.name],
    )
    if not there:
        return set()
    return {case_id for (case_id,) in store.read(f"SELECT case_id FROM {quoted(domain.name)}.cases")}


def case_count(store: Store, domain: DecisionDomain) -> int:
    """How many cases the log holds; it grows with every import of cases and with nothing else."""
    [(n,)] = store.read(f"SELECT count(*) FROM {quoted(domain.name)}.cases")
    return n


def common_values(store: Store, domain: DecisionDomain, column: str, *, limit: int = 50) -> list[str]:
    """The most frequent values of a column of the cases, as text, in alphabetical order."""
    name = quoted(domain.feature(column).name)
    rows = store.read(
        f"SELECT CAST({name} AS TEXT) AS said, count(*) AS n FROM {quoted(domain.name)}.cases "
        f"WHERE {name} IS NOT NULL GROUP BY said ORDER BY n DESC, said LIMIT {int(limit)}"
    )
    return sorted(said for said, _ in rows)


def waiting_row(store: Store | Transaction, domain: DecisionDomain, case_id: str) -> dict[str, Any] | None:
    """What the waiting list says of a case; None when it is not waiting."""
    run = store.read if isinstance(store, Store) else store.run
    rows = run(f"SELECT {', '.join(ROW)} FROM {quoted(domain.name)}.waiting WHERE case_id = $1", [case_id])
    return dict(zip(ROW, rows[0], strict=True)) if rows else None


_RECOMMENDATION = (
    "recommendation_id, case_id, model_version, action, probability, probabilities, base, points, similar_n, "
    "low, high, notes, peers, changes, made_at, by_action, words, action_set, unlike, "
    "correction, corrections, uncorrected_action, uncorrected_probability, "
    "team_version, team_probability, team_base, team_points, intent_id, likeliest_action, likeliest_probability"
)


def recommendation(store: Store, schema: str, recommendation_id: str) -> StoredRecommendation | None:
    """A stored recommendation by its id."""
    return store.remembered(
        (schema, "recommendation", recommendation_id),
        lambda: _recommendation(store, schema, recommendation_id),
    )


def _recommendation(store: Store, schema: str, recommendation_id: str) -> StoredRecommendation | None:
    rows = store.read(
        f"SELECT {_RECOMMENDATION} FROM {quoted(schema)}.recommendations WHERE recommendation_id = $1",
        [recommendation_id],
    )
    if not rows:
        return None
    row = [tuple(v) if isinstance(v, list) else v for v in rows[0]]
    for place in (5, 7, 11, 12, 15, 17, 20, 26):
        row[place] = row[place] or ()
    return StoredRecommendation(*row)


def first_call(store: Store | Transaction, schema: str, case_id: str, manager: str) -> FirstCall | None:
    """The manager's own call on a case, the earliest one: later ones were made with knowledge."""
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        "SELECT first_call_id, case_id, manager, mode, action, confidence, called_at, seconds "
        f"FROM {quoted(schema)}.first_calls WHERE case_id = $1 AND manager = $2 ORDER BY seq LIMIT 1",
        [case_id, manager],
    )
    return FirstCall(*rows[0]) if rows else None


def own_marks(store: Store, schema: str, first_call_id: str) -> tuple[tuple[str, str], ...]:
    """What a manager marked with an own call: factor and mark."""
    rows = store.read(
        f"SELECT factor, mark FROM {quoted(schema)}.first_call_marks WHERE first_call_id = $1 ORDER BY seq",
        [first_call_id],
    )
    return tuple(rows)


def peers(store: Store, domain: DecisionDomain, case_ids: tuple[str, ...]) -> list[dict[str, Any]]:
    """Decided cases with what was decided last and what came of it, in the order asked for."""
    if not case_ids:
        return []
    d = quoted(domain.name)
    names = "".join(f", {quoted(f.name)}" for f in domain.features)
    among = f"case_id IN ({', '.join(f'${i}' for i in range(1, len(case_ids) + 1))})"
    cases = store.remembered(
        (domain.name, case_ids, names),
        lambda: store.records(f"SELECT case_id{names} FROM {d}.cases WHERE {among}", case_ids),
    )
    made = store.read(
        f"SELECT case_id, final_action, seq FROM {d}.decisions WHERE {among} AND final_action IS NOT NULL "
        f"AND decision_id NOT IN (SELECT decision_id FROM {d}.reversals) "
        f"UNION ALL SELECT case_id, NULL, seq FROM {d}.opinions WHERE {among} AND kind = 'asked' ORDER BY seq",
        case_ids,
    )
    known = store.read(
        f"SELECT case_id, CASE WHEN NOT withdrawn THEN right_action END FROM {d}.outcomes "
        f"WHERE {among} ORDER BY seq",
        case_ids,
    )
    final = {case_id: action for case_id, action, _ in made if action is not None}
    right = dict(known)  # a later row of a case replaces an earlier one
    for case_id in {case_id for case_id, action, _ in made if action is None}:
        if reviews.open_opinion(store.read, domain.name, case_id):
            final.pop(case_id, None)  # somebody is to judge it without knowing; that may be who reads this
    found = {
        row["case_id"]: row
        | {"final_action": final.get(row["case_id"]), "right_action": right.get(row["case_id"])}
        for row in cases
    }
    return [found[c] for c in case_ids if c in found]


def draft(store: Store, schema: str, case_id: str, manager: str) -> str | None:
    """A half-written decision form, as JSON text; None if there is none."""
    rows = store.read(
        f"SELECT content FROM {quoted(schema)}.drafts WHERE case_id = $1 AND manager = $2", [case_id, manager]
    )
    return rows[0][0] if rows else None


def save_draft(tx: Transaction, schema: str, case_id: str, manager: str, content: str | None) -> None:
    """Keep a half-written form; None lets it go."""
    d = quoted(schema)
    tx.run(f"DELETE FROM {d}.drafts WHERE case_id = $1 AND manager = $2", [case_id, manager])
    if content is not None:
        tx.run(f"INSERT INTO {d}.drafts VALUES ($1, $2, $3)", [case_id, manager, content])
    tx.run(
        f"UPDATE {d}.waiting SET drafted = EXISTS (SELECT 1 FROM {d}.drafts WHERE case_id = $1) WHERE case_id = $1",
        [case_id],
    )
