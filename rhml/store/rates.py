"""Decisions and overrides on cases that several people decided, added up by case: what rates over cases need."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import expression
from rhml.store.engine import Store
from rhml.store.explorer import Filters, where
from rhml.store.reading import source

ADDED = (
    "sum(a)::BIGINT AS n, sum(o)::BIGINT AS hits, count(*) AS cases, "
    "sum(a * a)::BIGINT AS aa, sum(a * o)::BIGINT AS ao, sum(o * o)::BIGINT AS oo"
)


def several(store: Store, domain: DecisionDomain, filters: Filters) -> bool:
    """Whether any decision on a recommendation stands on such a case."""
    limits, bound = where(store, domain, filters)
    [(there,)] = store.read(
        f"SELECT EXISTS (SELECT 1 FROM {source.decided(store, domain)} d WHERE _shared AND _over IS NOT NULL AND {limits})",
        bound,
    )
    return there


def together(store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str] = ()) -> pd.DataFrame:
    """The decisions on a recommendation on such cases, by name and of everything; no row where there are none.

    Columns: name_0 …, everything (then the names are empty), n, hits (overrides), cases, and sums over cases of a², ao,
    o², of a decisions and o overrides on a case. People count under the names that the reader's veil gives them.
    """
    limits, bound = where(store, domain, filters)
    named = "".join(
        f"{expression(store, domain, one, filters.seen_by)} AS name_{i}, " for i, one in enumerate(by)
    )
    names = [f"name_{i}" for i in range(len(by))]
    listed, nameless = "".join(f"{name}, " for name in names), "".join(f"'' AS {name}, " for name in names)
    parts = (
        f"SELECT {listed}FALSE AS everything, {ADDED} FROM c GROUP BY {', '.join(names)} UNION ALL "
        if by
        else ""
    )
    return store.frame(
        f"WITH c AS MATERIALIZED (SELECT {listed}case_id, count(*) AS a, count(*) FILTER (over) AS o FROM "
        f"(SELECT {named}case_id, _over AS over FROM {source.decided(store, domain)} d "
        f"WHERE _shared AND _over IS NOT NULL AND {limits}) r GROUP BY {listed}case_id) {parts}"
        f"SELECT {nameless}TRUE AS everything, {ADDED} FROM "
        "(SELECT sum(a)::BIGINT AS a, sum(o)::BIGINT AS o FROM c GROUP BY case_id) w HAVING count(*) > 0",
        bound,
    )
