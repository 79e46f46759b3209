"""Ids of imported decisions, which were made from case, person and time: in a copy they stand as readers see them.

Whoever knows the names can make such an id again, so the log's own process does, where a page needs it.
"""

from __future__ import annotations

from rhml.store.engine import Store
from rhml.store.veil import ROW, Veil, key_of_ids

MADE = (
    f"'{ROW}' || substr(sha256(concat(case_id, chr(31), {{manager}}, chr(31), "
    "coalesce(strftime(decided_at, '%Y-%m-%dT%H:%M:%S.%f'), ''))), 1, 32)"
)
"""As `rhml.intake.decisions` makes them."""


def shown_id(store: Store) -> str:
    """SQL over the view `decided`: the id as every reader under a veil sees it."""
    return Veil((), "", key=key_of_ids(store.secret)).sql_of_id("decision_id")


def own_id() -> str:
    """SQL over the view: an id that only looks like one made from case, person and time, else NULL."""
    made = MADE.format(manager="manager")
    return f"CASE WHEN starts_with(decision_id, '{ROW}') AND decision_id <> {made} THEN decision_id END"


def whole_id(manager: str) -> str:
    """SQL over a copy: the decision's own id, given SQL for the person's name."""
    made = MADE.format(manager=manager)
    return f"CASE WHEN starts_with(decision_id, '{ROW}') THEN coalesce(_own_id, {made}) ELSE decision_id END"
