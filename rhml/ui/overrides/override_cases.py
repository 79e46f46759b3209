"""The overrides under the filters one by one: a page of them, each with a way to its case and to the screen it was made on."""

from __future__ import annotations

from math import ceil
from typing import Any

import streamlit as st

from rhml.store import explorer as log
from rhml.store.explorer import Filters
from rhml.ui import shell, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here

MOST_PAGES = 400
"""Nobody turns more pages; further ones are found by narrowing the filters."""


def listed(here: Here, looked_at: Filters, count: int) -> None:
    """One page of overrides, of those that this person may read one by one."""
    many = words.plain(here.domain.terms.many)
    st.header(f"The {many} behind these numbers", anchor=False)
    mine = explorer.own(here, looked_at)
    if mine.author is not None:
        count = log.count(here.store, here.domain, mine)
        st.caption("Your own alone: what others decided and wrote is theirs.")
        if not count:
            st.info("None of these overrides is yours.")
            return
    pages = max(1, ceil(count / log.PAGE))
    page = st.pagination(min(pages, MOST_PAGES), key="sheet") if pages > 1 else 1
    order = "those with most of your words first" if looked_at.words else "the newest first"
    more = f"; the first {words.number(MOST_PAGES * log.PAGE)} can be turned to" if pages > MOST_PAGES else ""
    st.caption(f"{words.number(count)} overrides, {order}{more}.")
    for row in log.listed(here.store, here.domain, mine, page):
        _row(here, row)


def _row(here: Here, row: dict[str, Any]) -> None:
    domain, plain = here.domain, words.plain
    facts = (f"**{plain(domain.label(row['final_action']))}** instead of "
             f"**{plain(domain.label(row['recommended_action']))}**", row["status"],
             plain(row["reason"] or "no reason stated"), plain(row["manager"]), words.day(row["decided_at"]))  # fmt: skip
    case = {"case": row["case_id"], **shell.staying_in(domain)}
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width=200, gap=None):
            st.page_link("pages/decide.py", label=f"{plain(domain.terms.case)} {plain(row['case_id'])}",
                         icon=":material/open_in_full:", query_params=case)  # fmt: skip
            if not row["imported"]:
                st.page_link("pages/decide.py", label="The screen then", icon=":material/history:",
                             query_params={"decision": row["decision_id"], **shell.staying_in(domain)})  # fmt: skip
        said = f"“{plain(row['rationale'])}”" if row["rationale"] else "No rationale written."
        st.markdown(f"{said}  \n{' · '.join(facts)}", width="stretch")
