"""The decisions under a reader's filters, added up in the log: a row for each name and manager, never one a decision.

What is counted is the same as in `explorer`; the sums and squares are what intervals need (`stats.summed`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import expression
from rhml.store.engine import Store
from rhml.store.explorer import Filters, where
from rhml.store.reading import source

COUNTED = ("rescued", "spoiled", "both wrong", "not yet known", "cannot be known")
WORTHS = (
    ("rescued", "saved", "worth"), ("spoiled", "saved", "worth"),
    ("not yet known", "stake", "stake"), ("cannot be known", "stake", "stake"),
)  # fmt: skip
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
MOST_NAMES = (1_000, 100)
"""Names of one dimension, or of each of two, that are told apart; nobody reads more, and all others count together."""


def sums(store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str] = ()) -> pd.DataFrame:
    """How many decisions, overrides and verdicts each name has, by manager.

    The names with most overrides are told apart (people all); all others share the name None. `names_0` … says how many
    there are. Columns: `name_0`, `name_1` … in the order of `by` (none without), manager (the person, whatever the veil), advised,
    overridden, rescued, spoiled, both_wrong, not_yet_known, cannot_be_known; judged, right (rows that may speak and of
    them those right), shared (of them those on cases that several judged), stated, saved, squares (rows whose worth is
    stated, their sum, the sum of their squares), the same five as alone_… for those not shared; rescued_worth, spoiled_worth (parts of that sum), not_yet_known_stake and
    cannot_be_known_stake (the value of the cases behind those overrides).
    """
    of = source.coded(store, domain)  # grouped by number, which costs half of what names do
    rows, bound = _rows(store, domain, filters, by, of=of)
    names, (top, shown) = _names(by), _told_apart(by, of)
    counted = "".join(
        f", coalesce(sum(n) FILTER (status = '{name}'), 0)::BIGINT AS {name.replace(' ', '_')}"
        for name in COUNTED
    )
    counted += "".join(
        f", coalesce(sum({column}) FILTER (status = '{name}'), 0) AS {name.replace(' ', '_')}_{said}"
        for name, column, said in WORTHS
    )
    counted += "".join(f", (SELECT count(DISTINCT name_{i}) FROM g) AS names_{i}" for i in range(len(by)))
    frame = store.frame(
        # Most rows followed and are only counted; to group them by all that overrides have would cost as much again.
        f"WITH g AS MATERIALIZED (SELECT {names}manager, TRUE AS over, status, speaks, shared, count(*) AS n, "
        f"count(saved) AS stated, sum(saved) AS saved, sum(saved * saved) AS squares, "
        f"sum(value) AS stake FROM ({rows}) r WHERE over GROUP BY {names}manager, status, speaks, shared UNION ALL "
        f"SELECT {names}manager, FALSE, NULL, FALSE, FALSE, count(*), 0, NULL, NULL, NULL FROM ({rows}) r WHERE NOT over "
        f"GROUP BY {names}manager){top} "
        f"SELECT {names}manager, sum(n)::BIGINT AS advised, coalesce(sum(n) FILTER (over), 0)::BIGINT AS overridden"
        f"{counted}, {_judged('', 'TRUE')}, {_judged('alone_', 'shared IS NOT TRUE')}, "
        "coalesce(sum(n) FILTER (shared), 0)::BIGINT AS shared "
        f"FROM (SELECT {shown}{of.name('manager')} AS manager, * EXCLUDE ({names}manager) FROM g) h "
        f"GROUP BY {names}manager ORDER BY {names}manager",
        bound,
    )
    return _under_veil(frame, by, filters)


def _judged(prefix: str, which: str) -> str:
    """The sums of the rows that may speak and of those whose worth is stated, over some of the groups."""
    return (
        f"coalesce(sum(n) FILTER (speaks AND {which}), 0)::BIGINT AS {prefix}judged, "
        f"coalesce(sum(n) FILTER (speaks AND status = 'rescued' AND {which}), 0)::BIGINT AS {prefix}right, "
        f"coalesce(sum(stated) FILTER ({which}), 0)::BIGINT AS {prefix}stated, "
        f"coalesce(sum(saved) FILTER ({which}), 0) AS {prefix}saved, "
        f"coalesce(sum(squares) FILTER ({which}), 0) AS {prefix}squares"
    )


def _told_apart(by: Sequence[str], of: source.Coded) -> tuple[str, str]:
    """The steps that find the names with most overrides among the groups `g`, and the columns that keep only those."""
    most, steps, columns = MOST_NAMES[len(by) > 1], "", ""
    for i, one in enumerate(by):
        if one == "manager":
            columns += f"{of.name(f'name_{i}')} AS name_{i}, "
            continue
        steps += (
            f", top_{i} AS (SELECT name_{i} FROM g GROUP BY name_{i} "
            f"ORDER BY coalesce(sum(n) FILTER (over), 0) DESC, sum(n) DESC, name_{i} LIMIT {most})"
        )
        columns += f"CASE WHEN name_{i} IN (SELECT name_{i} FROM top_{i}) THEN name_{i} END AS name_{i}, "
    return steps, columns


def spread(
    store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str], held: pd.DataFrame
) -> pd.DataFrame:
    """How far each name's sums, and those of everything together, may be off where several people judged one case.

    held: what `sums` found under the same filters. Names that it does not tell apart count with everything alone.

    Columns: name_0 …, everything (then the names are empty), of ('right' or 'worth'), n, cases, total, variance.

    As `stats.sample` has it: deviations from the manager's own mean, managers with few rows as one stratum, added up
    within a case before they are squared. Rows on cases of their own are added up by manager; only the others are read.
    """
    of = source.coded(store, domain)
    rows, bound = _rows(store, domain, filters, by, of=of)
    names, keys = _names(by), f"{_names(by)}everything"
    veil, shown = filters.seen_by, ""
    for i, one in enumerate(by):
        seen = of.name(f"name_{i}") if one == "manager" else f"name_{i}"
        shown += f"{veil.sql(seen) if veil and one == 'manager' else seen} AS name_{i}, "
    nameless = "".join(f"'' AS name_{i}, " for i in range(len(by)))
    told = "".join(f" AND name_{i} IS NOT NULL" for i in range(len(by)))
    added = ", ".join(sql for sql, _ in BY_MANAGER)
    columns = ", ".join(name for _, name in BY_MANAGER)
    again = ", ".join(f"sum({name}) AS {name}" for _, name in BY_MANAGER)
    parts = f"SELECT {names}FALSE AS everything, manager, {{}} UNION ALL " if by else ""
    with store.at_one_moment() as tx, tx.lent(held, "held"):
        return tx.frame(
            f"WITH a AS MATERIALIZED (SELECT {names}manager, {added} FROM held WHERE judged > 0), "
            f"b AS MATERIALIZED (SELECT {shown}{of.name('manager')} AS manager, case_id, CAST(status = 'rescued' AS FLOAT8) AS hit, "
            f"saved FROM ({rows}) r WHERE shared), "
            f"g AS ({parts.format(f'{columns} FROM a WHERE TRUE{told}')}"
            f"SELECT {nameless}TRUE AS everything, manager, {again} FROM a GROUP BY manager), "
            f"h AS ({parts.format('case_id, hit, saved FROM b')}SELECT {nameless}TRUE AS everything, manager, case_id, hit, saved FROM b), "
            f"{', '.join(_variance(of, y, keys) for of, y in (('right', 'hit'), ('worth', 'saved')))} "
            + " UNION ALL ".join(
                f"SELECT {keys}, '{of}' AS of, n, cases, total, variance FROM v_{of}"
                for of in ("right", "worth")
            ),
            bound,
        )


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


def worth_of(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str],
    names: Sequence[Sequence[str]] | None,
) -> pa.Table:
    """What each override saved, a row an override, for names with few of them: name_0 …, case_id, manager, saved.

    names: for which; None for all together. In the order in which they were decided.
    """
    rows, bound = _rows(store, domain, filters, by, extra=", decided_at, decision_id")
    return store.arrow(
        f"SELECT {_names(by)}case_id, manager, saved FROM ({rows}) r WHERE speaks AND saved IS NOT NULL "
        f"{'' if names is None else f'AND ({_one_of(by, names, bound)})'} ORDER BY decided_at NULLS FIRST, decision_id",
        [*bound, *(name for row in names or () for name in row)],
    )


def _one_of(by: Sequence[str], names: Sequence[Sequence[str]], bound: Sequence[Any]) -> str:
    columns = ", ".join(f"name_{i}" for i in range(len(by)))
    at, width = len(bound) + 1, len(by)
    rows = (", ".join(f"${at + width * i + j}" for j in range(width)) for i in range(len(names)))
    return f"({columns}) IN ({', '.join(f'({row})' for row in rows)})" if names else "FALSE"


def _names(by: Sequence[str]) -> str:
    return "".join(f"name_{i}, " for i in range(len(by)))


def _rows(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str],
    *,
    of: source.Coded | None = None,
    extra: str = "",
) -> tuple[str, list[Any]]:
    """The decisions that followed or overrode a recommendation, as SQL, and its parameters.

    of: rows in which numbers stand for people, without a veil; else people are named under the reader's.
    """
    limits, bound = where(store, domain, filters)
    who = "manager" if of is None else "_who"
    names = "".join(
        f"{who if of is not None and one == 'manager' else expression(store, domain, one, filters.seen_by)} AS name_{i}, "
        for i, one in enumerate(by)
    )
    return (
        f"SELECT {names}{who} AS manager, case_id{extra}, _over AS over, CASE WHEN _over THEN _status END AS status, "
        f"_over AND _speaks AS speaks, _saved AS saved, value, _over AND _speaks AND _shared AS shared "
        f"FROM {source.decided(store, domain) if of is None else of.rows} d "
        f"WHERE _over IS NOT NULL AND {limits}{' AND _over' if filters.overrides_only else ''}",
        bound,
    )


def _under_veil(frame: pd.DataFrame, by: Sequence[str], filters: Filters) -> pd.DataFrame:
    """People were counted one by one: the veil is put over the sums, where it costs nothing."""
    if "manager" in by and filters.seen_by is not None:
        column = f"name_{list(by).index('manager')}"
        frame[column] = frame[column].map({one: filters.seen_by.of(one) for one in frame[column].unique()})
    return frame
