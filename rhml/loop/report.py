"""The findings of a domain: gather its decisions, compute, hand over; a page or the command line shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop.alarms import alarms
from rhml.loop.skill import difficulty, skill
from rhml.reports.report import Report, asked_for
from rhml.reports.report import report as compute
from rhml.store import frames
from rhml.store.engine import Store


def report(
    store: Store,
    domain: DecisionDomain,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
    seed: int = 7,
) -> Report:
    """Where people, model and team stand, of the decisions in a span of time and one segment."""
    if segment and segment[0] not in domain.segment_columns:
        known = ", ".join(domain.segment_columns) or "none"
        raise RhmlError(f"{segment[0]!r} is no segment of {domain.title}. Segments: {known}.")
    decisions: pd.DataFrame = frames.decided(store, domain)
    asked = {"since": since, "until": until, "segment": segment}
    kept = asked_for(decisions, domain=domain, **asked)
    hard = difficulty(store, domain, kept, seed=seed)
    found = compute(decisions, domain=domain, seed=seed, difficulty=hard, **asked)
    found = replace(found, skill=skill(store, domain, kept, hard=hard, seed=seed).as_dict())
    # An alarm is about the whole course of the log, whatever part of it is being read.
    return replace(found, alarms=tuple(one.as_dict() for one in alarms(store, domain, decisions)))
