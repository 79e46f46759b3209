"""From what analysts' questions are read: the names to write after FROM, and of when what they name is.

`decided` names a query in parentheses: write an alias after it. Its columns are those of the view `decided`, under the
same names, and

    _row        an opaque key of the row: read the keys of a page first, then its rows by key, from the same text
    _over       whether it overrode a recommendation; NULL where the final decision or the recommendation is missing
    _status     the verdict, or why there is none (`dimensions.status`)
    _speaks     whether it may speak of right and wrong
    _saved      what an override that may speak saved or lost, in the domain's unit; else NULL
    _shared     whether several final decisions stand on its case
    _in_…       its names in the fixed dimensions; always by `dimensions.expression`

A small log is read as it stands. A large one is read from a copy (`making`), which may be some minutes old: `standing`
says how old, and whatever is remembered of a question is remembered by `counter`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store import veil
from rhml.store.engine import Store, quoted
from rhml.store.reading import shelf
from rhml.store.reading.columns import extras, listed, of_pending, of_resolved, of_view
from rhml.store.reading.ids import whole_id
from rhml.store.reading.shelf import Copy, text

LARGE = 200_000
"""Decisions from which a log is read through a copy: the views over as many take half a second a question."""


def known_counts(store: Store, domain: DecisionDomain) -> dict[str, int]:
    """For each person the cases decided whose outcome is known (`veil.counts`), as of the answers."""
    copy = shelf.newest(store, domain)
    if copy is None:
        return veil.counts(store, domain)
    found = zip(copy.people, copy.known, strict=True)
    return dict(sorted((person, known) for person, known in found if known is not None))


@dataclass(frozen=True)
class Standing:
    """Of when the answers are: `behind` facts have come since, 0 where they are of this moment.

    `as_of` is None while a log is read as it stands; `wanted` says that it is too large for that.
    """

    as_of: datetime | None
    behind: int
    counter: int
    wanted: bool
    took: float = 0.0


def decided(store: Store, domain: DecisionDomain) -> str:
    """SQL naming the rows of `decided`, one for each decision that was not reversed, with the columns above."""
    copy = shelf.newest(store, domain)
    if copy is None:
        added = ", ".join(f"{sql} AS {name}" for name, sql in extras(domain).items())
        return f"(SELECT *, decision_id AS _row, {added} FROM {quoted(domain.name)}.decided)"
    added = ", ".join(extras(domain))
    return f"(SELECT {_columns(domain, copy, None)}, rowid AS _row, {added} FROM {_rows(copy)})"


@dataclass(frozen=True)
class Coded:
    """Rows as `decided` has them, with `_who`: what stands for each person there, and quicker to group by than a name.

    `name` gives SQL for the name of what stands in a column.
    """

    rows: str
    name: Callable[[str], str]


def coded(store: Store, domain: DecisionDomain) -> Coded:
    """The rows to group by person, and how to name the people afterwards, both of the same copy."""
    copy = shelf.newest(store, domain)
    added = ", ".join(f"{sql} AS {name}" for name, sql in extras(domain).items())
    if copy is None:
        rows = f"(SELECT *, manager AS _who, {added} FROM {quoted(domain.name)}.decided)"
        return Coded(rows, lambda column: column)
    added = ", ".join(extras(domain))
    rows = f"(SELECT {_columns(domain, copy, None)}, _person AS _who, {added} FROM {_rows(copy)})"
    return Coded(rows, lambda column: _person(copy.people, column))


def relation(store: Store, domain: DecisionDomain, view: str) -> str:
    """SQL naming the rows of any of the analysts' views, with the view's columns alone."""
    copy = shelf.newest(store, domain)
    if copy is None or view not in OF_COPY:
        return f"{quoted(domain.name)}.{view}"
    return f"({of_copy(domain, copy, view, None)})"


OF_COPY = ("decided", "overrides", "pending", "resolved")
"""The views that a copy holds; the others are small and read from the log."""


def of_copy(
    domain: DecisionDomain,
    copy: Copy,
    view: str,
    people: tuple[str, ...] | None,
    *,
    within: str = "",
    words: Collection[str] | None = None,
) -> str:
    """A SELECT over a copy that shows what a view shows.

    people: what stands for each of the copy's people, in their order; None for their own names. `within` is the
    catalog's name where the copy is open in another process. words: those that may name columns, in small letters;
    columns that none of them names are left out.
    """
    catalog = quoted(within or copy.catalog)
    match view:
        case "decided" | "overrides":
            only = " WHERE _over" if view == "overrides" else ""
            return f"SELECT {_columns(domain, copy, people, words)} FROM {catalog}.decided{only}"
        case "pending":
            return f"SELECT {listed(meant(of_pending(domain), words))} FROM {catalog}.pending"
        case _:
            columns = listed(meant(of_resolved(domain), words))
            return (
                f"SELECT {columns} FROM {catalog}.decided WHERE _first AND right_action IS NOT NULL "
                f"UNION ALL SELECT {columns} FROM {catalog}.resolved"
            )


def meant(columns: tuple[str, ...], words: Collection[str] | None) -> tuple[str, ...]:
    """The columns that one of the words may name; every one where any may be meant, and one where none is."""
    if words is None:
        return columns
    return tuple(column for column in columns if column.lower() in words) or columns[:1]


def counter(store: Store, domain: DecisionDomain) -> int:
    """The number of the newest fact that the answers know."""
    copy = shelf.newest(store, domain)
    return _counter(store, domain) if copy is None else copy.stamp.counter


def standing(store: Store, domain: DecisionDomain) -> Standing:
    """Of when the answers are, and how much has come since."""
    copy, newest = shelf.newest(store, domain), _counter(store, domain)
    if copy is None:
        return Standing(None, 0, newest, large(store, domain))
    stamp = copy.stamp
    return Standing(stamp.as_of, newest - stamp.counter, stamp.counter, newest > stamp.counter, stamp.took)


def large(store: Store, domain: DecisionDomain) -> bool:
    """Whether a domain holds so many decisions that questions are answered from a copy."""
    [(decisions,)] = store.read(f"SELECT count(*) FROM {quoted(domain.name)}.decisions")
    return decisions >= LARGE


def _counter(store: Store, domain: DecisionDomain) -> int:
    [(n,)] = store.read(f"SELECT n FROM {quoted(domain.name)}.counter")
    return n


def _rows(copy: Copy) -> str:
    return f"{quoted(copy.catalog)}.decided"


def _columns(
    domain: DecisionDomain,
    copy: Copy,
    people: tuple[str, ...] | None,
    words: Collection[str] | None = None,
) -> str:
    """The view's columns over a copy: people under their names, or under what stands for them."""
    manager = _person(copy.people if people is None else people, "_person")
    shown = {"manager": f"{manager} AS manager"}
    if people is None:
        shown["decision_id"] = f"{whole_id(manager)} AS decision_id"
    return ", ".join(shown.get(column, quoted(column)) for column in meant(of_view(domain), words))


def _person(people: tuple[str, ...], column: str) -> str:
    """SQL for what stands for the people behind numbers."""
    return f"(CAST([{', '.join(map(text, people))}] AS TEXT[]))[{column} + 1]"
