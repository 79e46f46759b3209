"""Findings and overrides as files: each prints its filters, its time, its row count and its versions.

A CSV begins with lines of `#`, the first of which says how many to skip; a Parquet file carries the same in
its schema's metadata. Text in a CSV that a spreadsheet would run as a formula gets an apostrophe in front.

>>> defused("=SUM(A1)"), defused("late"), defused("-3")
("'=SUM(A1)", 'late', "'-3")
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import streamlit as st

import rhml
from rhml.core.domain import DecisionDomain
from rhml.loop import schedule
from rhml.printed.edition import Edition, edition
from rhml.printed.numbers import locale
from rhml.store.opening import utc_now
from rhml.ui import reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
About = dict[str, str]
FILES = (
    ("HTML", "html", "text/html"),
    ("PDF", "pdf", "application/pdf"),
    ("JSON", "json", "application/json"),
)


def about(title: str, *, filters: str, rows: int, what: str, versions: list[str], at: datetime) -> About:
    """What every file says about itself."""
    return {
        "title": title,
        "filters": filters,
        "rows": f"{rows} {what}",
        "model versions": ", ".join(versions) or "none",
        "made": f"{at:%Y-%m-%d %H:%M} UTC",
        "product": f"rhml {rhml.__version__}",
    }


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
    left, right = st.columns(2)
    with left:
        _button("Overrides as CSV", lambda: csv_bytes(read(), print_), f"{name}.csv", "text/csv")
    with right:
        _button("Overrides as Parquet", lambda: parquet_bytes(read(), print_), f"{name}.parquet",
                "application/vnd.apache.parquet")  # fmt: skip


def _button(label: str, make: Callable[[], str | bytes], name: str, mime: str) -> None:
    st.download_button(label, make, name, mime, key=f"download_{name.rpartition('.')[2]}", on_click="ignore",
                       icon=":material/download:", width="stretch")  # fmt: skip


def csv_bytes(table: pd.DataFrame, print_: About) -> bytes:
    """A table as CSV with its print on top."""
    text = io.StringIO()
    lines = [f"# {key}: {value}" for key, value in print_.items()]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [f"# The table begins in line {len(lines) + 2}; skip the {len(lines) + 1} lines before it."]
    )
    writer.writerows([line] for line in lines)
    safe = table.rename(columns=defused)
    for column in safe.columns:
        if safe[column].dtype == object or isinstance(safe[column].dtype, pd.StringDtype):
            safe[column] = safe[column].map(defused, na_action="ignore")
    safe.to_csv(text, index=False, lineterminator="\n", date_format="%Y-%m-%d %H:%M:%S")
    return text.getvalue().encode("utf-8-sig")


def parquet_bytes(table: pd.DataFrame, print_: About) -> bytes:
    """A table as Parquet with its print in the metadata key `about`; text stays as it was typed."""
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    arrow = arrow.replace_schema_metadata(
        {**(arrow.schema.metadata or {}), b"about": json.dumps(print_).encode()}
    )
    held = io.BytesIO()
    pq.write_table(arrow, held)
    return held.getvalue()


def defused(text: object) -> object:
    """Text that a spreadsheet shows instead of running it."""
    return f"'{text}" if isinstance(text, str) and text.startswith(FORMULA) else text
