"""Keep a view or a question under a title, for oneself or for everyone; open, rename, share and remove it.

What is kept is where to look, never what was seen: whoever opens it sees what they may see themselves. People
chosen in a view are kept under the names that stand for them, and come back under the reader's own veil.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import NotPermitted, SavedGone, SavedRefused
from rhml.store import organization
from rhml.store import saved as kept
from rhml.store.engine import Store, Transaction
from rhml.store.opening import new_id
from rhml.store.questions.statement import LONGEST
from rhml.store.saved import Saved
from rhml.store.veil import Veil, pseudonym

TITLE = 80
"""Characters of a title."""
PARAMETERS, VALUES, VALUE = 60, 200, 200
"""Filters of a view, names in one filter, characters of a name: more than any page offers."""
MOST = 200
"""Things one person may keep."""
PERSON = "manager"
"""A parameter whose name holds this chooses people."""

SOMEBODY = "somebody"
"""Kept for a name that the veil does not show: to turn it into what stands for it would tell who that is."""

Parameters = dict[str, list[str]]


def question(
    store: Store, domain: DecisionDomain, title: str, sql: str, *, by: str, shared: bool, at: datetime
) -> Saved:
    """Keep the text of a question; it is not run. SavedRefused says what stands against it."""
    if not sql.strip() or len(sql) > LONGEST:
        raise SavedRefused(
            f"A question has between 1 and {LONGEST:,} characters. Write it first, then save it."
        )
    new = Saved(
        new_id(), "question", domain.name, "ask", _title(title), {"sql": sql.strip()}, by, shared, at, at
    )
    return _keep(store, new)


def view(
    store: Store,
    domain: DecisionDomain,
    page: str,
    title: str,
    parameters: Mapping[str, Sequence[str]],
    *,
    veil: Veil,
    by: str,
    shared: bool,
    at: datetime,
) -> Saved:
    """Keep where on a page somebody looks, as the page's parameters; `veil` is the one they look through."""
    held = {key: [str(value) for value in values] for key, values in parameters.items() if values}
    if len(held) > PARAMETERS or any(
        len(values) > VALUES or any(len(text) > VALUE for text in (key, *values))
        for key, values in held.items()
    ):
        raise SavedRefused("These filters are too many to be kept. Choose fewer names, then save the view.")
    neutral = {stands: pseudonym(store.secret, name) for name, stands in veil.shown} | {
        veil.others: veil.others
    }
    content = {
        key: [neutral.get(v, SOMEBODY) for v in values] if PERSON in key else values
        for key, values in held.items()
    }
    return _keep(
        store, Saved(new_id(), "view", domain.name, page, _title(title), content, by, shared, at, at)
    )


def parameters(store: Store, saved: Saved, veil: Veil) -> tuple[Parameters, int]:
    """A view's parameters as this veil's reader may use them, and how many chosen people it leaves out."""
    named = {pseudonym(store.secret, name): stands for name, stands in veil.shown}
    named[veil.others] = veil.others
    found, left_out = {}, 0
    for key, values in saved.content.items():
        names = [named[v] for v in values if v in named] if PERSON in key else list(values)
        left_out += len(values) - len(names)
        if names:
            found[key] = names
    return found, left_out


def found(store: Store, domain: DecisionDomain, saved_id: str, *, by: str | None) -> Saved:
    """One that this person may open; None opens whatever there is. SavedGone where there is none."""
    held = kept.find(store, saved_id)
    if held is None or held.domain != domain.name or not (by is None or held.shared or held.owner == by):
        raise SavedGone(
            "This saved view or question is not there for you: it was removed, or it is not shared. "
            "Ask whoever gave you the link."
        )
    return held


def listed(store: Store, domain: DecisionDomain, *, by: str | None, page: str | None = None) -> list[Saved]:
    """What a person may open, by title."""
    return kept.listed(store, domain.name, by, page)


def rename(store: Store, domain: DecisionDomain, saved_id: str, title: str, *, by: str, at: datetime) -> None:
    """Another title; the owner's alone."""
    held, title = _own(store, domain, saved_id, by), _title(title)

    def unit(tx: Transaction) -> None:
        _only_one(tx, held, title)
        kept.change(tx, saved_id, title=title, shared=held.shared, at=at)

    store.write(unit)


def share(
    store: Store, domain: DecisionDomain, saved_id: str, shared: bool, *, by: str, at: datetime
) -> None:
    """Show it to everyone in the organization, or to oneself alone; the owner's alone."""
    held = _own(store, domain, saved_id, by)
    store.write(lambda tx: kept.change(tx, saved_id, title=held.title, shared=shared, at=at))


def remove(store: Store, domain: DecisionDomain, saved_id: str, *, by: str) -> None:
    """Throw one away: the owner does, and a lead may where it is shared."""
    held = found(store, domain, saved_id, by=by)
    if held.owner != by and organization.role(store, by) != "lead":
        raise NotPermitted(f"This is kept by {held.owner}. Ask them, or a lead, to remove it.")
    store.write(lambda tx: kept.remove(tx, saved_id))


def may_remove(saved: Saved, *, by: str, leads: bool) -> bool:
    """Whether a button to remove it belongs on this person's page."""
    return saved.owner == by or leads


def _own(store: Store, domain: DecisionDomain, saved_id: str, by: str) -> Saved:
    held = found(store, domain, saved_id, by=by)
    if held.owner != by:
        raise NotPermitted(f"This is kept by {held.owner}, who alone may change it. Save one of your own.")
    return held


def _keep(store: Store, new: Saved) -> Saved:
    if not new.owner:
        raise SavedRefused("Say who you are before you keep something: choose your name at the left.")

    def unit(tx: Transaction) -> None:
        if kept.count(tx, new.owner) >= MOST:
            raise SavedRefused(f"You keep {MOST} views and questions. Remove one that you no longer need.")
        _only_one(tx, new, new.title)
        kept.add(tx, new)

    store.write(unit)
    return new


def _only_one(tx: Transaction, thing: Saved, title: str) -> None:
    if kept.titled(tx, thing.owner, thing.domain, thing.page, title, thing.saved_id):
        raise SavedRefused(f"You keep something called “{title}” already. Give this one another title.")


def _title(text: str) -> str:
    """A title in one line, without signs that cannot be seen."""
    seen = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    title = " ".join(seen.split())
    if not 1 <= len(title) <= TITLE:
        raise SavedRefused(f"A title has between 1 and {TITLE} characters. Write one.")
    return title


def as_dict(saved: Saved) -> dict[str, Any]:
    """For `--json`."""
    return {**vars(saved), "made_at": saved.made_at.isoformat(), "changed_at": saved.changed_at.isoformat()}
