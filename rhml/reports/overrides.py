"""What the overrides came to: how many, by whom, why, and whether they were worth it.

An override is a decision that differs from the recommendation shown. Its outcome may be known (rescued,
spoiled, both wrong), not known yet, or never knowable because it would have shown only after another
decision. A high rate is not bad in itself: judge by outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.reports import worth
from rhml.reports.calls import Calls
from rhml.stats.bands import MISSING, month_names, segment_names
from rhml.stats.intervals import share
from rhml.stats.measure import Measure

DIMENSIONS = ("manager", "reason", "direction", "period", "verdict", "mode", "model_version")
OF_OVERRIDES_ONLY = ("reason", "direction", "verdict")
DIRECTIONS = {1: "high-side", 0: "no direction", -1: "low-side"}


@dataclass(frozen=True)
class Overrides:
    """The overrides of one kind: counts, rate among recommendations shown, share right, net value."""

    by: str
    name: str
    advised: int
    overridden: int
    rate: Measure
    words: str
    rescued: int
    spoiled: int
    both_wrong: int
    not_yet_known: int
    cannot_be_known: int
    precision: Measure
    value: Measure
    unit: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v.as_dict() if isinstance(v, Measure) else v for k, v in values.items()}


def overrides(
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    by: str | None = None,
    seed: int = 0,
    calls: Calls | None = None,
) -> list[Overrides]:
    """The overrides, all together (`by` None: one entry) or by a dimension, most overrides first.

    by: a segment column, or one of manager, reason, direction, period, verdict, mode, model_version. calls: of the
    decisions, where they are read already.
    """
    calls = calls or Calls.of(decisions, domain)
    judged, why = calls.judged()
    advised = (calls.final >= 0) & (calls.recommended >= 0)
    if by is None:
        return [_entry(calls, "all", "all", judged, why, seed)]
    rows = np.flatnonzero(calls.overridden if by in OF_OVERRIDES_ONLY else advised)
    names, some = dimension(decisions.take(rows), by, domain), calls.take(rows)
    parts = some.split(names, np.ones(len(rows), bool))
    entries = [_entry(some.take(at), by, n, judged[rows][at], why, seed) for n, at in parts]
    return sorted(entries, key=lambda entry: (-entry.overridden, entry.name))


def dimension(decisions: pd.DataFrame, by: str, domain: DecisionDomain) -> pd.Series:
    """The name of each row in a dimension; RhmlError where there is no such dimension."""
    if by in domain.segment_columns:
        return segment_names(decisions, by, domain)
    if by not in DIMENSIONS:
        raise RhmlError(f"{by!r} is no dimension. Choose one of: {', '.join(dimensions(domain))}.")
    if by == "period":
        return month_names(decisions["decided_at"])
    if by == "direction":
        return decisions["direction"].fillna(0).astype(int).map(DIRECTIONS).astype(object)
    unresolved = "not yet known" if domain.outcome else "cannot be known"
    missing = unresolved if by == "verdict" else MISSING
    column = decisions[by].astype(object)
    return column.where(column.notna(), missing)


def dimensions(domain: DecisionDomain) -> tuple[str, ...]:
    """By what the overrides of a domain may be split."""
    return domain.segment_columns + DIMENSIONS


def rate_in_words(rate: Measure, domain: DecisionDomain, by: str = "all") -> str:
    """Where a rate stands against the limits for its dimension, saying no more than its interval allows."""
    if not rate.known:
        return rate.why
    limit = domain.override.limit(by)
    look, act = limit.look_above, limit.act_above
    if rate.low > act:
        return f"above {act * 100:.0f} %: act, after a look at the outcomes"
    if rate.low > look:
        return f"above {look * 100:.0f} %: worth a look"
    if rate.high <= look:
        return f"within {look * 100:.0f} %"
    return f"not enough data yet to tell whether it is above {look * 100:.0f} %"


def _entry(calls: Calls, by: str, name: str, judged: np.ndarray, why: str, seed: int) -> Overrides:
    advised, overridden = (calls.final >= 0) & (calls.recommended >= 0), calls.overridden
    if by in OF_OVERRIDES_ONLY:
        rate = Measure.unknown("Only overrides have this; see the counts.", int(advised.sum()))
    else:
        rate = share(calls.overridden[advised], calls.sample(advised, managers=False))
    known = overridden & judged
    right = calls.hits("final")[known]
    return Overrides(
        by,
        name,
        advised=int(advised.sum()),
        overridden=int(overridden.sum()),
        rate=rate,
        words=rate_in_words(rate, calls.domain, by),
        **_counts(calls, overridden),
        precision=Measure.unknown(why) if why else share(right, calls.sample(known)),
        value=Measure.unknown(why) if why else worth.net(calls, known, seed=seed),
        unit=worth.unit(calls),
    )


def _counts(calls: Calls, overridden: np.ndarray) -> dict[str, int]:
    verdicts = calls.column("verdict").to_numpy(object)[overridden]
    never = overridden & ~calls.resolved & calls.never_seen
    return {
        "rescued": int((verdicts == "rescued").sum()),
        "spoiled": int((verdicts == "spoiled").sum()),
        "both_wrong": int((verdicts == "both wrong").sum()),
        "not_yet_known": int((overridden & ~calls.resolved & ~never).sum()),
        "cannot_be_known": int(never.sum()),
    }
