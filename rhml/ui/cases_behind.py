"""The cases behind a number of the report: a list with a way to each, and the way back."""

from __future__ import annotations

from math import ceil

import pandas as pd
import streamlit as st

from rhml.store import organization
from rhml.store.review import reviews
from rhml.ui import reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

PAGE = 25
KEPT = ("view", "course_by", "shown_as", "protected", "treated", "since", "until", "segment")
"""What the address of the page says besides, so that *Back* leads to where a list was opened."""
CALLS = {"first": "First call", "recommended": "Recommended", "final": "Decided"}
SAID = {1.0: ":material/check: right", 0.0: ":material/close: wrong"}


def asked() -> str:
    """The key that the address asks for; empty where it asks for none."""
    return st.query_params.get("behind", "")


def link(here: Here, span: Span, key: str, label: str) -> None:
    """A way to the cases behind a number, under the same filters (`loop.behind` reads the key)."""
    st.page_link("pages/improvement.py", label=label, icon=":material/list:",
                 query_params={"behind": key, **_same(here, span)})  # fmt: skip


def draw(here: Here, span: Span) -> None:
    """What is listed and how much of it was right, the list, and the way back to where it was opened."""
    found = reported.behind(
        asked(), here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    hidden = found.rows["bank"].fillna(False).astype(bool) & (here.role in organization.OWN_ONLY)
    rows = found.rows[~hidden]
    if here.role in organization.OWN_ONLY:  # nor those on which the reader may be asked for a blind opinion
        rows = rows[~rows["case_id"].isin(reviews.blind_cases(here.store, here.domain.name, here.person))]
    # A link to the page one is on keeps what the address says.
    st.button("Back", key="back", icon=":material/arrow_back:", on_click=_back)
    st.header(words.plain(found.title), anchor=False)
    st.markdown(_counted(found.rows))
    if hidden.any():
        many = words.plain(here.domain.terms.many)
        st.caption(
            f"{words.number(int(hidden.sum()))} of them are {many} of the bank: they judge people and models, so they are "
            "counted but not shown."
        )
    pages = max(1, ceil(len(rows) / PAGE))
    page = st.pagination(pages, key="sheet") if pages > 1 else 1
    for row in rows.iloc[PAGE * (page - 1) : PAGE * page].to_dict("records"):
        _row(here, row, found.call)


def _back() -> None:
    st.query_params.pop("behind", None)


def _same(here: Here, span: Span) -> dict[str, str]:
    """The filters of the page as its address writes them."""
    kept = {name: st.query_params[name] for name in KEPT if name in st.query_params}
    return {**kept, **staying_in(here.domain)}


def _counted(rows: pd.DataFrame) -> str:
    known = rows["right"].dropna()
    if known.empty:
        return f"**{words.number(len(rows))}**, the newest first."
    return (
        f"**{words.number(len(rows))}**, of which **{words.number(int(known.sum()))} right** "
        f"({words.percent(known.mean())}); the newest first."
    )


def _row(here: Here, row: dict, call: str) -> None:
    domain, plain = here.domain, words.plain
    calls = {name: row[f"{name}_action"] for name in CALLS if isinstance(row[f"{name}_action"], str)}
    said = [
        f"{CALLS[name]} **{plain(domain.label(calls[name]))}**" for name in (call, *CALLS) if name in calls
    ]
    outcome = row["right_action"]
    facts = [
        *dict.fromkeys(said),
        *([f"right was {plain(domain.label(outcome))}"] if isinstance(outcome, str) else []),
        words.day(row["decided_at"]),
    ]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.page_link("pages/decide.py", label=f"{plain(domain.terms.case)} {plain(row['case_id'])}", width=190,
                     icon=":material/open_in_full:", query_params={"case": row["case_id"], **staying_in(domain)})  # fmt: skip
        st.markdown(" · ".join([SAID.get(row["right"], "no outcome"), *facts]), width="stretch")
