"""Reads of the overrides as an analyst turns them: filtered, counted, paged, searched and exported.

Everything is aggregated in SQL; what a reader typed is a bound parameter, and a dimension is one of the
domain's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.dimensions import NOT_STATED, dimensions, expression, hidden, in_order, may_speak
from rhml.store.engine import Store, quoted
from rhml.store.reading import names as reading_names
from rhml.store.reading import source
from rhml.store.review import reviews
from rhml.store.veil import Veil, veiled

OF_OVERRIDES_ONLY = ("reason", "direction", "verdict")
UNRESOLVED = ("not yet known", "cannot be known")
PAGE = 10
MOST_WORDS = 8
MOST_NAMES = 500
MOST_SEGMENTS = 29
"""A report names as many and calls the rest *all others* (`stats.bands`)."""


@dataclass(frozen=True)
class Filters:
    """What of the log is looked at: names of dimensions, a span of time, words of the rationale.

    `seen_by` is the veil of whoever looks: people are named, chosen and counted under it alone. `bank` is False for
    those who decide: the bank judges them, so nobody tells them its outcomes. `meant` is a pattern for what the words
    mean, where somebody worked it out; `author` is the only person whose decisions count.
    """

    chosen: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    seen_by: Veil | None = field(default=None, compare=False)
    bank: bool = field(default=True, compare=False)
    meant: str = field(default="", compare=False)
    author: str | None = field(default=None, compare=False)

    @property
    def overrides_only(self) -> bool:
        """Whether a filter speaks of something that only overrides have, so that no rate can be given."""
        return bool(self.words.split()) or any(by in OF_OVERRIDES_ONLY for by, _ in self.chosen)


def months(store: Store, domain: DecisionDomain) -> list[str]:
    """The months in which something was decided, the newest first."""
    held = reading_names.of_copy(store, domain)
    if held is not None:
        found = {name for by, name, *_ in held if by == "period"}
        return sorted(found - {NOT_STATED}, reverse=True)
    rows = store.read(
        f"SELECT DISTINCT _in_period AS month FROM {source.decided(store, domain)} d "
        "WHERE decided_at IS NOT NULL ORDER BY month DESC"
    )
    return [month for (month,) in rows]


def span(store: Store, domain: DecisionDomain) -> tuple[datetime | None, datetime | None]:
    """When the first and the last decision of the log were made."""
    [(first, last)] = store.read(
        f"SELECT min(decided_at), max(decided_at) FROM {quoted(domain.name)}.decisions"
    )
    return first, last


def names(store: Store, domain: DecisionDomain, veil: Veil | None = None) -> dict[str, list[str]]:
    """The names that each dimension has among the decisions on a recommendation, in a reader's order.

    Where there are more than `MOST_NAMES`, those with most decisions; reasons, directions and verdicts are those of the
    overrides. One pass for all dimensions.
    """
    found: dict[str, dict[str, int]] = {by: {} for by in dimensions(domain)}
    for by, name, n, overrides, _ in _counted(store, domain):
        shown = veil.of(name) if by == "manager" and veil else name
        if overrides or (n and by not in OF_OVERRIDES_ONLY):
            found[by][shown] = found[by].get(shown, 0) + n
    return {by: in_order(by, sorted(held, key=lambda name: (-held[name], name))[:MOST_NAMES]) for by, held in found.items()}  # fmt: skip


def _counted(store: Store, domain: DecisionDomain) -> list[reading_names.Count]:
    """How often each name of each dimension stands in the log, as a copy holds it or counted in one pass."""
    held = reading_names.of_copy(store, domain)
    if held is not None:
        return held
    columns = {by: expression(store, domain, by) for by in dimensions(domain)}
    return store.read(reading_names.counting(columns, source.decided(store, domain)))


def segment_names(store: Store, domain: DecisionDomain) -> dict[str, list[str]]:
    """The names of each segment column among the decisions, those with most decisions first."""
    found: dict[str, list[tuple[int, str]]] = {by: [] for by in domain.segment_columns}
    for by, name, _, _, decisions in _counted(store, domain):
        if by in found:
            found[by].append((-decisions, name))
    return {by: [name for _, name in sorted(held)[:MOST_SEGMENTS]] for by, held in found.items()}


def observed_whatever_decided(store: Store, domain: DecisionDomain) -> bool:
    """Whether the log shows outcomes whatever was decided: the exploration share, carried out where it hides some.

    A share in which decisions without an outcome never resolve was drawn but not carried out (`reports.calls.Calls.judged`).
    """
    if not domain.selective:
        return domain.outcome is not None
    drawn = f"SELECT 1 FROM {source.decided(store, domain)} d WHERE final_action IS NOT NULL AND {may_speak(domain)}"
    [(known, hides, shows)] = store.read(
        f"SELECT EXISTS ({drawn} AND right_action IS NOT NULL), EXISTS ({drawn} AND {hidden(domain)}), "
        f"EXISTS ({drawn} AND {hidden(domain)} AND right_action IS NOT NULL)"
    )
    return bool(known and (shows or not hides))


def count(store: Store, domain: DecisionDomain, filters: Filters) -> int:
    """How many overrides there are under the filters."""
    limits, bound = where(store, domain, filters)
    [(found,)] = store.read(
        f"SELECT count(*) FROM {source.decided(store, domain)} d WHERE _over AND {limits}", bound
    )
    return found


def listed(store: Store, domain: DecisionDomain, filters: Filters, page: int) -> list[dict[str, Any]]:
    """One page of overrides, those with most of the searched words first, then the newest.

    The keys of the page are found first: to carry every text through the sorting would cost ten times as much.
    """
    limits, bound = where(store, domain, filters)
    hits, words = _hits(filters.words, len(bound))
    rows, first = source.decided(store, domain), f"{hits} DESC, " if words else ""
    keys = store.read(
        f"SELECT _row FROM {rows} d WHERE _over AND {limits} ORDER BY {first}decided_at DESC NULLS LAST, _row "
        f"LIMIT {PAGE} OFFSET {PAGE * max(int(page) - 1, 0)}",
        [*bound, *words],
    )
    places = {key: place for place, (key,) in enumerate(keys)}
    hits, words = _hits(filters.words, len(keys))
    among = ", ".join(f"${i + 1}" for i in range(len(keys)))
    found = (
        store.records(
            f"SELECT _row, decision_id, case_id, {veiled(filters.seen_by, 'manager')}, decided_at, recommended_action, final_action, "
            f"reason, rationale, imported, _status AS status, {hits} AS hits FROM {rows} d WHERE _row IN ({among})",
            [*places, *words],
        )
        if keys
        else []
    )
    return sorted(found, key=lambda row: places[row["_row"]])


def exported(store: Store, domain: DecisionDomain, filters: Filters) -> pd.DataFrame:
    """Every override under the filters, with the case's features, for a file."""
    return store.frame(*export_query(store, domain, filters))


def export_query(store: Store, domain: DecisionDomain, filters: Filters) -> tuple[str, list[Any]]:
    """The same as SQL with its parameters, for a file of any length."""
    limits, bound = where(store, domain, filters)
    features = "".join(f", {quoted(f.name)}" for f in domain.features)
    return (
        f"SELECT {veiled(filters.seen_by, 'decision_id')}, case_id, {veiled(filters.seen_by, 'manager')}, mode, first_action, first_confidence, model_version, "
        "recommended_action, recommended_confidence, final_action, final_confidence, reason, rationale, "
        f"decided_at, seconds, right_action, known_at, _status AS verdict, direction, value{features} "
        f"FROM {source.decided(store, domain)} d WHERE _over AND {limits} ORDER BY decided_at NULLS FIRST, decision_id",
        bound,
    )


def where(store: Store, domain: DecisionDomain, filters: Filters) -> tuple[str, list[Any]]:
    """The filters as SQL over `decided`, and its parameters."""
    parts, bound = (
        ["TRUE" if filters.bank else f"NOT bank AND {reviews.nothing_blind(store, domain.name)}"],
        [],
    )
    for by, wanted in filters.chosen:
        if not wanted:
            continue
        if by == "manager" and filters.seen_by is not None:
            people, rest = filters.seen_by.behind(wanted)
            parts.append(f"({_among('manager', people, bound)} OR {rest})")
        else:
            parts.append(_among(expression(store, domain, by), wanted, bound))
    for limit, sign in ((filters.since, ">="), (filters.until, "<")):
        if limit is not None:
            bound.append(limit)
            parts.append(f"decided_at {sign} ${len(bound)}")
    if filters.author is not None:
        bound.append(filters.author)
        parts.append(f"manager = ${len(bound)}")
    if filters.words.split() and filters.meant:
        bound.append(filters.meant)
        parts.append(f"regexp_matches(rationale, ${len(bound)})")
    elif filters.words.split():
        hits, words = _hits(filters.words, len(bound))
        bound += words
        parts.append(f"{hits} > 0")
    return " AND ".join(parts), bound


def _among(column: str, names: Sequence[str], bound: list[Any]) -> str:
    """SQL: a column holds one of some names, which are added to the parameters."""
    if not names:
        return "FALSE"
    marks = ", ".join(f"${len(bound) + i}" for i in range(1, len(names) + 1))
    bound += names
    return f"{column} IN ({marks})"


def _hits(text: str, bound: int) -> tuple[str, list[str]]:
    """How many of the words a rationale contains, as SQL and its parameters from number `bound` + 1."""
    words = [_escaped(word) for word in dict.fromkeys(text.lower().split())][:MOST_WORDS]
    each = (f"CAST(rationale ILIKE ${bound + i} ESCAPE '\\' AS INTEGER)" for i in range(1, len(words) + 1))
    return f"coalesce({' + '.join(each)}, 0)" if words else "0", words


def _escaped(word: str) -> str:
    for sign in ("\\", "%", "_"):
        word = word.replace(sign, f"\\{sign}")
    return f"%{word}%"
