"""How often recommendations were decided against, by name of a dimension, with what an interval over cases needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.agreement_counts import whole
from rhml.store.dimensions import expression
from rhml.store.engine import Store
from rhml.store.explorer import Filters, where
from rhml.store.reading import source
from rhml.store.veil import Veil

ALL, DIRECTION, PEOPLE = "all", "direction", "manager"
MOST_NAMES = 100
COUNTS = ("advised", "overridden", "cases", "aa", "ao", "oo")


def limited(domain: DecisionDomain, *, people: bool = True) -> tuple[str, ...]:
    """By what override rates are held against limits."""
    direction = (DIRECTION,) if domain.has_order else ()
    return (ALL, *direction, *domain.segment_columns, *((PEOPLE,) if people else ()))


def rates(
    store: Store, domain: DecisionDomain, filters: Filters, dimensions: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """For each dimension and name: decisions on a recommendation, overrides, cases, and sums over cases of a², ao, o².

    a and o: a case's decisions and overrides. Columns: name, advised, overridden, cases, aa, ao, oo. By direction the
    decisions are those whose recommendation could be decided against in it. One pass over cases of one decision, and
    one over the others, whatever the number of dimensions.
    """
    named = [by for by in dimensions if by not in (ALL, DIRECTION)]
    of = source.coded(store, domain)
    rows, bound = _rows(store, domain, filters, named, of)
    alone = store.frame(_alone(rows, named, of), bound)
    if filters.seen_by is not None:  # over the counts, where it costs nothing
        people = alone["dimension"] == PEOPLE
        alone.loc[people, "name"] = alone.loc[people, "name"].map(filters.seen_by.of)
    together = store.frame(_together(rows, named, dimensions, domain, filters.seen_by, of), bound)
    found = pd.concat([alone, together])
    held = {by: found[found["dimension"] == by] for by in dimensions}
    if DIRECTION in held:
        held[DIRECTION] = pd.concat(
            [held[DIRECTION], _directions(found[found["dimension"] == "way"], domain)]
        )
    return {by: _added(frame) for by, frame in held.items()}


def _rows(
    store: Store, domain: DecisionDomain, filters: Filters, named: Sequence[str], of: source.Coded
) -> tuple[str, list[Any]]:
    limits, bound = where(store, domain, whole(filters))
    names = "".join(
        f", {'_who' if by == PEOPLE else expression(store, domain, by)} AS n{i}" for i, by in enumerate(named)
    )
    return (
        f"SELECT case_id, _shared AS shared, _over AS o, recommended_action AS rec, direction AS way{names} "
        f"FROM {of.rows} d WHERE _over IS NOT NULL AND {limits}",
        bound,
    )


def _alone(rows: str, named: Sequence[str], of: source.Coded) -> str:
    """Cases of one decision: a = 1, so that every sum is a count."""
    columns = [f"n{i}" for i in range(len(named))]
    shown = [of.name(column) if by == PEOPLE else column for column, by in zip(columns, named, strict=True)]
    sets = ", ".join(["()", "(rec, way)", *(f"({column})" for column in columns)])
    whens = " ".join(f"WHEN GROUPING({c}) = 0 THEN '{by}'" for c, by in zip(columns, named, strict=True))
    return (
        f"SELECT CASE WHEN GROUPING(rec) = 0 THEN 'way' {whens} ELSE '{ALL}' END AS dimension, "
        f"coalesce({', '.join([*shown, 'rec', repr(ALL)])}) AS name, way, count(*) AS advised, count(*) FILTER (o) AS overridden, "
        "count(*) AS cases, count(*) AS aa, count(*) FILTER (o) AS ao, count(*) FILTER (o) AS oo "
        f"FROM ({rows}) r WHERE NOT shared GROUP BY GROUPING SETS ({sets})"
    )  # fmt: skip


def _together(
    rows: str, named: Sequence[str], dimensions: Sequence[str], domain: DecisionDomain, veil: Veil | None, of: source.Coded,
) -> str:  # fmt: skip
    """Cases of several decisions, added up by case before they are squared; people who share a name are one name."""
    first, last = domain.action_keys[0], domain.action_keys[-1]
    parts = [
        (ALL, f"'{ALL}'", "o", "TRUE"),
        *(
            (by, _person(f"n{i}", veil, of) if by == PEOPLE else f"n{i}", "o", "TRUE")
            for i, by in enumerate(named)
        ),
    ]
    if DIRECTION in dimensions:
        parts += [(DIRECTION, "'high-side'", "(o AND way = 1)", f"rec <> '{last}'"),
                  (DIRECTION, "'low-side'", "(o AND way = -1)", f"rec <> '{first}'")]  # fmt: skip
    each = " UNION ALL ".join(
        f"SELECT '{by}' AS dimension, name, NULL::INTEGER AS way, sum(a) AS advised, sum(b) AS overridden, count(*) AS cases, "
        f"sum(a * a) AS aa, sum(a * b) AS ao, sum(b * b) AS oo FROM (SELECT {name} AS name, case_id, count(*) AS a, "
        f"count(*) FILTER ({over}) AS b FROM r WHERE {among} GROUP BY 1, case_id) c GROUP BY name"
        for by, name, over, among in parts
    )
    return f"WITH r AS MATERIALIZED (SELECT * FROM ({rows}) r WHERE shared) {each}"


def _person(column: str, veil: Veil | None, of: source.Coded) -> str:
    return veil.sql(of.name(column)) if veil else of.name(column)


def _directions(ways: pd.DataFrame, domain: DecisionDomain) -> pd.DataFrame:
    """What each recommendation came to, as rates of deciding against it in either direction."""
    found = []
    for name, way, end in (("high-side", 1, domain.action_keys[-1]), ("low-side", -1, domain.action_keys[0])):
        of = ways[ways["name"] != end]
        advised, over = int(of["advised"].sum()), int(of.loc[of["way"] == way, "overridden"].sum())
        found.append((DIRECTION, name, advised, over, advised, advised, over, over))
    return pd.DataFrame(found, columns=["dimension", "name", *COUNTS])


def _added(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a name, those with most overrides first."""
    added = frame.groupby("name", as_index=False)[list(COUNTS)].sum()
    added = added[added["advised"] > 0]
    return added.sort_values(["overridden", "name"], ascending=[False, True]).head(MOST_NAMES)
