"""The Pending page: the waiting cases with why each is where it is, and what can be done with several at once.

The table's selection is positional in Streamlit, so the table is keyed by the very cases it shows, and what
is done is done to the ids that were on screen when they were ticked.
"""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.policy import WHAT_MATTERS
from rhml.store import registry, waiting
from rhml.store.waiting import Queue
from rhml.ui import asked, bulk, resources, words
from rhml.ui.queue import clear, narrowed, narrowing, packed
from rhml.ui.reasons import feature_of
from rhml.ui.shell import Here
from rhml.ui.waiting_words import suggested, who, why

PAGE = 25
SUGGESTS = "Model suggests"


def draw(here: Here, wanted: Queue) -> None:
    """The list with its page, or why it is empty."""
    total = waiting.count(here.store, here.domain, wanted, now=here.now)["cases"]
    if not total:
        _empty(here, wanted)
        return
    at = _page(total)
    rows = waiting.page(here.store, here.domain, wanted, now=here.now, limit=PAGE, offset=PAGE * (at - 1))
    bulk.outcome()
    head = st.container()
    ticked = _table(here, wanted, rows)
    with head:
        if ticked:
            bulk.draw(here, ticked)
        else:
            _head(here, wanted, total, rows)
    _paging(total, at)
    asked.questions(here, rows)
    _unscored(here, rows)


def _page(total: int) -> int:
    """The page that the URL names, within those there are."""
    named = st.query_params.get("page", "1")
    return min(max(int(named), 1) if named.isdecimal() else 1, -(-total // PAGE))


def _head(here: Here, wanted: Queue, total: int, rows: list[dict[str, Any]]) -> None:
    many = here.domain.terms.many if total != 1 else here.domain.terms.case
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Start with the first", type="primary", key="start", shortcut="N"):
            open_case(wanted, waiting.following(here.store, here.domain, wanted, None, now=here.now))
        st.markdown(f"**{words.number(total)} {words.plain(many)}**", width="content")
        st.caption("Click a number to open it; tick rows to act on several.", width="content")
    if wanted.order == "people_help_most" and not any(
        row["placed"] or row["help"] is not None for row in rows
    ):
        st.caption("Too little is known here yet to say where people help most: choose another order.")
    elif wanted.order == "people_help_most":
        stake = ", weighed with what is at stake" if here.domain.value.column else ""
        st.caption(
            f"First where a person's look adds most to the chance of deciding rightly{stake}. A random share is mixed in "
            "by lot, so that what people are worth stays measured everywhere."
        )
    elif wanted.order == WHAT_MATTERS:
        st.caption(
            "First where mistakes are expected to cost most, as what matters now weighs them; where your own call comes "
            "first, the place says nothing of what the model makes of it."
        )


def open_case(wanted: Queue, case_id: str | None) -> None:
    """Go to a case's card; the queue goes along."""
    st.switch_page(
        "pages/decide.py",
        query_params={"queue": packed(wanted), **({"case": case_id} if case_id else {})},
    )


def _table(here: Here, wanted: Queue, rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Draw the rows; a click on a case's number opens it. Returns the ids of the ticked ones."""
    ids = [row["case_id"] for row in rows]
    name = here.domain.terms.case.capitalize()
    shown = st.dataframe(
        frame(here, wanted, rows), hide_index=True, on_select="rerun", height="content",
        selection_mode=["multi-row", "single-cell"], key=f"waiting-{_fingerprint(ids)}",
        column_config={
            name: st.column_config.TextColumn(pinned=True, help="Click to open"),
            "Why it is here": st.column_config.TextColumn(width=_wide(rows)),
            **({SUGGESTS: st.column_config.TextColumn(width=215)} if any(row["likeliest_action"] for row in rows) else {}),
            _stake(here.domain): st.column_config.NumberColumn(format="localized"),
        },
        alt=f"Waiting {here.domain.terms.many} in the chosen order",
    )  # fmt: skip
    for row, column in shown.selection.cells:
        if column == name:
            open_case(wanted, ids[row])
    return tuple(ids[row] for row in shown.selection.rows)


def _wide(rows: list[dict[str, Any]]) -> int | None:
    """Room for a colleague's question, where there is one; else as wide as it needs."""
    return 260 if any(row["escalated_by"] for row in rows) else None


def _fingerprint(ids: list[str]) -> str:
    """A short name for a page's content: another content is another table, with nothing ticked."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12] + st.session_state.get("acted", "")


def frame(here: Here, wanted: Queue, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """What the list shows of each case; columns that are empty throughout are left out."""
    domain = here.domain
    columns = {
        domain.terms.case.capitalize(): [row["case_id"] for row in rows],
        "Why it is here": [why(domain, wanted, row, here) for row in rows],
        "Due": [words.due(row["due_at"], here.now) for row in rows],
        _stake(domain): [row["stake"] for row in rows],
        SUGGESTS: [suggested(domain, row) for row in rows],
        **{feature_of(domain, c).label: [_text(row[c]) for row in rows] for c in narrowing(domain)},
        "Open with": [who(row["open_with"], here) for row in rows],
        "Assigned to": [who(row["assigned_to"], here) for row in rows],
    }
    dated = [row["due_at"] is not None for row in rows]
    if not any(dated) or (wanted.order == "due_soonest" and all(dated)):
        del columns["Due"]  # nothing has one, or it is the reason already
    kept = {title: cells for title, cells in columns.items() if any(cell not in (None, "") for cell in cells)}
    return pd.DataFrame(kept)


def _stake(domain: DecisionDomain) -> str:
    return f"At stake ({domain.value.unit})" if domain.value.unit else "At stake"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _paging(total: int, at: int) -> None:
    """Earlier and later pages; the page is in the URL."""
    if total <= PAGE:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Earlier", key="earlier", disabled=at == 1, on_click=_turn, args=(at - 1,))
        st.button("Later", key="later", disabled=at * PAGE >= total, on_click=_turn, args=(at + 1,))
        first, last = PAGE * (at - 1) + 1, min(PAGE * at, total)
        st.caption(f"{words.number(first)} to {words.number(last)} of {words.number(total)}", width="content")


def _turn(to: int) -> None:
    st.query_params["page"] = str(to)


def _empty(here: Here, wanted: Queue) -> None:
    """What belongs here, why it is empty, and the one next step."""
    many = words.plain(here.domain.terms.many)
    if narrowed(wanted):
        st.info(f"No waiting {many} match these filters.")
        st.button("Show all that wait", key="clear", on_click=clear, type="primary")
        return
    st.info(f"{many.capitalize()} that wait for a decision stand here. All are decided or snoozed.")
    if here.leads:
        st.page_link("pages/organization.py", label=f"Bring new {many}", icon=":material/upload:")
    else:
        st.page_link(
            "pages/my_learning.py", label="See what came of your decisions", icon=":material/school:"
        )


def _unscored(here: Here, rows: list[dict[str, Any]]) -> None:
    """Where the champion has not looked yet: how many on this page, and the way to ask it."""
    missing = sum(not row["scored"] for row in rows)
    if missing and (live := registry.live_version(here.store, here.domain.name)):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"{live} has not looked at {missing} of these yet.", width="content")
            if st.button("Get recommendations", key="recommend"):
                resources.ask_for("recommend", domain=here.domain.name, by=here.person)
                st.caption("Asked: they appear here within a minute or so.", width="content")
