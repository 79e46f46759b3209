"""What is looked at: a span of days in the reader's own time zone and a segment, both kept in the URL."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.reports.report import Report
from rhml.ui import words

Span = tuple[datetime | None, datetime | None]


def bar() -> DeltaGenerator:
    """The row that filters stand in; it wraps on a narrow screen."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="filters")


def span() -> Span:
    """From which moment and before which one, naive UTC; None where the reader set no limit."""
    since = st.date_input("From", value=None, key="since", bind="query-params")
    until = st.date_input("Up to and including", value=None, key="until", bind="query-params")
    if since and until and since > until:
        raise RhmlError("The first day is after the last one. Change one of the two dates.")
    return (_midnight(since) if since else None, _midnight(until + timedelta(days=1)) if until else None)


def segment(whole: Report, domain: DecisionDomain) -> tuple[str, str] | None:
    """The segment to look at, of those that occur in the span; None for all."""
    options = [f"{s.column}={s.segment}" for s in whole.segments]
    if not options:
        return None
    labels = {f"{s.column}={s.segment}": f"{label(domain, s.column)}: {s.segment}" for s in whole.segments}
    chosen = st.selectbox("Segment", options, index=None, key="segment", bind="query-params",
                          placeholder="All", format_func=labels.get)  # fmt: skip
    column, _, name = (chosen or "").partition("=")
    return (column, name) if chosen else None


def segment_said(chosen: tuple[str, str] | None, domain: DecisionDomain) -> list[str]:
    """The chosen segment in words; nothing where all are looked at."""
    return [f"{label(domain, chosen[0])}: {chosen[1]}"] if chosen else []


def label(domain: DecisionDomain, column: str) -> str:
    """What people call a column."""
    return domain.feature(column).label or column


def said(since: datetime | None, until: datetime | None, chosen: list[str]) -> str:
    """The filters in a sentence, for a page and for print."""
    parts = list(chosen)
    if since or until:
        last = words.day(until - timedelta(seconds=1)) if until else "today"
        parts.insert(0, f"{words.day(since) if since else 'the beginning'} to {last}")
    return "; ".join(parts) or "everything in the log"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, words.zone()).astimezone(UTC).replace(tzinfo=None)
