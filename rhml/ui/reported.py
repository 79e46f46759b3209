"""The report and its parts, kept for as long as the log and the domain file stand as they do."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.loop.asked import Asked
from rhml.loop.report import Part
from rhml.loop.report import part as compute_part
from rhml.loop.report import report as compute_report
from rhml.reports.report import Report
from rhml.store import frames, organization
from rhml.ui import resources


@st.cache_data(max_entries=32, show_spinner="Computing the report …")
def _report(address: str, name: str, counter: int, since: Any, until: Any, segment: Any) -> Report:
    opened = resources.log_at(address)
    return compute_report(
        opened, organization.domain(opened, name), since=since, until=until, segment=segment, parts=()
    )


def report(name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Report:
    """The findings of a domain as the log stands, for a span of time and a segment."""
    counter = frames.counter(resources.store(), resources.domain(name))
    return _report(resources.url(), name, counter, since, until, segment)


@st.cache_data(max_entries=64, show_spinner="Computing …")
def _part(
    address: str, name: str, counter: int, text: str, which: str, since: Any, until: Any, segment: Any
) -> Part:
    opened = resources.log_at(address)
    asked = Asked(opened, organization.domain(opened, name), since, until, segment)
    return compute_part(which, asked)


def part(which: str, name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Part:
    """One further part of a domain's report, by its name in `loop.report.PARTS`, as the log and the domain file stand."""
    of = resources.domain(name)
    counter = frames.counter(resources.store(), of)
    return _part(resources.url(), name, counter, of.text, which, since, until, segment)
