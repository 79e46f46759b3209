"""Every look that somebody else took at a person's record, told to that person: who, when, at what and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.store import looks
from rhml.store.looks import Look
from rhml.ui import words
from rhml.ui.shell import Here

WHAT = {
    "record": "your record",
    "overrides of one person": "your overrides",
    "overrides by person": "the overrides of everyone, by person",
    "export of overrides": "a file of overrides with your name",
    "question": "a question on Ask that can name you",
    "copy of the log": "a copy of the whole log, taken along",
    "audit trail": "your lines in the audit trail",
}
TOLD = 12
SHOWN = 500
"""Looks told one by one, and those in the table below them."""


def draw(here: Here) -> None:
    """The looks at this person's record, newest first, and the rule they follow."""
    st.markdown(_rule(here))
    found = looks.listed(here.store, here.domain.name, here.person, limit=SHOWN)
    if not found:
        st.info(f"Nobody has looked at your record in {words.plain(here.domain.title)}.")
        return
    total = looks.count(here.store, here.domain.name, here.person)
    st.markdown(f"**{words.number(total)} {'look' if total == 1 else 'looks'}**, the newest first.")
    for one in found[:TOLD]:
        with st.container(border=True):
            st.markdown(_told(one))
    if total > TOLD:
        which = "All" if total <= SHOWN else "The newest"
        with st.expander(f"{which} {words.number(len(found))} as a table"):
            _table(found)


def _told(one: Look) -> str:
    what = WHAT.get(one.what, one.what)
    why = f"  \n“{words.plain(one.why)}”" if one.why else ""
    return f"**{words.plain(one.by)}** looked at {words.plain(what)} · {words.plain(words.when(one.at))}{why}"


def _table(found: list[Look]) -> None:
    table = pd.DataFrame(
        [(words.when(one.at), one.by, WHAT.get(one.what, one.what), one.why) for one in found],
        columns=["When", "Who", "Looked at", "Why, or what was asked"],
    )
    st.dataframe(table, hide_index=True, key="who_looked", alt="Every look at your record, newest first")


def _rule(here: Here) -> str:
    rule, counted = here.domain.people, "with a known outcome" if here.domain.outcome else "taken"
    if rule.record == "nobody":
        return (
            f"Your numbers are yours alone: in {words.plain(here.domain.title)} nobody else may look at them."
        )
    return (
        f"You see everything about yourself. A lead may look at your record once you have {words.number(rule.minimum)} "
        f"decisions {counted}; every look is listed here and stays. No page shows your lessons, drills, courses or the "
        "model of your own calls to anybody else; a command that does is listed here too."
    )
