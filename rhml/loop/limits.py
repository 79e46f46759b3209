"""Hold override rates against the domain's limits, and record what was done about one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.errors import LimitRefused
from rhml.loop import permit, privacy
from rhml.loop.explored import explore
from rhml.reports.limits import Row
from rhml.reports.limits import limits as compute
from rhml.reports.overrides import Overrides
from rhml.store import limit_counts as log
from rhml.store import limit_notes
from rhml.store.agreement_counts import whole
from rhml.store.engine import Store
from rhml.store.explorer import Filters
from rhml.store.limit_notes import Note
from rhml.store.opening import new_id
from rhml.store.veil import Veil

DONE = {
    "looked": "looked into",
    "talked": "talked about",
    "taught": "became a lesson or a correction",
    "accepted": "accepted as it is",
}
"""What can be done about a rate, and how it reads in a sentence."""

LONGEST = 500
ACT = "record what was done about an override rate"


@dataclass(frozen=True)
class Limits:
    """The rates against the limits, and what was done about them, the newest first, under the reader's names."""

    rows: tuple[Row, ...]
    notes: tuple[Note, ...]

    def note_of(self, row: Row) -> Note | None:
        """The newest note about a row."""
        return next((n for n in self.notes if (n.dimension, n.name) == (row.by, row.name)), None)


def limits(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    *,
    people: bool = True,
    told: Collection[str] | None = None,
) -> Limits:
    """Every rate by direction, segment and (where they may be told apart) person, against its limits, with what came of it.

    told: the dimensions of which it is told what came of the overrides; all where none is named.
    """
    filters = whole(filters)
    dimensions = log.limited(domain, people=people)
    rates = log.rates(store, domain, filters, dimensions)
    outcomes = _came_of(store, domain, filters, [by for by in dimensions if told is None or by in told])

    return Limits(compute(rates, outcomes, domain=domain), _notes(store, domain, filters.seen_by, people))


def note(
    store: Store, domain: DecisionDomain, row: Row, *, what: str, why: str, filters: str, veil: Veil | None, by: str, at: datetime
) -> Note:  # fmt: skip
    """Record what a lead did about a row, with the rate as it stood; of a person under their own name."""
    if what not in DONE:
        raise LimitRefused(f"{what!r} is nothing that is done about a rate. Use one of: {', '.join(DONE)}.")
    if not why.strip():
        raise LimitRefused("Say what came of it: those who look at this row later read it here.")
    permit.lead(store, by, ACT)
    name = _own_name(store, domain, row, veil, by)
    new = Note(new_id(), row.by, name, what, why.strip()[:LONGEST], filters, row.rate.value, row.rate.low, row.rate.high,
               row.advised, at, by)  # fmt: skip

    store.write(lambda tx: limit_notes.append(tx, domain.name, new))
    return new


def _came_of(
    store: Store, domain: DecisionDomain, filters: Filters, dimensions: Collection[str]
) -> dict[str, dict[str, Overrides]]:
    """What the overrides came to, by dimension and name; all together comes with any of them."""
    found = {
        by: explore(store, domain, filters, (by,), most=(log.MOST_NAMES,))
        for by in dimensions
        if by != log.ALL
    }
    whole_log = next(iter(found.values()), None) or explore(store, domain, filters)
    parts = {by: {part.name: part for part in one.parts} for by, one in found.items()}
    return {log.ALL: {log.ALL: whole_log.total}, **parts}


def _notes(store: Store, domain: DecisionDomain, veil: Veil | None, people: bool) -> tuple[Note, ...]:
    found = []
    for held in limit_notes.listed(store, domain):
        if held.dimension != "manager":
            found.append(held)
        elif people and (veil is None or held.name in dict(veil.shown)):
            found.append(_under(held, veil))
    return tuple(found)


def _under(held: Note, veil: Veil | None) -> Note:
    """A note about a person under the name the reader knows; its words may name them, so only leads read those."""
    if veil is None or held.name in veil.named:
        return held
    plain = {k: getattr(held, k) for k in Note.__dataclass_fields__}
    return Note(**{**plain, "name": veil.of(held.name), "why": ""})


def _own_name(store: Store, domain: DecisionDomain, row: Row, veil: Veil | None, by: str) -> str:
    if row.by != "manager":
        return row.name
    behind = [person for person, stands in veil.shown if stands == row.name] if veil else [row.name]
    if not behind:
        raise LimitRefused(f"“{row.name}” is several people; nothing is recorded about all of them at once.")
    allowed = {person.name: person.why_not for person in privacy.people(store, domain, by=by)}
    if why_not := allowed.get(behind[0], ""):
        raise LimitRefused(why_not)
    return behind[0]
