"""Under which names the reader sees people, and the record of every look at somebody by name."""

from __future__ import annotations

from collections.abc import Iterable

from rhml.loop import look, privacy
from rhml.store.opening import utc_now
from rhml.store.veil import Veil, among
from rhml.ui import resources, words
from rhml.ui.shell import Here


def veil(here: Here) -> Veil:
    """Under which names this reader sees people."""
    return resources.veil(here.domain.name, here.person, here.role)


def looked(here: Here, names: Iterable[str], what: str, why: str = "") -> None:
    """Put on record, before they are shown, that other people's decisions are shown under their own names."""
    people = among(names, veil(here))
    look.seen(here.store, here.domain, people, by=here.person, what=what, why=why, at=utc_now())


def looked_through(here: Here, person: str, what: str) -> None:
    """Put on record that the facts one person left were read through, where the person decides cases here."""
    if any(person == other.name for other in privacy.people(here.store, here.domain, by=here.person)):
        look.seen(here.store, here.domain, [person], by=here.person, what=what, at=utc_now())


def said(here: Here) -> str:
    """How people are named to this reader, and what follows from it."""
    few = (
        f"people with fewer than {words.number(here.domain.people.minimum)} resolved decisions share one line"
    )
    if here.leads and here.domain.people.record == "lead":
        return f"People you see by name see on *My learning* that you looked; {few}."
    return f"A name of letters and digits stands for the same person every time; {few}."
