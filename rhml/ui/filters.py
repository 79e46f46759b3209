"""What is looked at: a span of months in the reader's own time zone and a segment, both kept in the URL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.ui import computed, words

Times = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Span:
    """From which moment, before which one, and in which segment (column and name); None where no limit is set."""

    since: datetime | None = None
    until: datetime | None = None
    segment: tuple[str, str] | None = None

    @property
    def dated(self) -> bool:
        """Whether a first or a last month was chosen."""
        return self.since is not None or self.until is not None

    def said(self, domain: DecisionDomain) -> str:
        """The filters in a sentence, for a page and for print."""
        return said(self.since, self.until, segment_said(self.segment, domain))


def bar() -> DeltaGenerator:
    """The row that filters stand in; it wraps on a narrow screen."""
    return st.container(horizontal=True, vertical_alignment="bottom", key="filters")


def span(domain: DecisionDomain, zone: tzinfo | None = None) -> Times:
    """From which moment and before which one, naive UTC; None where the reader set no limit.

    Whole months, as empty date fields cannot be read aloud by screen readers (they lack a value); the reader's own
    where no `zone` is given.
    """
    months = computed.months(domain.name)
    since = _month("From", months, "since")
    until = _month("Up to and including", months, "until")
    if since and until and since > until:
        raise RhmlError("The first month is after the last one. Change one of the two.")
    zone = zone or words.zone()
    return (_start(since, zone) if since else None, _start(_next(until), zone) if until else None)


def _month(name: str, months: list[str], key: str) -> str | None:
    # Unformatted on purpose: the URL holds what the list shows, and a link must open in every locale.
    return st.selectbox(name, months, index=None, key=key, bind="query-params", placeholder="Any month",
                        width=176)  # fmt: skip


def chosen(domain: DecisionDomain) -> Span:
    """The months and the segment that the reader looks at, from widgets that the URL keeps."""
    with st.popover("Filter", icon=":material/filter_list:", key="filters"):
        since, until = span(domain)
        return Span(since, until, segment(domain))


def looking_at(found: Span, domain: DecisionDomain) -> None:
    """The filters in words, which the popover hides, and the way back to everything."""
    if found != Span():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"Looking at: {words.plain(found.said(domain))}.", width="content")
            st.button("Clear filters", key="clear", icon=":material/filter_list_off:", on_click=_clear)


def _clear() -> None:
    st.session_state.update({"since": None, "until": None, "segment": None})


def segment(domain: DecisionDomain) -> tuple[str, str] | None:
    """The segment to look at, of those that occur in the log; None for all."""
    labels = {
        f"{column}={name}": f"{label(domain, column)}: {name}"
        for column, names in computed.segment_names(domain.name).items()
        for name in names
    }
    if not labels:
        return None
    wanted = st.selectbox("Segment", list(labels), index=None, key="segment", bind="query-params", width=260,
                          placeholder="All", format_func=labels.get)  # fmt: skip
    column, _, name = (wanted or "").partition("=")
    return (column, name) if wanted else None


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


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02}"


def _start(month: str, zone: tzinfo) -> datetime:
    first = datetime(int(month[:4]), int(month[5:]), 1, tzinfo=zone)
    return first.astimezone(UTC).replace(tzinfo=None)
