"""What people did with the recommendations, for another system: in the shape of CDS Hooks feedback.

The shape is that of the specification's section *Feedback* (cds-hooks.hl7.org): `{"feedback": [...]}`, an entry a
decision that had a recommendation, `card` being the recommendation's id. What the specification has no word for
stands in `extension`, a name that it reserves: from which number to go on, and what was taken back since.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop.files import check_destination, write_whole
from rhml.store import feed as facts
from rhml.store import frames
from rhml.store.engine import Store
from rhml.store.feed import Row

MOST = 1_000
"""Entries of one page."""

AT_ONCE = 50_000
"""Entries that a file is written by."""

NAME = "[name]"


class CursorInvalid(RhmlError):
    """The log has no such number, so nothing can come after it."""


@dataclass(frozen=True)
class Page:
    """Entries in the order of the log; `next` is the number to go on from, `more` says that there are more now.

    `withdrawn` names entries of earlier pages whose decisions were taken back; `of_record` the cards whose time
    of decision nobody knows, so that the time of record stands for it.
    """

    entries: tuple[dict[str, Any], ...]
    withdrawn: tuple[dict[str, str], ...]
    of_record: tuple[str, ...]
    next: int
    more: bool

    @property
    def extension(self) -> dict[str, Any]:
        """What stands beside the entries."""
        found: dict[str, Any] = {"rhml.next": self.next, "rhml.more": self.more}
        if self.withdrawn:
            found["rhml.withdrawn"] = list(self.withdrawn)
        if self.of_record:
            found["rhml.timeOfRecord"] = list(self.of_record)
        return found

    @property
    def body(self) -> dict[str, Any]:
        """The page as one body that can be posted to a feedback endpoint."""
        return {"feedback": list(self.entries), "extension": self.extension}


def page(store: Store, domain: DecisionDomain, *, after: int = 0, limit: int = 100) -> Page:
    """The next entries after a number of the log; CursorInvalid where the log is shorter."""
    _check(store, domain, after)
    return _page(store, domain, after, limit, after, _masked(facts.names(store, domain)))


def write(
    store: Store,
    domain: DecisionDomain,
    out: Path | TextIO,
    *,
    after: int = 0,
    progress: Callable[[float, str], None] = lambda share, message: None,
) -> Page:
    """Write everything after a number: one body, or in a file that ends in .jsonl an entry a line.

    The last line of such a file is the `extension`. Gives the last page, which says where to go on.
    """
    if isinstance(out, Path):
        check_destination(out, (".json", ".jsonl"))
    _check(store, domain, after)
    lines, last = isinstance(out, Path) and out.suffix.lower() == ".jsonl", []

    def into(target: TextIO) -> None:
        last.append(_written(target, _pages(store, domain, after, progress), lines=lines))

    def into_file(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="\n") as target:
            into(target)

    if isinstance(out, Path):
        write_whole(out, into_file)
    else:
        into(out)
    return last[0]


def _check(store: Store, domain: DecisionDomain, after: int) -> None:
    newest = frames.counter(store, domain)
    if not 0 <= after <= newest:
        raise CursorInvalid(
            f"The log of {domain.name} ends at {newest}, so nothing can come after {after}. Begin again after 0, "
            "and ask whether the log was replaced by an older copy."
        )


def _pages(
    store: Store, domain: DecisionDomain, after: int, progress: Callable[[float, str], None]
) -> Iterator[Page]:
    masked, newest, begun = _masked(facts.names(store, domain)), frames.counter(store, domain), after
    while True:
        found = _page(store, domain, after, AT_ONCE, begun, masked)
        yield found
        after = found.next
        progress(after / max(newest, 1), f"Written up to {after:,} of {newest:,} facts")
        if not found.more:
            return


def _written(target: TextIO, pages: Iterable[Page], *, lines: bool) -> Page:
    """Write pages as they come, holding one at a time; what stands beside the entries comes last."""
    withdrawn: list[dict[str, str]] = []
    of_record: list[str] = []
    target.write("" if lines else '{"feedback": [')
    between, last = "", None
    for found in pages:
        for entry in found.entries:
            target.write(between + json.dumps(entry, ensure_ascii=False))
            between = "\n" if lines else ",\n"
        withdrawn += found.withdrawn
        of_record += found.of_record
        last = Page((), tuple(withdrawn), tuple(of_record), found.next, found.more)
    beside = json.dumps(last.extension, ensure_ascii=False)
    target.write(f'{between}{{"extension": {beside}}}\n' if lines else f'], "extension": {beside}}}\n')
    return last


def _page(
    store: Store, domain: DecisionDomain, after: int, limit: int, sent_to: int, masked: Callable[[str], str]
) -> Page:
    found, newest = facts.rows(store, domain, after=after, limit=limit + 1, sent_to=sent_to)
    more, found = len(found) > limit, found[:limit]
    made = [row for row in found if row.withdrawn_at is None]
    return Page(
        tuple(entry(row, domain.name, masked) for row in made),
        tuple(_taken_back(row) for row in found if row.withdrawn_at is not None),
        tuple(row.recommendation_id for row in made if not row.timed),
        found[-1].seq if more else newest,
        more,
    )


def entry(row: Row, domain_name: str, masked: Callable[[str], str] = str) -> dict[str, Any]:
    """One decision as the specification describes feedback."""
    accepted = row.final == row.recommended
    told: dict[str, Any] = {
        "card": row.recommendation_id,
        "outcome": "accepted" if accepted else "overridden",
    }
    if accepted:
        told["acceptedSuggestions"] = [{"id": suggestion(row.recommendation_id, row.recommended)}]
    elif why := _why(row, domain_name, masked):
        told["overrideReason"] = why
    return {**told, "outcomeTimestamp": moment(row.at)}


def suggestion(card: str, action: str) -> str:
    """The id of the one suggestion on a card, the same every time: a UUIDv5 of the action under the card's id.

    >>> suggestion("4e0a3a1e-3283-4575-ab82-028d55fe2719", "lend")
    '10ef5878-0775-50b1-8561-075f56b117d7'
    """
    return str(uuid.uuid5(uuid.UUID(card), action))


def moment(at: datetime) -> str:
    """A time of the log as ISO 8601 in UTC.

    >>> moment(datetime(2026, 3, 2, 9))
    '2026-03-02T09:00:00.000Z'
    """
    return f"{at.isoformat(timespec='milliseconds')}Z"


def _why(row: Row, domain_name: str, masked: Callable[[str], str]) -> dict[str, Any]:
    reason, why = " ".join((row.reason or "").split()), {}
    if reason:
        why["reason"] = {
            "code": reason,
            "system": f"urn:rhml:{domain_name}:override-reasons",
            "display": reason,
        }
    if row.rationale and row.rationale.strip():
        why["userComment"] = masked(row.rationale.strip())
    return why


def _taken_back(row: Row) -> dict[str, str]:
    return {
        "card": row.recommendation_id,
        "outcomeTimestamp": moment(row.at),
        "withdrawnTimestamp": moment(row.withdrawn_at),
    }


def _masked(names: list[str]) -> Callable[[str], str]:
    """Puts a mark in the place of every name that the log knows.

    >>> hide = _masked(["m1", "Mary Major"])
    >>> hide("m1 and mary major agreed; Mary knew that team1 would not.")
    '[name] and [name] agreed; [name] knew that team1 would not.'
    """
    whole = [re.escape(name) for name in sorted(names, key=len, reverse=True) if " " in name]
    parts = {part for name in names for part in (name.split() if name.replace(" ", "").isalpha() else [name])}
    single = [re.escape(part) for part in sorted(parts, key=len, reverse=True) if " " not in part]
    each = [f"(?i:{'|'.join(whole)})"] * bool(whole) + single
    if not each:
        return str
    known = re.compile(rf"(?<!\w)(?:{'|'.join(each)})(?!\w)")
    return lambda text: known.sub(NAME, text)
