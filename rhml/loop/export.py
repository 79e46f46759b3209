"""Export a view of the log, a saved view or a saved question as a file that says what it holds.

A file travels further than a page, so it is made with the eyes of whoever asks: people appear under the names
that stand for them; a lead who asks sees the people a lead may see, and every such look is put on record; a
manager gets the own decisions alone. Who runs the command line without a name sees what an analyst sees.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.errors import NotPermitted, SavedRefused
from rhml.loop import look, privacy, saved, wrote
from rhml.loop.looked_at import looked_at
from rhml.printed.dimension_words import headings, label, named
from rhml.printed.tables import About, Headings, about, write
from rhml.store import explorer, extract, organization, registry
from rhml.store.engine import Store
from rhml.store.explorer import Filters
from rhml.store.questions import question
from rhml.store.reading import source
from rhml.store.saved import Saved
from rhml.store.veil import Veil, among


@dataclass(frozen=True)
class Eyes:
    """How somebody sees people: under which names, and only the own decisions where `only` names them."""

    veil: Veil
    only: str | None


@dataclass(frozen=True, eq=False)
class Extract:
    """One export ready to be written in any form: an answer, or a query that is streamed from the log."""

    store: Store
    title: str
    filters: str
    what: str
    versions: tuple[str, ...]
    at: datetime
    as_of: datetime | None
    table: pd.DataFrame | None
    query: extract.Query | None
    headings: Headings

    def to(self, form: str, path: Path) -> int:
        """Write it in one of the forms of `printed.tables`; the number of rows."""
        with path.open("wb") as out, self._rows() as (rows, schema, batches):
            write(form, out, schema, batches, self._print(rows), self.headings)
        return rows

    @contextmanager
    def _rows(self) -> Iterator[tuple[int, pa.Schema, Iterator[pa.RecordBatch]]]:
        if self.query is None:
            arrow = pa.Table.from_pandas(self.table, preserve_index=False)
            yield len(arrow), arrow.schema, iter(arrow.to_batches())
        else:
            with self.store.streamed(*self.query) as (rows, reader):
                yield rows, reader.schema, iter(reader)

    def _print(self, rows: int) -> About:
        return about(
            self.title,
            filters=self.filters,
            rows=rows,
            what=self.what,
            versions=self.versions,
            at=self.at,
            as_of=self.as_of,
        )


def eyes(store: Store, domain: DecisionDomain, person: str) -> Eyes:
    """With whose eyes an export is made; NotPermitted for who has left."""
    role = organization.role(store, person)
    if role == organization.LEFT:
        raise NotPermitted(
            f"{person} has left, so nothing is exported in their name. Save it in another name."
        )
    only = person if role in organization.OWN_ONLY else None
    reader = person if only or role == "lead" else ""
    return Eyes(privacy.veil(store, domain, reader=reader, role=role or "analyst"), only)


def of_view(store: Store, domain: DecisionDomain, name: str, *, by: str, at: datetime) -> Extract:
    """One of the analysts' views, whole."""
    seen = eyes(store, domain, by)
    query = extract.of_view(store, domain, name, only=seen.only, veil=seen.veil)
    if name in extract.PEOPLE and seen.veil.named:
        _put_on_record(store, domain, extract.people(store, query), seen, f"export of {name}", by=by, at=at)
    limited = f"decisions of {seen.only}" if seen.only else "everything in the log"
    return _extract(store, domain, f"{name.capitalize()}: {domain.title}", limited, "rows", at, query=query)


def of_saved(store: Store, domain: DecisionDomain, thing: Saved, *, by: str, at: datetime) -> Extract:
    """A saved view or question, as the log stands."""
    seen = eyes(store, domain, by)
    if thing.kind == "question":
        return _answer(store, domain, thing, seen, by=by, at=at)
    if thing.page != "overrides":
        raise SavedRefused(
            f"A view of {thing.page.capitalize()} is no table. For the report: python -m rhml report {domain.name} --html FILE."
        )
    parameters, left_out = saved.parameters(store, thing, seen.veil)
    if left_out and seen.only is None:
        raise NotPermitted(
            "This view looks at people who cannot be told apart here. Save a view without them, and export that."
        )
    chosen = _filters(store, domain, parameters, seen)
    query = extract.of_overrides(store, domain, chosen)
    if seen.veil.named:
        given = extract.people(store, query)
        _put_on_record(store, domain, given, seen, "export of overrides", by=by, at=at)
    return _extract(store, domain, thing.title, said(domain, chosen), "overrides", at, query=query)


def _filters(store: Store, domain: DecisionDomain, parameters: saved.Parameters, seen: Eyes) -> Filters:
    names = explorer.names(store, domain, seen.veil)
    read = looked_at(domain, parameters, names, veil=seen.veil, bank=seen.only is None)
    if read.ignored:
        called = "; ".join(f"{what}: {', '.join(found)[:100]}" for what, found in read.ignored.items())
        raise SavedRefused(f"The log does not have what this view looks at ({called}). Save the view anew.")
    own = (("manager", (seen.only,)),) if seen.only is not None else ()
    chosen = replace(read.filters, chosen=(*read.filters.chosen, *own), author=seen.only)
    return wrote.meaning(store, domain, chosen)


def said(domain: DecisionDomain, looked: Filters) -> str:
    """The filters in a sentence; days in UTC, as a file has no reader whose time zone could count."""
    parts = [
        f"{label(domain, by)}: {', '.join(named(domain, by, name) for name in names)}"
        for by, names in looked.chosen
    ]
    if looked.since or looked.until:
        first = f"{looked.since:%Y-%m-%d}" if looked.since else "the beginning"
        last = f"{looked.until - timedelta(days=1):%Y-%m-%d}" if looked.until else "today"
        parts.insert(0, f"{first} to {last} (UTC)")
    if looked.words:
        parts.append(f"rationale mentions {looked.words}")
    return "; ".join(parts) or "everything in the log"


def _answer(
    store: Store, domain: DecisionDomain, thing: Saved, seen: Eyes, *, by: str, at: datetime
) -> Extract:
    if seen.veil.named and question.tells_who(thing.sql):
        _put_on_record(
            store, domain, list(seen.veil.named), seen, "export of a question", by=by, at=at, why=thing.sql
        )
    found = question.answer(store, domain, thing.sql, only=seen.only, veil=seen.veil)
    limited = f" (decisions of {seen.only})" if seen.only else ""
    return _extract(
        store, domain, thing.title, " ".join(thing.sql.split()) + limited,
        "rows, and there are more" if found.cut else "rows", at, answer=found,
    )  # fmt: skip


def _extract(
    store: Store,
    domain: DecisionDomain,
    title: str,
    filters: str,
    what: str,
    at: datetime,
    *,
    query: extract.Query | None = None,
    answer: question.Answer | None = None,
) -> Extract:
    versions = tuple(entry.version for entry in registry.versions(store, domain.name))
    as_of = answer.as_of if answer else source.standing(store, domain).as_of
    table = answer.table if answer else None
    return Extract(store, title, filters, what, versions, at, as_of, table, query, headings(domain))


def _put_on_record(
    store: Store,
    domain: DecisionDomain,
    names: list[str],
    seen: Eyes,
    what: str,
    *,
    by: str,
    at: datetime,
    why: str = "",
) -> None:
    """People who are given out under their own names find the look in their own record."""
    shown = among(names, seen.veil)
    if shown:
        look.seen(store, domain, shown, by=by, what=what, why=why, at=at)
