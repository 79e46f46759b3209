"""Reads of what people wrote when they decided differently: to learn its words from, to look through it, to count in it.

A pattern of words (RE2) is matched in the log itself, so every rationale is looked through under every filter, and
only what is on screen leaves it. Measured on a million different rationales: 0.14 s on two cores whatever the number
of words, which no table of postings and no matrix in memory beats by enough to be kept in step with the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted
from rhml.store.explorer import Filters, where
from rhml.store.reading import source

MOST_READ = 200_000
"""Different rationales, the newest, from which a log's words are learned."""

MOST_RANKED = 400
MOST_WEIGHED = 60_000
"""Different rationales among which the first choice is made; of more, the newest."""

MOST_COUNTED = 100_000
"""Overrides, the newest, whose terms are counted."""

MOST_TERMS = 2_000

LETTERS = 2_000
TERM = r"[\p{L}\p{M}\p{N}]+"


def standing(store: Store, domain: DecisionDomain) -> tuple[int, int]:
    """How many rationales were written and how much was erased: what a book of words is kept by."""
    d = quoted(domain.name)
    [(written, erased)] = store.read(
        f"SELECT (SELECT count(*) FROM {d}.rationales), (SELECT count(*) FROM {d}.erasures)"
    )
    return int(written), int(erased)


def newest(store: Store, domain: DecisionDomain, readable: Filters) -> list[str]:
    """The newest different rationales of overrides that somebody may read, as the author and the bank of filters say."""
    rows, bound = _written(store, domain, _readable(readable))
    found = store.read(
        f"SELECT left(rationale, {LETTERS}) AS said FROM {rows} GROUP BY said "
        f"ORDER BY max(decided_at) DESC NULLS LAST, said LIMIT {MOST_READ}",
        bound,
    )
    return [said for (said,) in found]


def found(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    pattern: str,
    tiers: Sequence[tuple[str, float]],
) -> list[dict[str, Any]]:
    """The different rationales that a pattern is found in, a first choice by the tiers' weights and by how new they are.

    Each: rationale, overrides (how many say exactly this), rescued, spoiled, newest, and of the newest of them
    decision_id, case_id, manager, decided_at, recommended_action, final_action, reason, status; `texts` and
    `all_overrides` count everything found. tiers: three patterns a word, of which the first that is found counts.
    """
    rows, bound = _written(store, domain, replace(filters, words=""))
    wanted, marks = _weighed(tiers, len(bound) + 1)
    best = store.records(
        f"WITH said AS (SELECT rationale, count(*) AS overrides, count(*) FILTER (_status = 'rescued') AS rescued, "
        "count(*) FILTER (_status = 'spoiled') AS spoiled, max(coalesce(decided_at, TIMESTAMP '1900-01-01')) AS newest, "
        f"arg_max(_row, coalesce(decided_at, TIMESTAMP '1900-01-01')) AS key FROM {rows} "
        f"AND regexp_matches(rationale, ${len(bound) + 1}) GROUP BY rationale), "
        "most AS (SELECT *, count(*) OVER () AS texts, sum(overrides) OVER ()::BIGINT AS all_overrides FROM said "
        f"ORDER BY newest DESC LIMIT {MOST_WEIGHED}) "
        f"SELECT * FROM most ORDER BY {wanted} DESC, newest DESC, rationale LIMIT {MOST_RANKED}",
        [*bound, pattern, *marks],
    )  # fmt: skip
    return _with_decisions(store, domain, filters, best)


def _with_decisions(
    store: Store, domain: DecisionDomain, filters: Filters, found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was decided in the rows of some keys: read once it is known which are wanted."""
    keys = [row.pop("key") for row in found]
    marks = ", ".join(f"${i}" for i in range(1, len(keys) + 1))
    held = store.records(
        f"SELECT _row, {_id(filters)} AS decision_id, case_id, rationale, {_veiled(filters, 'manager')} AS manager, decided_at, "
        f"recommended_action, final_action, reason, _status AS status FROM {source.decided(store, domain)} d "
        f"WHERE _row IN ({marks})",
        keys,
    ) if keys else []  # fmt: skip
    by_key = {row.pop("_row"): row for row in held}
    return [{**row, **by_key[key]} for row, key in zip(found, keys, strict=True) if key in by_key]


def latest(
    store: Store, domain: DecisionDomain, filters: Filters, page: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    """One page of what was written under the filters, the newest first, and how many overrides have a rationale at all."""
    rows, bound = _written(store, domain, filters)
    [(total,)] = store.read(f"SELECT count(*) FROM {rows}", bound)
    found = store.records(
        f"SELECT _row AS key FROM {rows} ORDER BY decided_at DESC NULLS LAST, _row "
        f"LIMIT {int(size)} OFFSET {int(size) * max(int(page) - 1, 0)}",
        bound,
    )
    return _with_decisions(store, domain, filters, found), int(total)


def one(store: Store, domain: DecisionDomain, decision_id: str, filters: Filters) -> str:
    """The rationale of one override, if this reader may see it; empty where there is none."""
    rows, bound = _written(store, domain, _readable(filters))
    wanted = f"{_id(filters)} = ${len(bound) + 1}"
    said = store.read(f"SELECT rationale FROM {rows} AND {wanted}", [*bound, decision_id])
    return said[0][0] if said else ""


def written(store: Store, domain: DecisionDomain, filters: Filters) -> pd.DataFrame:
    """The newest overrides with a rationale, one a row: case_id, manager, status, speaks (its outcome may be counted)."""
    rows, bound = _newest_rows(store, domain, filters)
    return store.frame(f"SELECT case_id, manager, status, speaks FROM ({rows}) w ORDER BY place", bound)


def terms(
    store: Store, domain: DecisionDomain, filters: Filters, *, fewest: int
) -> list[tuple[str, np.ndarray]]:
    """Words and pairs of words of the same overrides, the most frequent first, with the places (from 0) of those with each."""
    rows, bound = _newest_rows(store, domain, filters)
    words = f"regexp_extract_all(lower(left(rationale, {LETTERS})), '{TERM}')"
    found = store.arrow(
        f"WITH s AS (SELECT place, {words} AS said FROM ({rows}) w), "
        "t AS (SELECT place, unnest(list_distinct(list_concat(said, list_transform(list_zip(said[:-2], said[2:]), "
        "lambda p: p[1] || ' ' || p[2])))) AS term FROM s) "
        "SELECT term, list(place) AS places FROM t WHERE length(term) <= 80 GROUP BY term HAVING count(*) >= "
        f"{int(fewest)} ORDER BY count(*) DESC, term LIMIT {MOST_TERMS}",
        bound,
    )
    lists = found.column("places").combine_chunks()
    places, ends = lists.values.to_numpy(), lists.offsets.to_numpy()
    split = (places[a:b] for a, b in pairwise(ends))
    return list(zip(found.column("term").to_pylist(), split, strict=True))


def _newest_rows(store: Store, domain: DecisionDomain, filters: Filters) -> tuple[str, list[Any]]:
    rows, bound = _written(store, domain, filters)
    return (
        f"SELECT *, row_number() OVER (ORDER BY decided_at DESC NULLS LAST, decision_id) - 1 AS place FROM "
        f"(SELECT case_id, manager, decision_id, decided_at, rationale, _status AS status, "
        f"_speaks AS speaks FROM {rows} "
        f"ORDER BY decided_at DESC NULLS LAST, decision_id LIMIT {MOST_COUNTED}) n",
        bound,
    )  # fmt: skip


def _written(store: Store, domain: DecisionDomain, filters: Filters) -> tuple[str, list[Any]]:
    """After FROM: the overrides with a rationale under the filters, up to their WHERE, with its parameters."""
    limits, bound = where(store, domain, filters)
    return (
        f"{source.decided(store, domain)} d WHERE _over AND rationale IS NOT NULL AND rationale <> '' AND {limits}",
        bound,
    )


def _readable(filters: Filters) -> Filters:
    """Everything that somebody may read, whatever else is filtered."""
    return Filters(seen_by=filters.seen_by, bank=filters.bank, author=filters.author)


def _weighed(tiers: Sequence[tuple[str, float]], at: int) -> tuple[str, list[str]]:
    """What a rationale's words weigh, as SQL and its parameters after number `at`."""
    sums, marks = [], []
    for start in range(0, len(tiers), 3):
        whens = ""
        for pattern, weight in tiers[start : start + 3]:
            if pattern:
                marks.append(pattern)
                whens += f"WHEN regexp_matches(rationale, ${at + len(marks)}) THEN {float(weight)!r} "
        sums.append(f"CASE {whens} ELSE 0 END")
    return " + ".join(sums) or "0", marks


def _veiled(filters: Filters, column: str) -> str:
    return filters.seen_by.sql(column) if filters.seen_by is not None else column


def _id(filters: Filters) -> str:
    return filters.seen_by.sql_of_id("decision_id") if filters.seen_by is not None else "decision_id"
