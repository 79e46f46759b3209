"""A report ready to leave the app: gathered from the log, printed by the press."""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.loop.report import report
from rhml.loop.steps import Progress, silent
from rhml.printed.edition import Edition
from rhml.printed.edition import edition as printed
from rhml.store.engine import Store


def edition(
    store: Store,
    domain: DecisionDomain,
    *,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
    progress: Progress = silent,
) -> Edition:
    """The whole report with all its parts, of a span of time and a segment; `at` is what it says of when it was made."""
    return printed(
        report(store, domain, since=since, until=until, segment=segment, progress=progress), domain, at=at
    )
