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


def together(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str],
    tables: Sequence[Sequence[int]],
) -> pd.DataFrame:
    """The decisions on a recommendation on such cases, by name; no row where there are none.

    tables: by which of the dimensions each table tells them apart; in the others the name is None, for whatever name.
    Columns: name_0 …, n, hits (overrides), cases, and sums over cases of a², ao, o², of a decisions and o overrides on a
    case. People count under the names that the reader's veil gives them.
    """
    limits, bound = where(store, domain, filters)
    named = "".join(
        f"{expression(store, domain, one, filters.seen_by)} AS name_{i}, " for i, one in enumerate(by)
    )
    every = "".join(f"name_{i}, " for i in range(len(by)))
    parts = []
    for told in tables:
        listed = "".join(f"name_{i}, " for i in told)
        shown = "".join(f"{f'name_{i}' if i in told else 'NULL'} AS name_{i}, " for i in range(len(by)))
        whole = f"(SELECT {listed}sum(a)::BIGINT AS a, sum(o)::BIGINT AS o FROM c GROUP BY {listed}case_id)"
        of = "c" if len(told) == len(by) else whole
        each = "GROUP BY " + ", ".join(f"name_{i}" for i in told) if told else "HAVING count(*) > 0"
        parts.append(f"SELECT {shown}{ADDED} FROM {of} w {each}")
    return store.frame(
        f"WITH c AS MATERIALIZED (SELECT {every}case_id, count(*) AS a, count(*) FILTER (over) AS o FROM "
        f"(SELECT {named}case_id, _over AS over FROM {source.decided(store, domain)} d "
        f"WHERE _shared AND _over IS NOT NULL AND {limits}) r GROUP BY {every}case_id) "
        f"{' UNION ALL '.join(parts)}",
        bound,
    )
