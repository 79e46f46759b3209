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
    rows, bound = rows_of(store, domain, filters, by, of=of)
    names, (top, shown) = names_of(by), _told_apart(by, of)
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


def worth_of(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str],
    names: Sequence[Sequence[str | None]],
) -> pa.Table:
    """What each override saved, a row an override, for names with few of them: name_0 …, case_id, manager, saved.

    names: for which; None stands for whatever name. In the order in which they were decided.
    """
    rows, bound = rows_of(store, domain, filters, by, extra=", decided_at, decision_id")
    wanted, named = _one_of(names, len(bound))
    return store.arrow(
        f"SELECT {names_of(by)}case_id, manager, saved FROM ({rows}) r WHERE speaks AND saved IS NOT NULL "
        f"AND ({wanted}) ORDER BY decided_at NULLS FIRST, decision_id",
        [*bound, *named],
    )


def _one_of(names: Sequence[Sequence[str | None]], bound: int) -> tuple[str, list[str]]:
    """SQL for rows that any of the names means, and its parameters, after so many others."""
    told: dict[tuple[int, ...], list[str]] = {}
    for row in names:
        places = tuple(i for i, name in enumerate(row) if name is not None)
        if not places:
            return "TRUE", []
        told.setdefault(places, []).extend(row[i] or "" for i in places)
    conditions, listed = [], []
    for places, texts in told.items():
        at = bound + len(listed) + 1
        marks = [f"${at + i}" for i in range(len(texts))]
        rows = (f"({', '.join(marks[i : i + len(places)])})" for i in range(0, len(marks), len(places)))
        conditions.append(f"({', '.join(f'name_{i}' for i in places)}) IN ({', '.join(rows)})")
        listed += texts
    return " OR ".join(conditions) or "FALSE", listed


def names_of(by: Sequence[str]) -> str:
    """The columns of names, listed for SQL."""
    return "".join(f"name_{i}, " for i in range(len(by)))


def rows_of(
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
