"""Past cases that may be practised on, with the calls made on them: each read is bounded.

Never a bank case, never one that still waits, never one without an outcome; where decisions choose what is ever
observed, only cases tried by lot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import case_file, frames
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store, Transaction, quoted

NEWEST = 5_000
"""Cases a drill is drawn from: those whose outcome came last, and the person's own."""


def practised_on(domain: DecisionDomain) -> str:
    """SQL over `c` (cases) and `o` (their current outcome): whether a case may be practised on; $1 the actions."""
    d = quoted(domain.name)
    tried = (
        f" AND c.explore AND c.case_id NOT IN (SELECT case_id FROM {d}.decisions WHERE imported)"
        if domain.selective
        else ""
    )
    return f"NOT c.bank AND o.right_action = ANY($1) AND c.case_id NOT IN (SELECT case_id FROM {d}.waiting){tried}"


def pool(store: Store, domain: DecisionDomain, wanted: list[str], *, newest: int = NEWEST) -> pd.DataFrame:
    """Cases as `frames.cases` gives them: those wanted and the newest resolved ones, if they may be practised on."""
    d = quoted(domain.name)
    if domain.outcome is None:
        return frames.cases(store, domain, only="FALSE")
    only = (
        f"{practised_on(domain)} AND (c.case_id IN (SELECT unnest($2::text[])) OR c.case_id IN "
        f"(SELECT case_id FROM {d}.outcomes ORDER BY seq DESC LIMIT {int(newest)}))"
    )
    return frames.cases(store, domain, only=only, parameters=(list(domain.action_keys), wanted))


def right_now(source: Store | Transaction, domain: DecisionDomain, case_id: str) -> str | None:
    """What proved right in a case, if it may be practised on at this moment; else None."""
    d = quoted(domain.name)
    if domain.outcome is None:
        return None
    run = source.read if isinstance(source, Store) else source.run
    rows = run(
        f"SELECT o.right_action FROM {d}.cases c JOIN (SELECT case_id, right_action FROM {d}.outcomes WHERE "
        f"case_id = $2 AND seq = (SELECT max(seq) FROM {d}.outcomes WHERE case_id = $2) AND NOT withdrawn) o "
        f"ON o.case_id = c.case_id WHERE c.case_id = $2 AND {practised_on(domain)}",
        [list(domain.action_keys), case_id],
    )
    return rows[0][0] if rows else None


def calls_on(store: Store, domain: DecisionDomain, case_ids: list[str]) -> pd.DataFrame:
    """Live decisions on some cases, with what the model held likeliest then; columns as `frames.decided`."""
    names = ("case_id", "manager", "mode", "first_action", "final_action", "likeliest_action AS recommended_action",
             "likeliest_confidence AS recommended_confidence", "right_action", "imported")  # fmt: skip
    frame = store.frame(
        f"SELECT {', '.join(names)} FROM {quoted(domain.name)}.decided WHERE case_id IN (SELECT unnest($1::text[])) "
        "ORDER BY decided_at NULLS FIRST, decision_id",
        [case_ids],
    )
    for name in ("manager", "mode", "first_action", "final_action", "recommended_action", "right_action"):
        column = frame[name].astype(object)
        frame[name] = column.where(column.notna(), None)
    return frame


def decided_by(store: Store, domain: DecisionDomain, manager: str, *, most: int) -> list[str]:
    """The cases of a person's newest live decisions."""
    rows = store.read(
        f"SELECT case_id FROM {quoted(domain.name)}.live_decisions WHERE manager = $1 ORDER BY seq DESC "
        f"LIMIT {int(most)}",
        [manager],
    )
    return [case_id for (case_id,) in rows]


def explored(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Decisions on cases tried by lot: whether the lot was honoured shows in their outcomes."""
    names = ("case_id", "final_action", "right_action", "explore", "imported", "bank")
    return store.frame(f"SELECT {', '.join(names)} FROM {quoted(domain.name)}.decided WHERE explore")


def own_call(store: Store, domain: DecisionDomain, case_id: str, manager: str) -> dict[str, Any] | None:
    """A person's own newest decision on a case, with what the model said then; None if there is none."""
    rows = store.records(
        "SELECT first_action, final_action, recommended_action FROM "
        f"{quoted(domain.name)}.live_decisions WHERE case_id = $1 AND manager = $2 ORDER BY seq DESC LIMIT 1",
        [case_id, manager],
    )
    return rows[0] if rows else None


def recommendation_of(store: Store, schema: str, case_id: str) -> StoredRecommendation | None:
    """The recommendation that was decided on, else the newest one made for a case; None if there is none."""
    d = quoted(schema)
    rows = store.read(
        f"SELECT recommendation_id FROM {d}.live_decisions WHERE case_id = $1 AND recommendation_id IS NOT NULL "
        "ORDER BY seq DESC LIMIT 1",
        [case_id],
    ) or store.read(
        f"SELECT recommendation_id FROM {d}.recommendations WHERE case_id = $1 ORDER BY seq DESC LIMIT 1",
        [case_id],
    )
    return case_file.recommendation(store, schema, rows[0][0]) if rows else None


def seen_by(store: Store, domain: DecisionDomain, version: str, case_ids: list[str]) -> pd.DataFrame:
    """What a version said of some cases, the newest word on each: case_id, action, points, by_action."""
    return store.frame(
        f"SELECT case_id, action, points, by_action FROM {quoted(domain.name)}.recommendations "
        "WHERE model_version = $1 AND points IS NOT NULL AND case_id IN (SELECT unnest($2::text[])) ORDER BY seq DESC",
        [version, case_ids],
    ).drop_duplicates("case_id")


def cases_of_courses(store: Store, schema: str, manager: str) -> set[str]:
    """Every case that a plan of the person's courses names: its tests measure nothing once they were practised."""
    rows = store.read(
        f"SELECT plan FROM {quoted(schema)}.drills WHERE manager = $1 AND kind = 'course'", [manager]
    )
    return {case_id for (plan,) in rows for case_id in _named(json.loads(plan))}


def _named(plan: Any) -> Iterator[str]:
    """Every case id of a plan, whatever its shape: the values of its `case_id` and the texts of its `case_ids`."""
    if isinstance(plan, list):
        for part in plan:
            yield from _named(part)
    elif isinstance(plan, dict):
        for name, part in plan.items():
            if name == "case_id":
                yield part
            elif name == "case_ids":
                yield from part
            else:
                yield from _named(part)
