"""How people and model decide together: who was right, who followed whom, and what that was worth.

H is the first call, M the recommendation, T the final decision. RAIR and RSR: Schemmer et al. 2023. All
over resolved rows that have the three calls, unless the name ends in `_all`: those take every resolved row
that has the respective call, one a decision, so that the three speak about the same mix of cases; where
several people judged a case, the intervals count it once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports import agreement, worth
from rhml.reports.calls import Calls
from rhml.stats.intervals import correlation, share
from rhml.stats.measure import Measure
from rhml.stats.paired import gap, smaller

BOTH = 0.975


@dataclass(frozen=True)
class Reliance:
    """Every measure of deciding together; fractions, except costs, which are in `unit`."""

    decisions: int
    resolved: int
    with_both_calls: int
    human: Measure
    model: Measure
    team: Measure
    oracle: Measure
    complementarity: Measure
    team_minus_human: Measure
    team_minus_model: Measure
    headroom: Measure
    rair: Measure
    rsr: Measure
    switch_fraction: Measure
    weight_of_advice: Measure
    error_correlation: Measure
    override_precision: Measure
    override_precision_all: Measure
    human_all: Measure
    model_all: Measure
    team_all: Measure
    agreement_first: Measure
    agreement_final: Measure
    breakdown: dict[str, Measure]
    human_cost: Measure
    model_cost: Measure
    team_cost: Measure
    override_value: Measure
    unit: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, in the order above."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}


def reliance(
    decisions: pd.DataFrame, *, domain: DecisionDomain, seed: int, calls: Calls | None = None
) -> Reliance:
    """All measures of the decisions given; one that cannot be known carries the reason instead.

    The seed draws the resampled cases behind the intervals of costs; nothing else needs chance. calls: of the
    decisions, where they are read already.
    """
    calls = calls or Calls.of(decisions, domain)
    judged, why = calls.judged()
    measures = _unknown(why) if why else {**_together(calls, judged), **_apart(calls, judged)}
    return Reliance(
        decisions=int((calls.final >= 0).sum()),
        resolved=int(calls.resolved.sum()),
        with_both_calls=int((calls.three & calls.resolved).sum()),
        **measures,
        **agreement.measures(calls),
        **worth.measures(calls, judged, why, seed=seed),
    )


def _together(calls: Calls, judged: np.ndarray) -> dict[str, object]:
    """The measures over rows with all three calls.

    How people relied is told of what was shown; how often the model is right of what it held likeliest.
    """
    core = judged & calls.three
    h, t, m = calls.hits("first")[core], calls.hits("final")[core], calls.credited.hits("recommended")[core]
    shown = calls.hits("recommended")[core]
    sample, cases = calls.sample(core), calls.sample(core, managers=False)
    differed = (calls.final != calls.recommended)[core]
    return {
        "human": share(h, sample),
        "model": share(m, cases),
        "team": share(t, sample),
        "oracle": share(h | m, sample),
        "complementarity": smaller(_gap(t, h, sample, BOTH), _gap(t, m, sample, BOTH)),
        "team_minus_human": _gap(t, h, sample),
        "team_minus_model": _gap(t, m, sample),
        "headroom": smaller(share(m & ~h, sample, level=BOTH), share(h & ~m, sample, level=BOTH)),
        "rair": share(t, sample, among=~h & shown),
        "rsr": share(t, sample, among=h & ~shown),
        "error_correlation": correlation(~h, ~m, sample),
        "override_precision": share(t, sample, among=differed),
        "breakdown": {
            "gained by following": share(~h & shown & t, sample),
            "gained against both": share(~h & ~shown & t, sample),
            "lost by following": share(h & ~shown & ~t, sample),
            "lost against both": share(h & shown & ~t, sample),
        },
    }


def _apart(calls: Calls, judged: np.ndarray) -> dict[str, Measure]:
    """Each one's share right over all rows that have the call."""
    found = {}
    for name, call in (("human_all", "first"), ("model_all", "recommended"), ("team_all", "final")):
        keep = judged & (getattr(calls, call) >= 0)
        hits = calls.credited.hits(call)[keep]
        found[name] = share(hits, calls.sample(keep, managers=call != "recommended"))
    keep = judged & calls.overridden
    found["override_precision_all"] = share(calls.hits("final")[keep], calls.sample(keep))
    return found


def _gap(first, second, sample, level: float = 0.95) -> Measure:
    return gap(first.astype(float) - second, sample, binary=True, level=level)


def _unknown(why: str) -> dict[str, object]:
    names = ("human", "model", "team", "oracle", "complementarity", "team_minus_human", "team_minus_model",
             "headroom", "rair", "rsr", "error_correlation", "override_precision", "override_precision_all",
             "human_all", "model_all", "team_all")  # fmt: skip
    return {**dict.fromkeys(names, Measure.unknown(why)), "breakdown": {}}


def _plain(value: object) -> object:
    if isinstance(value, Measure):
        return value.as_dict()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
