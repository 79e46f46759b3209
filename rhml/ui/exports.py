"""Findings and tables as files, made when a reader asks for them; what is in them is `rhml.printed`'s."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop import schedule
from rhml.printed.dimension_words import headings
from rhml.printed.edition import Edition, edition
from rhml.printed.numbers import locale
from rhml.printed.tables import FORMS, About, about, csv_bytes, defused, form, html_bytes, parquet_bytes
from rhml.store.opening import utc_now
from rhml.ui import reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here

__all__ = [
    "about",
    "csv_bytes",
    "defused",
    "html_bytes",
    "override_buttons",
    "parquet_bytes",
    "report_buttons",
    "scheduled",
    "table_buttons",
]  # a page says what a file says of itself with the same words

FILES = (
    ("HTML", "html", "text/html"),
    ("PDF", "pdf", "application/pdf"),
    ("JSON", "json", "application/json"),
)
NAMES = {"csv": "CSV", "parquet": "Parquet", "html": "HTML"}


def report_buttons(here: Here, span: Span) -> None:
    """Take the report along: to read, for a meeting, to compute with; each file is made when it is asked for."""
    name, at = here.domain.name, here.now
    said, spoken = span.said(here.domain), locale()

    def made() -> Edition:
        whole = reported.whole(name, since=span.since, until=span.until, segment=span.segment)
        return edition(whole, here.domain, at=utc_now(), filters=said, locale=spoken)

    with st.container(horizontal=True, vertical_alignment="center", key="report_files"):
        for label, form, mime in FILES:
            _button(f"Report as {label}", lambda form=form: made().form(form),
                    f"improvement-{name}-{at:%Y-%m-%d}.{form}", mime)  # fmt: skip
    st.caption(
        f"All views in one file, made when you press; a large log takes some seconds. {scheduled(here)}"
    )


def scheduled(here: Here) -> str:
    """Whether reports are also made by themselves; where they are put is known to whoever runs the server."""
    held = schedule.standing(here.store, here.domain.name)
    if held.schedule is None:
        return ""
    said = f"One is also made {held.schedule.said}."
    if held.run and held.run.state == schedule.DONE:
        said += f" The last: {words.when(held.run.slot)}."
    elif held.run and held.run.state == schedule.REFUSED:
        said += f" **The one of {words.when(held.run.slot)} could not be made**: whoever runs the server can say why."
    return said


def override_buttons(
    read: Callable[[], pd.DataFrame], domain: DecisionDomain, print_: About, at: datetime
) -> None:
    """Take the overrides under the filters along; they are read from the log when they are asked for."""
    name = f"overrides-{domain.name}-{at:%Y-%m-%d}"
    table_buttons("Overrides", read, print_, name=name, key="download", domain=domain)


def table_buttons(
    label: str,
    read: Callable[[], pd.DataFrame],
    print_: About,
    *,
    name: str,
    key: str,
    domain: DecisionDomain,
) -> None:
    """Take a table along as CSV, Parquet or HTML; each file is made when it is asked for."""
    called = headings(domain)
    with st.container(horizontal=True, key=f"{key}_files"):
        for form_, mime in FORMS.items():
            st.download_button(
                f"{label} as {NAMES[form_]}",
                lambda form_=form_: form(form_, read(), print_, called), f"{name}.{form_}", mime,
                key=f"{key}_{form_}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


def _button(label: str, make: Callable[[], str | bytes], name: str, mime: str) -> None:
    st.download_button(label, make, name, mime, key=f"download_{name.rpartition('.')[2]}", on_click="ignore",
                       icon=":material/download:", width="stretch")  # fmt: skip
