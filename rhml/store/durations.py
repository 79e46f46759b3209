"""How long decisions took, by name and by whether they overrode: quartiles from counts of times, never from rows.

Times are counted to a tenth of a second below 100 s, to the second below an hour and to the minute beyond, so that ten
million decisions are a few thousand counts; quartiles of those counts are exact to that grain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import expression
from rhml.store.engine import Store
from rhml.store.explorer import Filters, where
from rhml.store.reading import source

GRAIN = (
    "CASE WHEN seconds < 100 THEN round(seconds, 1) WHEN seconds < 3600 THEN round(seconds) "
    "ELSE round(seconds / 60) * 60 END"
)
BESIDE = "greatest(1, round_even((total + 1) / 2 - sqrt(total), 0))"
"""The rank below the median from which its interval is read (Price & Bonett 2001), as in `stats.medians`."""


def times(
    store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str] = (), *, margins: bool = False
) -> pd.DataFrame:
    """The time per decision of each name: name_0 …, side ('all', 'agreed', 'overrode'), n, first, median, third (the
    quartiles), below, above (the order statistics beside the median), untimed (decisions without a time), imported (timed
    ones that came with an import). margins: also of all names of one dimension, or of each, together; they are NULL there.
    """
    limits, bound = where(store, domain, filters)
    names = "".join(f"name_{i}, " for i in range(len(by)))
    named = "".join(f"{expression(store, domain, one)} AS name_{i}, " for i, one in enumerate(by))
    veil = filters.seen_by  # put over the counts: over every row it would cost as much as the counting
    shown = "".join(
        f"{veil.sql(f'name_{i}') if veil and one == 'manager' else f'name_{i}'} AS name_{i}, "
        for i, one in enumerate(by)
    )

    whole = product((False, True), repeat=len(by)) if margins else ((False,) * len(by),)
    r = " UNION ALL ".join(
        f"SELECT {''.join(f'NULL AS name_{i}, ' if all_of else f'name_{i}, ' for i, all_of in enumerate(kept))}over, took, n, imported FROM v"
        for kept in whole
    )

    def at(rank: str) -> str:
        return f"min(took) FILTER (upto >= {rank})"

    return store.frame(
        f"WITH g AS (SELECT {names}over, took, count(*) AS n, count(*) FILTER (imported AND took IS NOT NULL) AS imported FROM "
        f"(SELECT {named}_over AS over, imported, {GRAIN} AS took FROM {source.decided(store, domain)} d "
        f"WHERE _over IS NOT NULL AND {limits}) t GROUP BY {names}over, took), "
        f"v AS (SELECT {shown}over, took, n, imported FROM g), r AS ({r}), "
        f"s AS (SELECT {names}CASE WHEN over THEN 'overrode' ELSE 'agreed' END AS side, took, sum(n) AS n, "
        f"sum(imported) AS imported FROM r GROUP BY {names}side, took "
        f"UNION ALL SELECT {names}'all' AS side, took, sum(n) AS n, sum(imported) AS imported FROM r GROUP BY {names}took), "
        f"c AS (SELECT *, sum(CASE WHEN took IS NULL THEN 0 ELSE n END) OVER (PARTITION BY {names}side ORDER BY took NULLS LAST) AS upto, "
        f"sum(CASE WHEN took IS NULL THEN 0 ELSE n END) OVER (PARTITION BY {names}side) AS total FROM s) "
        f"SELECT {names}side, total::BIGINT AS n, {at('total * 0.25')} AS first, "
        f"({at('total / 2')} + {at('total // 2 + 1')}) / 2 AS median, {at('total * 0.75')} AS third, "
        f"{at(BESIDE)} AS below, {at(f'total + 1 - {BESIDE}')} AS above, "
        f"coalesce(sum(n) FILTER (took IS NULL), 0)::BIGINT AS untimed, sum(imported)::BIGINT AS imported "
        f"FROM c GROUP BY {names}side, total ORDER BY {names}side",
        bound,
    )  # fmt: skip
