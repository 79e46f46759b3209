"""The audit trail on the page: who did what, when and from what to what, filtered, by pages, and as a file."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.store import audit, registry
from rhml.store.audit import KINDS, PAGE, Filter
from rhml.store.veil import Veil
from rhml.ui import exports, filters, veiled, verified, words
from rhml.ui.records import answered_for
from rhml.ui.shell import Here

MOST = 100_000
"""Lines of one export; beyond them `python -m rhml records` streams the whole trail."""
DEEPEST = 200
"""Pages that are turned one by one; older lines are reached by their month."""
NOTHING = "—"
OF_ACTIONS = ("decision", "reversal", "opinion", "conflict", "outcome", "outcome corrected")
OPENING = re.compile(r"(?:from an older log: )?(?:own call: |second opinion: |resolved: )?[^:;]*")
"""What the log says of a line; after it comes what a person wrote, which stays as it is."""
WIDTHS = {"When": 150, "Who": 100, "Kind": 105, "About": 100, "What": 275, "Before": 110, "After": 110}


def trail(here: Here) -> None:
    """Newest first, fifty a page."""
    verified.control(here)
    domain = here.domain if here.domain.actions else None
    wanted = _filter(here, domain)
    lines = answered_for.trail_count(domain.name if domain else None, wanted)
    if not lines:
        st.info("Nothing on record matches. Take a filter away.")
        return
    number = _page(lines)
    rows = answered_for.trail_page(domain.name if domain else None, wanted, number)
    _look(here, wanted)
    st.dataframe(
        pd.DataFrame([_row(r, domain) for r in rows], columns=list(WIDTHS)),
        hide_index=True, key=f"trail_{number}", height="content", alt="The audit trail, newest first",
        column_config={name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()},
    )  # fmt: skip
    _file(here, domain, wanted, lines)


def _row(line: dict[str, Any], domain: DecisionDomain | None) -> tuple[str, ...]:
    """A line as it is read; before and after stand only where something changed."""
    was, now, detail = line["was"] or "", line["now"] or "", line["detail"] or ""
    if domain is not None and line["kind"] in OF_ACTIONS:
        was, now, detail = domain.label(was), domain.label(now), _told(detail, domain)
    changed = (was or NOTHING, now or NOTHING) if was or now else ("", "")
    return (words.when(line["happened_at"]), line["actor"] or "not recorded", line["kind"], line["subject"] or "",
            detail, *changed)  # fmt: skip


def _told(detail: str, domain: DecisionDomain) -> str:
    """Actions under their labels, but not in what a person wrote."""
    opening = OPENING.match(detail)[0]
    return re.sub(r"\w+", lambda word: domain.label(word[0]), opening) + detail[len(opening) :]


def _veil(here: Here) -> Veil | None:
    """A lead answers for who did what; to analysts other names stand for those who handled a case."""
    return None if here.leads or not here.domain.actions else veiled.veil(here)


def _look(here: Here, wanted: Filter) -> None:
    """To read one person's lines about cases is a look at that person."""
    if here.leads and wanted.actor not in (None, here.person) and wanted.kind in (None, *audit.OF_CASES):
        veiled.looked_through(here, wanted.actor, "audit trail")


def _filter(here: Here, domain: Any) -> Filter:
    veil = _veil(here)
    with filters.bar():
        people = answered_for.trail_actors(domain.name if domain else None, veil, here.person)
        actor = st.selectbox("Who", [a for a in people if a], index=None, key="actor", width=200,
                             bind="query-params", placeholder="Everyone")  # fmt: skip
        kind = st.selectbox("Kind", KINDS, index=None, key="kind", bind="query-params", width=200,
                            placeholder="Everything")  # fmt: skip
        about, span = None, (None, None)
        if domain is not None:
            about = st.text_input(f"About {words.plain(domain.terms.case)}", key="about", bind="query-params",
                                  placeholder="Its number", width=160)  # fmt: skip
            with st.popover("Months", icon=":material/date_range:"):
                span = filters.span(domain)
    return Filter(actor, kind, veil, (about or "").strip() or None, *span, reader=here.person)


def _page(lines: int) -> int:
    pages = -(-lines // PAGE)
    if pages == 1:
        st.caption(f"{words.number(lines)} {'line' if lines == 1 else 'lines'}.")
        return 1
    last = min(pages, DEEPEST)
    number = st.number_input(
        f"Page, 1 to {words.number(last)}", 1, last, key="sheet", bind="query-params", width=180
    )
    older = f" Pages end at {words.number(last)}: choose months to see older lines." if pages > last else ""
    st.caption(f"{words.number(lines)} lines, newest first.{older}")
    return int(number)


def _file(here: Here, domain: Any, wanted: Filter, lines: int) -> None:
    chosen = [
        f"{name}: {value}"
        for name, value in (("who", wanted.actor), ("kind", wanted.kind), ("about", wanted.case_id))
        if value
    ]
    said = filters.said(wanted.since, wanted.until, chosen)
    versions = [v.version for v in registry.versions(here.store, domain.name)] if domain else []
    print_ = exports.about("Audit trail", filters=said, rows=min(lines, MOST),
                           what="lines", versions=versions, at=here.now)  # fmt: skip
    st.download_button(
        "Audit trail as CSV",
        lambda: exports.csv_bytes(audit.frame(here.store, domain, wanted, limit=MOST), print_),
        f"audit-{here.now:%Y-%m-%d}.csv", "text/csv", key="audit_csv", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
