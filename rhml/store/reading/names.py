"""How often each name of each dimension stands in the rows: counted once a copy, for filters and lists of months."""

from __future__ import annotations

from collections.abc import Mapping

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted
from rhml.store.reading import shelf
from rhml.store.reading.shelf import Copy, text

Count = tuple[str, str, int, int, int]
"""A dimension, a name, its decisions on a recommendation, those that overrode, and all decisions."""


def counting(columns: Mapping[str, str], rows: str) -> str:
    """SQL for the counts of every name of some dimensions, each given as SQL over the rows; one pass for all.

    `rows` have the column `_over`; what names a row is never NULL.
    """
    places = [f"n{i}" for i in range(len(columns))]
    first, every = ", ".join(places), (1 << len(columns)) - 1
    which = " ".join(  # the bit of the one dimension that a row is grouped by is not set
        f"WHEN {every ^ (1 << (len(columns) - 1 - i))} THEN {text(by)}" for i, by in enumerate(columns)
    )
    named = ", ".join(f"{sql} AS {place}" for place, sql in zip(places, columns.values(), strict=True))
    return (
        f"SELECT CASE GROUPING({first}) {which} END AS dimension, coalesce({first}) AS name, "
        "count(_over) AS n, count(*) FILTER (_over) AS overrides, count(*) AS decisions "
        f"FROM (SELECT {named}, _over FROM {rows} d) g GROUP BY GROUPING SETS ({', '.join(f'({p})' for p in places)})"
    )


def of_copy(store: Store, domain: DecisionDomain) -> list[Count] | None:
    """The counts as a copy holds them, people by their names; None where questions are read from the log itself."""
    copy = shelf.newest(store, domain)
    if copy is None:
        return None
    rows = store.read(f"SELECT dimension, name, n, overrides, decisions FROM {quoted(copy.catalog)}.names")
    return [(by, _shown(copy, by, name), *counts) for by, name, *counts in rows]


def _shown(copy: Copy, by: str, name: str) -> str:
    return copy.people[int(name)] if by == "manager" else name
