"""The report and its parts, kept for as long as the log and the domain file stand as they do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.loop.asked import Asked
from rhml.loop.behind import Behind
from rhml.loop.behind import behind as compute_behind
from rhml.loop.report import Part, part_on, report_on
from rhml.reports.report import Report
from rhml.store import frames, organization
from rhml.ui import resources, watched_work


# One at a time: a long log is large, and the findings themselves are kept below.
@st.cache_resource(max_entries=1, show_spinner=False)
def _asked(address: str, name: str, counter: int, text: str, since: Any, until: Any, segment: Any) -> Asked:
    opened = resources.log_at(address)
    return Asked(opened, organization.domain(opened, name), since, until, segment)


@st.cache_data(max_entries=32, show_spinner=False)
def _report(
    address: str, name: str, counter: int, text: str, since: Any, until: Any, segment: Any, _place: Any
) -> Report:
    asked = _asked(address, name, counter, text, since, until, segment)
    return watched_work.shown(lambda tell: report_on(asked, parts=(), progress=tell), _place)


def report(name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Report:
    """The findings of a domain as the log stands, for a span of time and a segment."""
    with watched_work.place() as place:
        return _report(*_stand(name), since, until, segment, place)


@st.cache_data(max_entries=4, show_spinner=False)
def _whole(address: str, name: str, counter: int, text: str, since: Any, until: Any, segment: Any) -> Report:
    return report_on(_asked(address, name, counter, text, since, until, segment))


def whole(name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Report:
    """The report with all its parts, for files; asked for beside the page, so that nothing is drawn meanwhile."""
    return _whole(*_stand(name), since, until, segment)


@st.cache_data(max_entries=64, show_spinner=False)
def _part(
    address: str, name: str, counter: int, text: str, which: str, since: Any, until: Any, segment: Any,
    _place: Any,
) -> Part:  # fmt: skip
    asked = _asked(address, name, counter, text, since, until, segment)
    return watched_work.shown(lambda tell: part_on(which, asked, progress=tell), _place)


def part(which: str, name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Part:
    """One further part of a domain's report, by its name in `loop.report.PARTS`, as the log and the domain file stand."""
    with watched_work.place() as place:
        return _part(*_stand(name), which, since, until, segment, place)


@st.cache_data(max_entries=8, show_spinner="Looking up the cases …")
def _behind(
    address: str, name: str, counter: int, text: str, key: str, since: Any, until: Any, segment: Any
) -> Behind:
    return compute_behind(_asked(address, name, counter, text, since, until, segment), key)


def behind(key: str, name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Behind:
    """The cases behind a number of the report, by their key (`loop.behind`)."""
    return _behind(*_stand(name), key, since, until, segment)


def _stand(name: str) -> tuple[str, str, int, str]:
    """What everything kept here is kept by: the log, the domain, the newest fact and the domain's file."""
    of = resources.domain(name)
    return resources.url(), name, frames.counter(resources.store(), of), of.text
