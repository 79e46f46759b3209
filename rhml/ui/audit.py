"""The audit trail on the page: who did what and when, filtered, by pages, and as a file."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.store import audit, registry
from rhml.store.audit import KINDS, PAGE, Filter
from rhml.store.veil import Veil
from rhml.ui import exports, veiled, words
from rhml.ui.shell import Here

MOST = 100_000
"""Lines of one export; beyond them the log itself is the better file."""


def trail(here: Here) -> None:
    """Newest first, fifty a page."""
    domain = here.domain if here.domain.actions else None
    wanted = _filter(here, domain)
    lines = audit.count(here.store, domain, wanted)
    if not lines:
        st.info("Nothing on record matches. Take a filter away.")
        return
    number = _page(lines)
    rows = audit.page(here.store, domain, wanted, offset=(number - 1) * PAGE)
    _look(here, wanted)
    st.dataframe(
        pd.DataFrame(
            [(words.when(r["happened_at"]), r["actor"] or "not recorded", r["kind"], r["subject"], r["detail"]) for r in rows],
            columns=["When", "Who", "Kind", "About", "What"],
        ),
        hide_index=True, key=f"trail_{number}", height="content", alt="The audit trail, newest first",
        column_config={"When": st.column_config.TextColumn(width=170), "About": st.column_config.TextColumn(width=140),
                       "What": st.column_config.TextColumn(width="large")},
    )  # fmt: skip
    _file(here, domain, wanted, lines)


def _veil(here: Here) -> Veil | None:
    """A lead answers for who did what; to analysts other names stand for those who handled a case."""
    return None if here.leads or not here.domain.actions else veiled.veil(here)


def _look(here: Here, wanted: Filter) -> None:
    """To read one person's lines about cases is a look at that person."""
    if here.leads and wanted.actor not in (None, here.person) and wanted.kind in (None, *audit.OF_CASES):
        veiled.looked_through(here, wanted.actor, "audit trail")


def _filter(here: Here, domain) -> Filter:
    left, right = st.columns(2)
    with left:
        people = audit.actors(here.store, domain, _veil(here))
        actor = st.selectbox("Who", [a for a in people if a], index=None, key="actor",
                             bind="query-params", placeholder="Everyone")  # fmt: skip
    with right:
        kind = st.selectbox("Kind", KINDS, index=None, key="kind", bind="query-params",
                            placeholder="Everything")  # fmt: skip
    return Filter(actor, kind, _veil(here))


def _page(lines: int) -> int:
    pages = -(-lines // PAGE)
    if pages == 1:
        st.caption(f"{words.number(lines)} {'line' if lines == 1 else 'lines'}.")
        return 1
    number = st.number_input(
        f"Page, 1 to {words.number(pages)}", 1, pages, key="sheet", bind="query-params", width=180
    )
    st.caption(f"{words.number(lines)} lines, newest first.")
    return int(number)


def _file(here: Here, domain, wanted: Filter, lines: int) -> None:
    chosen = [f"{name}: {value}" for name, value in (("who", wanted.actor), ("kind", wanted.kind)) if value]
    versions = [v.version for v in registry.versions(here.store, domain.name)] if domain else []
    print_ = exports.about("Audit trail", filters="; ".join(chosen) or "none", rows=min(lines, MOST),
                           what="lines", versions=versions, at=here.now)  # fmt: skip
    st.download_button(
        "Audit trail as CSV",
        lambda: exports.csv_bytes(audit.frame(here.store, domain, wanted, limit=MOST), print_),
        f"audit-{here.now:%Y-%m-%d}.csv", "text/csv", key="audit_csv", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
