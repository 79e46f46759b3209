"""The conflict room's memory: what was disputed by whom, what each said, and how it was settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, Transaction, quoted
from rhml.store.review import reviews
from rhml.store.review.reviews import Run

CONFLICT = ("seq", "conflict_id", "decision_id", "case_id", "kind", "author", "by_whom", "why", "raised_at")
RESOLUTION = (
    "seq", "conflict_id", "decision_id", "case_id", "result", "action", "why", "by_whom", "resolved_at",
)  # fmt: skip
_SETTLED = "EXISTS (SELECT 1 FROM {d}.resolutions r WHERE r.conflict_id = k.conflict_id)"
_REVERSED = "EXISTS (SELECT 1 FROM {d}.reversals v WHERE v.decision_id = k.decision_id)"


def append_conflict(
    tx: Transaction, schema: str, conflict_id: str, decision_id: str, case_id: str, kind: str, *, author: str, by: str,
    why: str,
    at: datetime,
) -> None:  # fmt: skip
    """Record that a decision is disputed."""
    [seq] = tx.numbers(schema)
    row = (seq, conflict_id, decision_id, case_id, kind, author, by, why, at)
    tx.append(f"{quoted(schema)}.conflicts", CONFLICT, [row])


def append_resolution(
    tx: Transaction, schema: str, conflict: dict[str, Any], result: str, *, action: str | None, why: str, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Record how a conflict was settled."""
    [seq] = tx.numbers(schema)
    row = (
        seq,
        conflict["conflict_id"],
        conflict["decision_id"],
        conflict["case_id"],
        result,
        action,
        why,
        by,
        at,
    )
    tx.append(f"{quoted(schema)}.resolutions", RESOLUTION, [row])


def of_decision(run: Run, schema: str, decision_id: str) -> list[tuple[str, bool]]:
    """The conflicts about a decision, each with whether it is settled."""
    d = quoted(schema)
    return run(
        f"SELECT k.conflict_id, {_SETTLED.format(d=d)} FROM {d}.conflicts k WHERE k.decision_id = $1",
        [decision_id],
    )


def conflict(run: Run, schema: str, conflict_id: str) -> dict[str, Any] | None:
    """A conflict with whether it is settled, and whether its decision was taken back meanwhile."""
    d = quoted(schema)
    rows = run(
        f"SELECT {', '.join('k.' + c for c in CONFLICT[1:])}, {_SETTLED.format(d=d)}, {_REVERSED.format(d=d)} "
        f"FROM {d}.conflicts k WHERE k.conflict_id = $1",
        [conflict_id],
    )
    return dict(zip((*CONFLICT[1:], "settled", "reversed"), rows[0], strict=True)) if rows else None


PARTIES = """SELECT decision_id, author AS person, 'decided' AS role FROM {d}.conflicts
        UNION ALL SELECT decision_id, by_whom, 'refused to sign' FROM {d}.signatures WHERE kind = 'refused'
        UNION ALL SELECT decision_id, manager, 'gave a second opinion' FROM {d}.opinions WHERE kind = 'given'
        UNION ALL SELECT decision_id, by_whom, 'raised it' FROM {d}.conflicts WHERE kind = 'raised'
        UNION ALL SELECT decision_id, by_whom, 'asked a lead' FROM {d}.conflicts WHERE kind = 'escalation'"""
"""Who has a side in a conflict about a decision; who settles it has none."""


def parties(run: Run, schema: str, decision_id: str) -> list[tuple[str, str]]:
    """Who has a side in what is said of a decision, and which: the decider first, each once."""
    d = quoted(schema)
    rows = run(
        f"SELECT person, role FROM ({PARTIES.format(d=d)}) p WHERE decision_id = $1 ORDER BY role <> 'decided', role",
        [decision_id],
    )
    first: dict[str, str] = {}
    for person, role in rows:
        first.setdefault(person, role)
    return list(first.items())


def waiting(store: Store, domain: DecisionDomain) -> list[dict[str, Any]]:
    """Conflicts nobody has settled, the oldest first, with what is at stake and everyone who has a side."""
    d = quoted(domain.name)
    rows = store.records(
        f"""SELECT k.conflict_id, k.decision_id, k.case_id, k.kind, k.raised_at FROM {d}.conflicts k
        WHERE NOT {_SETTLED.format(d=d)} AND NOT {_REVERSED.format(d=d)} ORDER BY k.seq"""
    )
    about = reviews.about_cases(store, domain, [row["case_id"] for row in rows])
    sides = store.read(
        f"SELECT decision_id, list(DISTINCT person) FROM ({PARTIES.format(d=d)}) p WHERE decision_id = ANY($1) "
        "GROUP BY decision_id",
        [[row["decision_id"] for row in rows]],
    )
    found = dict(sides)
    return [
        row
        | dict(zip(("due_at", "value"), about.get(row["case_id"], (None, None)), strict=True))
        | {"parties": found.get(row["decision_id"], [])}
        for row in rows
    ]


def said(run: Run, schema: str, decision_id: str) -> dict[str, Any]:
    """What others said of a decision: the refused signature, the second opinion, the own call of who asked a lead."""
    d = quoted(schema)
    refused = run(
        f"SELECT why, happened_at FROM {d}.signatures WHERE decision_id = $1 AND kind = 'refused'",
        [decision_id],
    )
    opinion = run(
        f"SELECT o.action, o.confidence, t.text, o.happened_at FROM {d}.opinions o "
        f"LEFT JOIN {d}.opinion_texts t ON t.opinion_id = o.opinion_id WHERE o.decision_id = $1 AND o.kind = 'given'",
        [decision_id],
    )
    asked = run(
        f"""SELECT f.action, f.confidence, (SELECT arg_max(e.note, e.seq) FROM {d}.case_events e
          WHERE e.case_id = k.case_id AND e.kind = 'escalated' AND e.manager = k.by_whom), f.called_at
        FROM {d}.conflicts k JOIN {d}.first_calls f ON f.case_id = k.case_id AND f.manager = k.by_whom
        WHERE k.decision_id = $1 AND k.kind = 'escalation' ORDER BY f.seq LIMIT 1""",
        [decision_id],
    )
    first = {"refused": refused, "opinion": opinion, "asked": asked}
    return {name: rows[0] if rows else None for name, rows in first.items()}


def outcome(run: Run, schema: str, case_id: str) -> str | None:
    """The action that proved right, where that is known."""
    rows = run(f"SELECT right_action FROM {quoted(schema)}.current_outcomes WHERE case_id = $1", [case_id])
    return rows[0][0] if rows else None


def resolution(run: Run, schema: str, conflict_id: str) -> dict[str, Any] | None:
    """How a conflict was settled; None while it is not."""
    names = RESOLUTION[4:]
    rows = run(
        f"SELECT {', '.join(names)} FROM {quoted(schema)}.resolutions WHERE conflict_id = $1", [conflict_id]
    )
    return dict(zip(names, rows[0], strict=True)) if rows else None


def settled(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Every settled conflict, the newest first: what each side had called, what was settled, what proved right.

    Columns: conflict_id, case_id, kind, result, why, resolved_at, decided, other (the other side's action, None where
    it named none), recommended, settled_on (None where the case was sent back), right_action, explore, bank.
    """
    d = quoted(domain.name)
    return store.frame(
        f"""SELECT k.conflict_id, k.case_id, k.kind, r.result, r.why, r.resolved_at, x.final_action AS decided,
        CASE k.kind WHEN 'opinion differs' THEN o.action WHEN 'sure model' THEN x.recommended_action
          WHEN 'escalation' THEN f.action END AS other, x.recommended_action AS recommended,
        CASE r.result WHEN 'stands' THEN x.final_action WHEN 'another action' THEN r.action END AS settled_on,
        u.right_action, c.explore, c.bank
        FROM {d}.resolutions r JOIN {d}.conflicts k ON k.conflict_id = r.conflict_id
        JOIN {d}.decisions x ON x.decision_id = k.decision_id JOIN {d}.cases c ON c.case_id = k.case_id
        LEFT JOIN {d}.opinions o ON o.decision_id = k.decision_id AND o.kind = 'given'
        LEFT JOIN (SELECT case_id, manager, arg_min(action, seq) AS action FROM {d}.first_calls
          GROUP BY case_id, manager) f ON f.case_id = k.case_id AND f.manager = k.by_whom
        LEFT JOIN {d}.current_outcomes u ON u.case_id = k.case_id ORDER BY r.seq DESC"""
    )


def effective(store: Store, schema: str, columns: tuple[str, ...], state: str | None = None) -> pd.DataFrame:
    """Rows of the view `effective`, oldest decision first; of one state where one is named."""
    where, parameters = (" WHERE state = $1", [state]) if state else ("", [])
    return store.frame(
        f"SELECT {', '.join(columns)} FROM {quoted(schema)}.effective{where} ORDER BY decided_at, decision_id",
        parameters,
    )
