"""What every report says about itself: what it covers, when and from what it was made, and how to make it again."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import datetime, timedelta

from rhml.core.domain import DecisionDomain
from rhml.printed.numbers import day_in_print
from rhml.reports.fingerprint import Fingerprint
from rhml.reports.report import Report


@dataclass(frozen=True)
class About:
    """A report's print: every file made of it carries this."""

    title: str
    filters: str
    rows: str
    versions: tuple[str, ...]
    made: datetime
    product: str
    repeat: str
    fingerprint: Fingerprint

    def as_dict(self) -> dict[str, str]:
        """Plain values for JSON and for print, in reading order."""
        return {
            "title": self.title,
            "filters": self.filters,
            "rows": self.rows,
            "model versions": ", ".join(self.versions) or "none",
            "made": f"{self.made:%Y-%m-%d %H:%M} UTC",
            "product": self.product,
            "repeat": self.repeat,
        }


def covered(report: Report, domain: DecisionDomain) -> str:
    """The filters in a sentence, with days in UTC."""
    parts = []
    if report.segment:
        column, name = report.segment
        parts.append(f"{domain.feature(column).label or column}: {name}")
    if report.since or report.until:
        first = day_in_print(report.since) if report.since else "the beginning"
        last = day_in_print(report.until - timedelta(seconds=1)) if report.until else "today"
        parts.insert(0, f"{first} to {last}")
    return "; ".join(parts) or "everything in the log"


def command(report: Report) -> str:
    """The command that makes the same report of the same log."""
    options = []
    if report.since:
        options += ["--since", _moment(report.since)]
    if report.until:
        options += ["--until", _last(report.until)]
    if report.segment:
        options += ["--segment", "=".join(report.segment)]
    return shlex.join(["python", "-m", "rhml", "report", report.domain, *options, "--html", "report.html"])


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d}" if at.time() == datetime.min.time() else f"{at:%Y-%m-%dT%H:%M:%S}"


def _last(until: datetime) -> str:
    """The last day, which the command takes as a whole, or the moment itself."""
    return f"{until - timedelta(days=1):%Y-%m-%d}" if until.time() == datetime.min.time() else _moment(until)
