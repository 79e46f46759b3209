"""Lesson tests as facts: after an override, which similar cases should change too and which must stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import frames
from rhml.store.engine import Store, Transaction, quoted

NEWEST = 2_000
"""Recommendations among which similar cases are looked for: a page waits for it, after an override alone."""


@dataclass(frozen=True)
class LessonTest:
    """What the model should do with a case, as the manager of an override on another case says.

    should: 'change' (do as the override did) or 'stay' (go on recommending what it recommends); `action` is
    the action that this comes to.
    """

    lesson_test_id: str
    decision_id: str
    case_id: str
    should: str
    action: str
    manager: str
    made_at: datetime


_COLUMNS = ("seq", "lesson_test_id", "decision_id", "case_id", "should", "action", "manager", "made_at")


def append(tx: Transaction, schema: str, new: tuple[LessonTest, ...]) -> None:
    """Record lesson tests; an earlier one of the same manager on the same case is superseded by them."""
    rows = [
        (seq, t.lesson_test_id, t.decision_id, t.case_id, t.should, t.action, t.manager, t.made_at)
        for seq, t in zip(tx.numbers(schema, len(new)), new, strict=True)
    ]
    tx.append(f"{quoted(schema)}.lesson_tests", _COLUMNS, rows)


def standing(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Every lesson test of a decision that was not reversed, oldest first.

    Columns: those of the fact, `of_case` (the override's case) and `right_action` (None while unknown).
    """
    d = quoted(domain.name)
    frame = store.frame(
        f"""SELECT {", ".join(f"t.{c}" for c in _COLUMNS)}, x.case_id AS of_case, o.right_action
        FROM {d}.lesson_tests t JOIN {d}.decisions x ON x.decision_id = t.decision_id
        LEFT JOIN {d}.current_outcomes o ON o.case_id = t.case_id
        WHERE t.decision_id NOT IN (SELECT decision_id FROM {d}.reversals) ORDER BY t.seq"""
    )
    held = frame["right_action"].astype(object)
    return frame.assign(right_action=held.where(held.notna(), None))


def override(store: Store | Transaction, schema: str, decision_id: str) -> dict[str, Any] | None:
    """What a decision's lesson tests start from: its case, manager, actions and recommendation."""
    names = ("decision_id", "case_id", "manager", "recommended_action", "final_action", "recommendation_id",
             "model_version", "reversed")  # fmt: skip
    d = quoted(schema)
    run = store.read if isinstance(store, Store) else store.run
    rows = run(
        f"SELECT {', '.join(names[:-1])}, decision_id IN (SELECT decision_id FROM {d}.reversals) "
        f"FROM {d}.decisions WHERE decision_id = $1",
        [decision_id],
    )
    return dict(zip(names, rows[0], strict=True)) if rows else None


def candidates(store: Store, domain: DecisionDomain, version: str, case_id: str) -> pd.DataFrame:
    """The newest recommendations of a version whose cases may become lesson tests: case_id, action, points.

    Left out: the case itself, the bank, cases with an outcome (it settles them), and waiting cases whose card
    asks for an own call first, which nobody may see advice on.
    """
    d = quoted(domain.name)
    return store.frame(
        f"""SELECT r.case_id, r.action, r.points FROM
        (SELECT seq, case_id, action, points FROM {d}.recommendations WHERE model_version = $1
         ORDER BY seq DESC LIMIT {NEWEST}) r JOIN {d}.cases c ON c.case_id = r.case_id
        WHERE NOT c.bank AND r.case_id <> $2
        AND r.case_id NOT IN (SELECT case_id FROM {d}.outcomes WHERE NOT withdrawn)
        AND (c.mode = 'assisted' OR r.case_id NOT IN (SELECT case_id FROM {d}.waiting))
        ORDER BY r.seq DESC""",
        [version, case_id],
    ).drop_duplicates("case_id")


def cases_of(store: Store, domain: DecisionDomain, case_ids: tuple[str, ...]) -> pd.DataFrame:
    """Some cases as `frames.cases` gives them."""
    marks = ", ".join(f"${i}" for i in range(1, len(case_ids) + 1))
    return frames.cases(store, domain, only=f"c.case_id IN ({marks})", parameters=case_ids)
