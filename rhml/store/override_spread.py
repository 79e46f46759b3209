"""How far sums of overrides may be off where several people judged one case: added up by case in the log."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store
from rhml.store.explorer import Filters
from rhml.store.override_sums import names_of, rows_of
from rhml.store.reading import source

SMALLEST = 5
"""Managers with fewer rows share a stratum (`stats.sample.SMALLEST_STRATUM`)."""
BY_MANAGER = tuple(
    (f"{sql}::{'BIGINT' if name.startswith('n') else 'FLOAT8'} AS {name}", name)
    for name, sql in (
        ("n_right", "judged"), ("s_right", '"right"'),
        ("n1_right", "alone_judged"), ("s1_right", "alone_right"), ("q1_right", "alone_right"),
        ("n_worth", "stated"), ("s_worth", "saved"),
        ("n1_worth", "alone_stated"), ("s1_worth", "alone_saved"), ("q1_worth", "alone_squares"),
    )
)  # fmt: skip
"""Counts, sums and squares of one manager's rows, all and those on cases of their own, from what `sums` gives."""


def spread(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str],
    held: pd.DataFrame,
    tables: Sequence[Sequence[int]],
) -> pd.DataFrame:
    """How far each name's sums may be off where several people judged one case.

    held: what `sums` found under the same filters; names that it does not tell apart count where whatever name does.
    tables: by which of the dimensions each table tells the names apart.

    Columns: name_0 … (None for whatever name), of ('right' or 'worth'), n, cases, total, variance.

    As `stats.sample` has it: deviations from the manager's own mean, managers with few rows as one stratum, added up
    within a case before they are squared. Rows on cases of their own are added up by manager; only the others are read.
    """
    of = source.coded(store, domain)
    rows, bound = rows_of(store, domain, filters, by, of=of)
    keys = f"{names_of(by)}part"
    added = ", ".join(sql for sql, _ in BY_MANAGER)
    summed, listed = _of_tables(len(by), tables)
    shown = "".join(_where_told(i, tables) for i in range(len(by)))
    with store.at_one_moment() as tx, tx.lent(held, "held"):
        return tx.frame(
            f"WITH a AS MATERIALIZED (SELECT {names_of(by)}manager, {added} FROM held WHERE judged > 0), "
            f"b AS MATERIALIZED (SELECT {_seen(by, filters, of)}{of.name('manager')} AS manager, case_id, "
            f"CAST(status = 'rescued' AS FLOAT8) AS hit, saved FROM ({rows}) r WHERE shared), "
            f"g AS ({summed}), h AS ({listed}), "
            f"{', '.join(_variance(of, y, keys) for of, y in (('right', 'hit'), ('worth', 'saved')))} "
            + " UNION ALL ".join(
                f"SELECT {shown}'{of}' AS of, n, cases, total, variance FROM v_{of}"
                for of in ("right", "worth")
            ),
            bound,
        )


def _seen(by: Sequence[str], filters: Filters, of: source.Coded) -> str:
    """The columns of names of single rows, people under what the reader's veil gives them."""
    columns = ""
    for i, one in enumerate(by):
        name = f"name_{i}"
        if one == "manager":
            name = of.name(name) if filters.seen_by is None else filters.seen_by.sql(of.name(name))
        columns += f"{name} AS name_{i}, "
    return columns


def _of_tables(width: int, tables: Sequence[Sequence[int]]) -> tuple[str, str]:
    """The sums a manager (`a`) and the rows on shared cases (`b`) once for each table, which `part` numbers.

    A name that a table does not tell apart is empty there, not NULL: NULLs would not join.
    """
    again = ", ".join(f"sum({name}) AS {name}" for _, name in BY_MANAGER)
    summed, listed = [], []
    for part, told in enumerate(tables):
        columns = "".join(f"name_{i}, " if i in told else f"'' AS name_{i}, " for i in range(width))
        there = " AND ".join(["TRUE", *(f"name_{i} IS NOT NULL" for i in told)])
        summed.append(
            f"SELECT {columns}{part} AS part, manager, {again} FROM a WHERE {there} "
            f"GROUP BY {''.join(f'name_{i}, ' for i in told)}manager"
        )
        listed.append(f"SELECT {columns}{part} AS part, manager, case_id, hit, saved FROM b")
    return " UNION ALL ".join(summed), " UNION ALL ".join(listed)


def _where_told(place: int, tables: Sequence[Sequence[int]]) -> str:
    """A column of names that is NULL in the tables that do not tell them apart."""
    parts = ", ".join(str(part) for part, told in enumerate(tables) if place in told)
    return f"CASE WHEN part IN ({parts}) THEN name_{place} END AS name_{place}, "


def _variance(of: str, y: str, keys: str) -> str:
    """The steps from sums a manager (`g`) and rows on shared cases (`h`) to one variance a name (`v_…`)."""
    over = f"OVER (PARTITION BY {keys})"
    return (
        f"k_{of} AS (SELECT {keys}, manager, n, s, n1, s1, q1, "
        f"CASE WHEN n < {SMALLEST} OR (few BETWEEN 1 AND {SMALLEST - 1} AND n = least) THEN '' ELSE 'm' || manager END AS stratum "
        f"FROM (SELECT {keys}, manager, n_{of} AS n, s_{of} AS s, n1_{of} AS n1, s1_{of} AS s1, q1_{of} AS q1, "
        f"sum(CASE WHEN n_{of} < {SMALLEST} THEN n_{of} ELSE 0 END) {over} AS few, "
        f"min(CASE WHEN n_{of} >= {SMALLEST} THEN n_{of} END) {over} AS least FROM g WHERE n_{of} > 0) c), "
        f"t_{of} AS (SELECT {keys}, stratum, case_id, {y} AS y FROM h JOIN k_{of} USING ({keys}, manager) WHERE {y} IS NOT NULL), "
        f"d_{of} AS (SELECT {keys}, stratum, count(DISTINCT case_id) AS c FROM t_{of} GROUP BY {keys}, stratum), "
        f"f_{of} AS (SELECT {keys}, stratum, sum(n) AS n, sum(s) AS s, sum(s) / sum(n) AS mean, sum(n1) AS n1, sum(s1) AS s1, "
        f"sum(q1) AS q1, CAST(sum(n1) + coalesce(any_value(c), 0) AS FLOAT8) AS c "
        f"FROM k_{of} LEFT JOIN d_{of} USING ({keys}, stratum) GROUP BY {keys}, stratum), "
        f"e_{of} AS (SELECT {keys}, case_id, sum((y - mean) * sqrt(c / greatest(c - 1, 1))) AS d "
        f"FROM t_{of} JOIN f_{of} USING ({keys}, stratum) GROUP BY {keys}, case_id), "
        f"w_{of} AS (SELECT {keys}, count(*) AS cases, sum(d * d) AS variance FROM e_{of} GROUP BY {keys}), "
        f"v_{of} AS (SELECT {keys}, sum(n)::BIGINT AS n, (sum(n1) + coalesce(any_value(cases), 0))::BIGINT AS cases, "
        f"sum(s) AS total, sum((q1 - 2 * mean * s1 + n1 * mean * mean) * c / greatest(c - 1, 1)) "
        f"+ coalesce(any_value(variance), 0) AS variance FROM f_{of} LEFT JOIN w_{of} USING ({keys}) GROUP BY {keys})"
    )
