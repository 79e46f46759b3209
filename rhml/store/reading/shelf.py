"""The copies that lie beside the log: which is open for reading, and how one takes the place of another.

A copy is a DuckDB file of its own, written under a temporary name and renamed; from then on nobody writes it, so that
other processes may read it. It holds no person's name: people are numbers, and a keyed mark tells the log, and the log
alone, whose number it is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import duckdb

from rhml.core.domain import DecisionDomain
from rhml.store import schema
from rhml.store.engine import Store, path_of, quoted

MADE_AS = 4
"""Number of the way in which copies are made; another number makes every copy anew."""

ENDING = ".duckdb"
BEGUN = ".part"


@dataclass(frozen=True)
class Stamp:
    """Of which log a copy was made, and how far.

    `anchor` is the newest decision it holds: a log restored from a backup holds another under that number, or none.
    """

    made_as: str
    counter: int
    as_of: datetime
    took: float
    anchor: tuple[int, str] | None
    edges: dict[str, tuple[int, list[float] | None]] = field(hash=False)


@dataclass(frozen=True)
class Copy:
    """One copy, open for reading under the name of a catalog.

    `people` are the names behind its numbers, and `known` on how many cases of each the outcome is known.
    """

    path: Path
    catalog: str
    stamp: Stamp
    people: tuple[str, ...] = field(repr=False)
    known: tuple[int | None, ...] = field(repr=False)


class Shelf:
    """The copies of one open log: at most one a domain is read from, and the one before until no page needs it."""

    def __init__(self) -> None:
        self.changing, self.making = threading.RLock(), threading.Lock()
        self.open: dict[tuple[str, str], Copy | None] = {}
        self.earlier: dict[str, list[Copy]] = {}
        self.dropped: dict[str, int] = {}


_shelves: WeakKeyDictionary[Store, Shelf] = WeakKeyDictionary()
_making = threading.Lock()


def shelf(store: Store) -> Shelf:
    """The shelf of an open log."""
    with _making:
        return _shelves.setdefault(store, Shelf())


def folder(store: Store) -> Path:
    """Where the copies of a log lie: beside it."""
    log = path_of(store.url).resolve()
    return log.with_name(f"{log.name}.reading")


def made_as(domain: DecisionDomain) -> str:
    """What a copy depends on besides the facts: the domain's file, its views, and the way copies are made."""
    text = "\x1f".join((str(MADE_AS), domain.text, *schema.views(domain)))
    return hashlib.sha256(text.encode()).hexdigest()


def mark(store: Store, person: str) -> str:
    """What stands for a person in a copy; who has not the log's secret cannot tell whom."""
    return hmac.new(store.secret, f"reading\x1f{person}".encode(), hashlib.sha256).hexdigest()


def newest(store: Store, domain: DecisionDomain) -> Copy | None:
    """The copy to read from; None where there is none that this log can be read from."""
    own = shelf(store)
    key = _key(store, domain)
    if key in own.open:
        return own.open[key]
    with own.changing:
        if key not in own.open:
            own.open[key] = _found(store, domain)
        return own.open[key]


def drops(store: Store, domain: DecisionDomain) -> int:
    """How often copies of a domain were dropped: one begun before the last time holds what is erased."""
    return shelf(store).dropped.get(domain.name, 0)


def take(store: Store, domain: DecisionDomain, path: Path, *, since: int) -> Copy | None:
    """Read from this copy from now on; the one before stays for pages that have begun, its forerunners go.

    since: `drops` when the copy was begun; None is returned, and the copy removed, where it no longer may be read.
    """
    own, key = shelf(store), _key(store, domain)
    with own.changing:
        copy = _opened(store, domain, path) if drops(store, domain) == since else None
        if copy is None:
            path.unlink(missing_ok=True)
            return None
        before = [own.open.pop(one) for one in list(own.open) if one[0] == domain.name]
        for old in own.earlier.pop(domain.name, []):
            _discard(store, old)
        own.open[key], own.earlier[domain.name] = copy, [held for held in before if held is not None]
        kept = {held.path for held in (copy, *own.earlier[domain.name])}
        for left in _files(store, domain):
            if left not in kept:
                left.unlink(missing_ok=True)
        return copy


def drop(store: Store, domain: DecisionDomain) -> None:
    """Remove every copy of a domain: something was erased that they still hold."""
    own = shelf(store)
    with own.changing:
        own.dropped[domain.name] = drops(store, domain) + 1
        held = [own.open.pop(key) for key in list(own.open) if key[0] == domain.name]
        for copy in [*held, *own.earlier.pop(domain.name, [])]:
            if copy is not None:
                _discard(store, copy)
        for left in [*_files(store, domain), *_files(store, domain, BEGUN)]:
            left.unlink(missing_ok=True)


def place(store: Store, domain: DecisionDomain, counter: int) -> tuple[Path, Path]:
    """Where a copy is written, and the name it gets; what a killed process left half written goes first.

    One process holds the log, and in it one thread makes a copy: nobody else writes here.
    """
    where = folder(store)
    where.mkdir(mode=0o700, exist_ok=True)
    for left in _files(store, domain, BEGUN):
        left.unlink(missing_ok=True)
    name = f"{domain.name}-{counter}-{secrets.token_hex(4)}"
    return where / f"{name}{BEGUN}", where / f"{name}{ENDING}"


def _key(store: Store, domain: DecisionDomain) -> tuple[str, str]:
    return domain.name, store.remembered(("reading", domain.name, domain.text), lambda: made_as(domain))


def _files(store: Store, domain: DecisionDomain, ending: str = ENDING) -> list[Path]:
    """The files of a domain, the newest first."""
    found = folder(store).glob(f"{domain.name}-*{ending}*")
    return sorted(found, key=lambda path: int(path.name.rsplit("-", 2)[1]), reverse=True)


def _found(store: Store, domain: DecisionDomain) -> Copy | None:
    """The newest copy on disk that belongs to this log and this domain file as they stand."""
    opened = (_opened(store, domain, path) for path in _files(store, domain))
    return next((copy for copy in opened if copy is not None), None)


def _opened(store: Store, domain: DecisionDomain, path: Path) -> Copy | None:
    """A copy opened for reading; None where it is damaged, of another log, or made in another way."""
    catalog = f"reading {path.stem}"
    try:
        store.read(f"ATTACH {text(path)} AS {quoted(catalog)} (READ_ONLY)")
    except duckdb.Error:
        return None
    try:
        stamp, rows = _stamp(store, catalog), _marks(store, catalog)
    except (duckdb.Error, ValueError):
        stamp, rows = None, []
    people = _people(store, domain, [mark for mark, _ in rows])
    if stamp is not None and people is not None and _belongs(store, domain, stamp):
        return Copy(path, catalog, stamp, people, tuple(known for _, known in rows))
    store.read(f"DETACH {quoted(catalog)}")
    return None


def _stamp(store: Store, catalog: str) -> Stamp:
    [(held,)] = store.read(f"SELECT content FROM {quoted(catalog)}.stamp")
    return stamp_of(json.loads(held))


def stamp_of(held: dict[str, Any]) -> Stamp:
    """A stamp as it stands in a copy."""
    return Stamp(
        held["made_as"],
        held["counter"],
        datetime.fromisoformat(held["as_of"]),
        held["took"],
        tuple(held["anchor"]) if held["anchor"] else None,
        {column: (n, edges) for column, (n, edges) in held["edges"].items()},
    )


def _marks(store: Store, catalog: str) -> list[tuple[str, int | None]]:
    return store.read(f"SELECT mark, known FROM {quoted(catalog)}.people ORDER BY code")


def _people(store: Store, domain: DecisionDomain, marks: list[str]) -> tuple[str, ...] | None:
    """The names behind a copy's numbers; None where the log does not know one of them."""
    names = store.read(f"SELECT DISTINCT manager FROM {quoted(domain.name)}.decisions")
    known = {mark(store, name): name for (name,) in names}
    return tuple(known[one] for one in marks) if known.keys() >= set(marks) else None


def _belongs(store: Store, domain: DecisionDomain, stamp: Stamp) -> bool:
    """Whether a copy was made of this log, by its own past: an older log, or another's, holds no such decision."""
    d = quoted(domain.name)
    [(counter,)] = store.read(f"SELECT n FROM {d}.counter")
    if stamp.made_as != _key(store, domain)[1] or stamp.counter > counter:
        return False
    if stamp.anchor is None:
        return True
    return bool(store.read(f"SELECT 1 FROM {d}.decisions WHERE seq = $1 AND decision_id = $2", stamp.anchor))


def _discard(store: Store, copy: Copy) -> None:
    with suppress(duckdb.Error):
        store.read(f"DETACH {quoted(copy.catalog)}")
    copy.path.unlink(missing_ok=True)


def text(words: object) -> str:
    """Words as a SQL string."""
    return "'" + str(words).replace("'", "''") + "'"
