"""Reads of the overrides as an analyst turns them: filtered, counted, paged, searched and exported.

Everything is aggregated in SQL; what a reader typed is a bound parameter, and a dimension is one of the
domain's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import dimensions, expression, hidden, may_speak, saved, status
from rhml.store.engine import Store, quoted
from rhml.store.veil import Veil, veiled

OF_OVERRIDES_ONLY = ("reason", "direction", "verdict")
UNRESOLVED = ("not yet known", "cannot be known")
PAGE = 25
MOST_WORDS = 8
MOST_NAMES = 500
MOST_SEGMENTS = 29
"""A report names as many and calls the rest *all others* (`stats.bands`)."""


@dataclass(frozen=True)
class Filters:
    """What of the log is looked at: names of dimensions, a span of time, words of the rationale.

    `seen_by` is the veil of whoever looks: people are named, chosen and counted under it alone. `bank` is False for
    those who decide: the bank judges them, so nobody tells them its outcomes.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    seen_by: Veil | None = field(default=None, compare=False)
    bank: bool = field(default=True, compare=False)

    @property
    def overrides_only(self) -> bool:
        """Whether a filter speaks of something that only overrides have, so that no rate can be given."""
        return bool(self.words.split()) or any(by in OF_OVERRIDES_ONLY for by, _ in self.chosen)


def months(store: Store, domain: DecisionDomain) -> list[str]:
    """The months in which something was decided, the newest first."""
    rows = store.read(
        f"SELECT DISTINCT strftime(decided_at, '%Y-%m') AS month FROM {quoted(domain.name)}.live_decisions "
        "WHERE decided_at IS NOT NULL ORDER BY month DESC"
    )
    return [month for (month,) in rows]


def names(store: Store, domain: DecisionDomain, veil: Veil | None = None) -> dict[str, list[str]]:
    """The names that each dimension has among the overrides, in order of the alphabet."""
    every = dimensions(domain)
    lists = ", ".join(f"list_sort(list(DISTINCT {expression(store, domain, by, veil)}))" for by in every)
    [row] = store.read(f"SELECT {lists} FROM {quoted(domain.name)}.overrides")
    return {by: (found or [])[:MOST_NAMES] for by, found in zip(every, row, strict=True)}


def segment_names(store: Store, domain: DecisionDomain) -> dict[str, list[str]]:
    """The names of each segment column among the decisions, those with most decisions first."""
    return {
        by: [
            name
            for (name,) in store.read(
                f"SELECT {expression(store, domain, by)} AS name FROM {quoted(domain.name)}.decided "
                f"GROUP BY name ORDER BY count(*) DESC, name LIMIT {MOST_SEGMENTS}"
            )
        ]
        for by in domain.segment_columns
    }


def counts(store: Store, domain: DecisionDomain, filters: Filters, by: str | None = None) -> pd.DataFrame:
    """A row a name, by name, and one of them all, whose name is None.

    Columns: name, advised, overridden, rescued, spoiled, both_wrong, not_yet_known, cannot_be_known;
    `advised` counts the decisions that had a recommendation.
    """
    where, bound = _where(store, domain, filters)
    over = "final_action <> recommended_action"

    def of(name: str) -> str:
        return f"count(*) FILTER ({over} AND status = '{name}') AS {name.replace(' ', '_')}"

    return store.frame(
        f"SELECT name, count(*) AS advised, count(*) FILTER ({over}) AS overridden, "
        f"{', '.join(map(of, ('rescued', 'spoiled', 'both wrong', *UNRESOLVED)))} FROM "
        f"(SELECT final_action, recommended_action, {_name(store, domain, by, filters)} AS name, {status(domain)} AS status "
        f"FROM {quoted(domain.name)}.decided WHERE final_action IS NOT NULL AND recommended_action IS NOT NULL "
        f"AND {where}{f' AND {over}' if filters.overrides_only else ''}) d "
        f"GROUP BY GROUPING SETS ((), (name)) {'HAVING overridden > 0 OR name IS NULL' if by in OF_OVERRIDES_ONLY else ''} "
        f"ORDER BY name NULLS FIRST LIMIT {MOST_NAMES}",
        bound,
    )


def judged(store: Store, domain: DecisionDomain, filters: Filters, by: str | None = None) -> pd.DataFrame:
    """The overrides that may speak about right and wrong: name, case_id, manager, right, saved.

    `saved` is what the override saved (rescued, above 0) or lost (spoiled, below 0) in the domain's unit.
    Where decisions choose which outcomes are seen, only cases of the random exploration share are here.
    """
    where, bound = _where(store, domain, filters)
    return store.frame(
        f"SELECT {_name(store, domain, by, filters)} AS name, case_id, manager, verdict = 'rescued' AS right, "
        f"CAST({saved(domain)} AS FLOAT8) AS saved FROM {quoted(domain.name)}.overrides "
        f"WHERE verdict IS NOT NULL AND {may_speak(domain)} AND {where} "
        "ORDER BY decided_at NULLS FIRST, decision_id",
        bound,
    )


def observed_whatever_decided(store: Store, domain: DecisionDomain) -> bool:
    """Whether the log shows outcomes of decisions that would normally hide theirs: the exploration share."""
    if not domain.selective:
        return domain.outcome is not None
    [(found,)] = store.read(
        f"SELECT count(*) FROM {quoted(domain.name)}.decided WHERE right_action IS NOT NULL "
        f"AND {may_speak(domain)} AND {hidden(domain)}"
    )
    return bool(found)


def listed(store: Store, domain: DecisionDomain, filters: Filters, page: int) -> list[dict[str, Any]]:
    """One page of overrides, those with most of the searched words first, then the newest."""
    where, bound = _where(store, domain, filters)
    hits, words = _hits(filters.words, len(bound))
    return store.records(
        f"SELECT decision_id, case_id, {veiled(filters.seen_by, 'manager')}, decided_at, recommended_action, final_action, reason, rationale, "
        f"{status(domain)} AS status, {hits} AS hits FROM {quoted(domain.name)}.overrides WHERE {where} "
        f"ORDER BY hits DESC, decided_at DESC NULLS LAST, decision_id "
        f"LIMIT {PAGE} OFFSET {PAGE * max(int(page) - 1, 0)}",
        [*bound, *words],
    )


def exported(store: Store, domain: DecisionDomain, filters: Filters) -> pd.DataFrame:
    """Every override under the filters, with the case's features, for a file."""
    where, bound = _where(store, domain, filters)
    features = "".join(f", {quoted(f.name)}" for f in domain.features)
    return store.frame(
        f"SELECT {veiled(filters.seen_by, 'decision_id')}, case_id, {veiled(filters.seen_by, 'manager')}, mode, first_action, first_confidence, model_version, "
        "recommended_action, recommended_confidence, final_action, final_confidence, reason, rationale, "
        f"decided_at, seconds, right_action, known_at, {status(domain)} AS verdict, direction, value{features} "
        f"FROM {quoted(domain.name)}.overrides WHERE {where} ORDER BY decided_at NULLS FIRST, decision_id",
        bound,
    )


def _where(store: Store, domain: DecisionDomain, filters: Filters) -> tuple[str, list[Any]]:
    parts, bound = ["TRUE" if filters.bank else "NOT bank"], []
    for by, wanted in filters.chosen:
        marks = ", ".join(f"${len(bound) + i}" for i in range(1, len(wanted) + 1))
        parts.append(f"{expression(store, domain, by, filters.seen_by)} IN ({marks})" if wanted else "TRUE")
        bound += wanted
    for limit, sign in ((filters.since, ">="), (filters.until, "<")):
        if limit is not None:
            bound.append(limit)
            parts.append(f"decided_at {sign} ${len(bound)}")
    hits, words = _hits(filters.words, len(bound))
    return " AND ".join([*parts, f"{hits} > 0"] if words else parts), [*bound, *words]


def _hits(text: str, bound: int) -> tuple[str, list[str]]:
    """How many of the words a rationale contains, as SQL and its parameters from number `bound` + 1."""
    words = [_escaped(word) for word in dict.fromkeys(text.lower().split())][:MOST_WORDS]
    each = (f"CAST(rationale ILIKE ${bound + i} ESCAPE '\\' AS INTEGER)" for i in range(1, len(words) + 1))
    return f"coalesce({' + '.join(each)}, 0)" if words else "0", words


def _escaped(word: str) -> str:
    for sign in ("\\", "%", "_"):
        word = word.replace(sign, f"\\{sign}")
    return f"%{word}%"


def _name(store: Store, domain: DecisionDomain, by: str | None, filters: Filters) -> str:
    return "CAST(NULL AS TEXT)" if by is None else expression(store, domain, by, filters.seen_by)
