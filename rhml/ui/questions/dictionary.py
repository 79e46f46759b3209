"""The data dictionary beside a question: every view and column with its meaning and values, searchable."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.reliance import VERDICTS
from rhml.store import organization
from rhml.store.questions import question
from rhml.store.words import VIEW_COMMENTS
from rhml.ui import computed, words
from rhml.ui.grid import wide
from rhml.ui.shell import Here

ACTIONS = ("first_action", "recommended_action", "final_action", "right_action")
MODES = ("assisted", "first_call", "evidence_only")
SHOWN = 6
"""Values shown of a column; the box offers all of them."""
TYPES = {"VARCHAR": "text", "DOUBLE": "number", "BIGINT": "whole number", "INTEGER": "whole number", "BOOLEAN": "yes or no",
         "TIMESTAMP": "time"}  # fmt: skip


def held(here: Here) -> pd.DataFrame:
    """`view`, `column`, `type`, `meaning` as the database's own comments say, and `examples`: the values of a
    column where there are few and they tell of nobody."""  # fmt: skip
    listed = question.dictionary(here.store, here.domain)
    known = values(here)
    listed = listed.assign(meaning=[words.own(meaning) for meaning in listed["meaning"]])
    return listed.assign(examples=[known.get(column, ()) for column in listed["column"]])


def values(here: Here) -> dict[str, tuple[str, ...]]:
    """The values of the columns that have few: actions, reasons, verdicts, and the domain's own kinds of case."""
    domain = here.domain
    own = {f.name: tuple(f.levels) for f in domain.features if f.kind == "category" and f.levels}
    if here.role not in organization.OWN_ONLY:
        own |= {
            column: tuple(names)
            for column, names in computed.segment_names(domain.name).items()
            if domain.feature(column).kind == "category"
        }
    return {
        **own,
        **dict.fromkeys(ACTIONS, domain.action_keys),
        "mode": MODES,
        "reason": tuple(domain.override.reasons),
        "verdict": _verdicts(domain),
    }


def _verdicts(domain: DecisionDomain) -> tuple[str, ...]:
    if domain.outcome is None:
        return ()
    possible = len(domain.actions) > 2
    return tuple(verdict for verdict in VERDICTS if possible or verdict != "both wrong")


def draw(here: Here, listed: pd.DataFrame) -> None:
    """The dictionary, one view at a time; a search goes through all of them."""
    st.header("Data dictionary", anchor=False)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    view = left.selectbox("View", list(VIEW_COMMENTS), key="view_of", bind="query-params")
    wanted = right.text_input(
        "Search all views: columns, meanings and values",
        key="term",
        icon=":material/search:",
        bind="query-params",
    ).strip()
    found = listed[_mentions(listed, wanted)] if wanted else listed[listed["view"] == view]
    if found.empty:
        st.info("No view or column mentions this. Try another word.")
        return
    if not wanted:
        st.caption(words.own(f"{VIEW_COMMENTS[view]}."))
    rows = found.groupby(["column", "type", "meaning"], sort=False, dropna=False)
    shown = [
        (
            column,
            "" if meaning != meaning else meaning,
            _few(same["examples"].iloc[0]),
            TYPES.get(kind, kind.lower()),
        )
        + ((", ".join(same["view"]),) if wanted else ())
        for (column, kind, meaning), same in rows
    ]
    head = ("Column", "Meaning", "Values", "Type", *(("Views",) if wanted else ()))
    wide(head, shown, name="dictionary", alt="Columns with their meanings and values", tall=True)


def _few(found: tuple[str, ...]) -> str:
    more = ", …" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def _mentions(listed: pd.DataFrame, wanted: str) -> pd.Series:
    texts = listed.assign(examples=[", ".join(found) for found in listed["examples"]])
    whole = texts.fillna("").agg(" ".join, axis=1).str.lower()
    return whole.str.contains(wanted.lower(), regex=False)
