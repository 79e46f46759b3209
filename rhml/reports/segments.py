"""Where people, model and team stand in each segment, and where people help or harm beyond chance."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports import worth
from rhml.reports.calls import Calls
from rhml.stats.bands import segment_names
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.paired import gap

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Segment:
    """One segment: counts, who was right how often there, and what the final decisions add to the model.

    resolved: rows whose outcome is known; judged: those of them that may speak about right and wrong.
    """

    column: str
    segment: str
    decisions: int
    resolved: int
    judged: int
    human: Measure
    model: Measure
    team: Measure
    team_minus_model: Measure
    override_value: Measure
    adjusted_p: float | None = None
    words: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {k: v.as_dict() if isinstance(v, Measure) else v for k, v in values.items()}


def by_segment(
    decisions: pd.DataFrame, *, domain: DecisionDomain, seed: int, calls: Calls | None = None
) -> list[Segment]:
    """Every segment of every segment column, the largest first within a column.

    `team_minus_model` compares final decision and recommendation on the same rows; its words are tested
    over all segments together (Benjamini–Hochberg). `override_value` is rescued − spoiled in the domain's
    unit; the seed draws the resampled cases behind its interval. calls: of the decisions, where read already.
    """
    calls = calls or Calls.of(decisions, domain)
    judged, why = calls.judged()
    own, found = calls.credited, []
    for column in domain.segment_columns:
        parts = calls.split(segment_names(decisions, column, domain), np.ones(len(calls), bool))
        for name, rows in sorted(parts, key=lambda part: -len(part[1])):
            found.append(_segment(calls.take(rows), own.take(rows), column, name, judged[rows], why, seed))
    return _tested(found)


def _segment(
    calls: Calls, own: Calls, column: str, name: str, keep: np.ndarray, why: str, seed: int
) -> Segment:
    """`own`: the same decisions with what the model held likeliest."""
    sides = {
        side: Measure.unknown(why) if why else _right(own, call, keep)
        for side, call in (("human", "first"), ("model", "recommended"), ("team", "final"))
    }
    both = keep & (calls.final >= 0) & (calls.recommended >= 0)
    scores = calls.hits("final")[both].astype(float) - own.hits("recommended")[both]
    added = Measure.unknown(why) if why else gap(scores, calls.sample(both), binary=True)
    decided = int((calls.final >= 0).sum())
    value = Measure.unknown(why) if why else worth.net(calls, keep & calls.overridden, seed=seed)
    return Segment(column, name, decided, int(calls.resolved.sum()), int(keep.sum()), **sides,
                   team_minus_model=added, override_value=value)  # fmt: skip


def _right(calls: Calls, call: str, keep: np.ndarray) -> Measure:
    keep = keep & (getattr(calls, call) >= 0)
    return share(calls.hits(call)[keep], calls.sample(keep, managers=call != "recommended"))


def _tested(found: list[Segment]) -> list[Segment]:
    adjusted = benjamini_hochberg([p_value(s.team_minus_model) for s in found])
    return [
        Segment(**{f.name: getattr(s, f.name) for f in fields(s) if f.name not in ("adjusted_p", "words")},
                adjusted_p=None if np.isnan(p) else float(p), words=_words(s.team_minus_model, p))
        for s, p in zip(found, adjusted, strict=True)
    ]  # fmt: skip


def _words(added: Measure, p: float) -> str:
    if not added.known:
        return added.why
    if p >= FALSE_DISCOVERIES:
        return "no difference shown between decisions and recommendations"
    return "decisions beat recommendations" if added.value > 0 else "recommendations beat decisions"
