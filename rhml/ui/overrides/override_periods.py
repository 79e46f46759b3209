"""The two periods that a reader compares, by months that the URL keeps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from rhml.loop.looked_at import month_start
from rhml.store.explorer import Filters
from rhml.ui import measured

MOST_MONTHS = 6


@dataclass(frozen=True)
class Period:
    """From one month up to and including another."""

    first: str
    last: str

    @property
    def months(self) -> int:
        """How many months it spans."""
        (a, b), (c, d) = ((int(month[:4]), int(month[5:])) for month in (self.first, self.last))
        return (c - a) * 12 + d - b + 1

    @property
    def said(self) -> str:
        """The period as people write it."""
        first, last = measured.period(self.first), measured.period(self.last)
        return first if first == last else f"{first} to {last}"

    def lasted(self, first: datetime | None, last: datetime | None) -> float:
        """How many months of it lie between the log's first and last decision: one begun or half told counts in part."""
        covered = 0.0
        for later in range(self.months):
            start, end = month_start(self.first, later), month_start(self.first, later + 1)
            inside = min(end, last or end) - max(start, first or start)
            covered += max(inside / (end - start), 0.0)
        return max(covered, 1 / 31)

    def of(self, looked_at: Filters) -> Filters:
        """The same filters in this period alone."""
        return replace(looked_at, since=month_start(self.first, 0), until=month_start(self.last, 1))


def within(months: list[str], looked_at: Filters) -> list[str]:
    """The months that the filters leave, the earliest first."""
    chosen = dict(looked_at.chosen).get("period", months)
    return [
        month
        for month in sorted(months)
        if month in chosen
        and (looked_at.since is None or month_start(month, 1) > looked_at.since)
        and (looked_at.until is None or month_start(month, 0) < looked_at.until)
    ]


def periods(months: list[str]) -> tuple[Period, Period]:
    """The two periods of the address; else the latest months and as many before them."""
    half = min(len(months) // 2, MOST_MONTHS)
    places = {"earlier_from": -2 * half, "earlier_to": -half - 1, "later_from": -half, "later_to": -1}
    names = ("Earlier: from", "up to", "Later: from", "up to")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = [
            st.selectbox(name, months, index=len(months) + place, key=key, bind="query-params", width=150)
            for name, (key, place) in zip(names, places.items(), strict=True)
        ]
    return Period(*picked[:2]), Period(*picked[2:])
