"""What may leave the log as a file: one of the analysts' views, or the overrides under filters; as SQL, never as a frame."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.store import explorer
from rhml.store.engine import Store
from rhml.store.explorer import Filters
from rhml.store.questions.question import VIEWS, dictionary
from rhml.store.reading import source
from rhml.store.veil import Veil, veiled

Query = tuple[str, list[Any]]
PEOPLE = ("decided", "overrides")
"""Views that say who decided."""
_OWN = {
    "decided": "manager = $1 AND NOT bank",
    "overrides": "manager = $1 AND NOT bank",
    "resolved": "case_id IN (SELECT case_id FROM {decided} own WHERE manager = $1 AND NOT bank)",
}


def of_view(store: Store, domain: DecisionDomain, view: str, *, only: str | None, veil: Veil) -> Query:
    """Every row of a view under a veil; `only` is a manager to whom no other person's decisions are given."""
    if view not in VIEWS:
        raise RhmlError(f"There is no view {view[:40]!r}. Views: {', '.join(VIEWS)}.")
    held, rows = dictionary(store, domain), source.relation(store, domain, view)
    columns = ", ".join(veiled(veil, name) for name in held.loc[held["view"] == view, "column"])
    own = source.relation(store, domain, "decided")
    where = f" WHERE {_OWN[view].format(decided=own)}" if only is not None and view in _OWN else ""
    return f"SELECT {columns} FROM {rows} v{where}", [only] if where else []


def of_overrides(store: Store, domain: DecisionDomain, filters: Filters) -> Query:
    """Every override under filters, with the case's features."""
    return explorer.export_query(store, domain, filters)


def people(store: Store, query: Query) -> list[str]:
    """The names of people that a query gives out."""
    sql, bound = query
    return [
        name
        for (name,) in store.read(
            f"SELECT DISTINCT manager FROM ({sql}) given WHERE manager IS NOT NULL", bound
        )
    ]
