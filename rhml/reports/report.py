"""The whole report: where people, model and team stand, and what the overrides were worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.reports.calls import Calls
from rhml.reports.improvement import Improvement, improvement
from rhml.reports.overrides import Overrides, overrides
from rhml.reports.reliance import Reliance, reliance
from rhml.reports.segments import Segment, by_segment
from rhml.stats.bands import segment_names

SPEAKS_FOR = (
    "95 % intervals, for these managers: the cases vary, the managers are those in the log; several "
    "decisions on one case count as one case."
)


@dataclass(frozen=True)
class Report:
    """Everything a reader of `report` gets, with the filters it was made under."""

    domain: str
    since: datetime | None
    until: datetime | None
    segment: tuple[str, str] | None
    reliance: Reliance
    improvement: Improvement
    segments: tuple[Segment, ...]
    overrides: tuple[Overrides, ...]
    override_splits: dict[str, tuple[Overrides, ...]]
    alarms: tuple[dict[str, object], ...] = ()
    skill: dict[str, object] | None = None
    parts: dict[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The keys of `report --json`: JSON takes every value, and what is unknown is null with its why."""
        [total] = self.overrides
        return {
            "domain": self.domain,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "segment": "=".join(self.segment) if self.segment else None,
            "intervals": SPEAKS_FOR,
            **self.reliance.as_dict(),
            "improvement": self.improvement.as_dict(),
            "segments": [segment.as_dict() for segment in self.segments],
            "overrides": {
                **total.as_dict(),
                **{f"by_{by}": [e.as_dict() for e in split] for by, split in self.override_splits.items()},
            },
            "alarms": list(self.alarms),
            "skill": self.skill,
            **{name: part.as_dict() for name, part in self.parts.items()},
        }


def report(
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
    model_scores: pd.DataFrame | None = None,
    difficulty: pd.DataFrame | None = None,
    calls: Calls | None = None,
) -> Report:
    """The report on decisions made from `since` on and before `until`, in one segment or in all.

    segment: column and name, as the report itself names segments. RhmlError where there is none of that name. calls:
    of the decisions asked for, where they are read already.
    """
    if calls is None:
        kept = asked_for(decisions, domain=domain, since=since, until=until, segment=segment)
        calls = Calls.of(kept, domain)
    kept, given = calls.frame, {"domain": domain, "seed": seed}
    return Report(
        domain.name,
        since,
        until,
        segment,
        reliance(kept, calls=calls, **given),
        improvement(kept, model_scores=model_scores, difficulty=difficulty, calls=calls.credited, **given),
        tuple(by_segment(kept, calls=calls, **given)),
        tuple(overrides(kept, calls=calls, **given)),
        {by: tuple(overrides(kept, by=by, calls=calls, **given)) for by in ("reason", "direction")},
    )


def asked_for(
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    since: datetime | None = None,
    until: datetime | None = None,
    segment: tuple[str, str] | None = None,
) -> pd.DataFrame:
    """The decisions of a span of time and one segment, or of all; RhmlError where there is no such segment."""
    kept = _between(decisions, since, until)
    kept = kept if segment is None else _in_segment(kept, *segment, domain, every=decisions)
    return kept.reset_index(drop=True)


def _between(decisions: pd.DataFrame, since: datetime | None, until: datetime | None) -> pd.DataFrame:
    """Decisions without a time are in no period: they stay only where none is asked for."""
    if since is None and until is None:
        return decisions
    times = pd.to_datetime(decisions["decided_at"])
    keep = pd.Series(True, index=decisions.index)
    if since is not None:
        keep &= times >= since
    if until is not None:
        keep &= times < until
    return decisions[keep]


def _in_segment(
    decisions: pd.DataFrame, column: str, name: str, domain: DecisionDomain, *, every: pd.DataFrame
) -> pd.DataFrame:
    if column not in domain.segment_columns:
        known = ", ".join(domain.segment_columns) or "none; the domain file lists no segments"
        raise RhmlError(f"{column!r} is no segment of {domain.title}. Segments: {known}.")
    names = segment_names(decisions, column, domain).astype(str)
    if not (names == name).any():
        # The bands of a number in the whole log are not those of a span: both names may be asked for.
        whole = segment_names(every, column, domain).astype(str).reindex(decisions.index)
        if not (whole == name).any():
            known = ", ".join(sorted(names.unique()))
            raise RhmlError(f"No decision is in {column} = {name!r}. There are: {known or 'no decisions'}.")
        names = whole
    return decisions[names == name]
