"""What settled conflicts came to: how often the decision stood, and, once outcomes are known, who proved right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.governance import OTHER, SENT_BACK, STANDS
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample


@dataclass(frozen=True)
class Conflicts:
    """Settled conflicts in counts, the share whose decision stood, and the shares that proved right on the same cases.

    `judged` are those whose outcome is known and may speak; `why` says why none may.
    """

    settled: int
    stood: Measure
    replaced: int
    sent_back: int
    judged: int
    settlement_right: Measure
    decision_right: Measure
    model_right: Measure
    why: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {k: v.as_dict() if isinstance(v, Measure) else v for k, v in vars(self).items()}


def conflicts(settled: pd.DataFrame, domain: DecisionDomain) -> Conflicts:
    """Over settled conflicts, one row each: result, decided, recommended, settled_on, right_action, explore, case_id.

    Where the action decides whether an outcome is seen, only cases drawn for exploration may speak: elsewhere what was
    settled would choose which outcomes are looked at.
    """
    result = settled["result"].to_numpy(object)
    ended = result != SENT_BACK
    sample = Sample.of(settled["case_id"].to_numpy(object))
    judged, why = _judged(settled, domain)

    def right(column: str) -> Measure:
        if why:
            return Measure.unknown(why)
        named = judged & settled[column].notna().to_numpy()
        hits = (settled[column].astype(object) == settled["right_action"].astype(object)).to_numpy(bool)
        return share(hits, sample, among=named)

    return Conflicts(
        settled=len(settled),
        stood=share(result == STANDS, sample, among=ended),
        replaced=int((result == OTHER).sum()),
        sent_back=int((~ended).sum()),
        judged=int(judged.sum()),
        settlement_right=right("settled_on"),
        decision_right=right("decided"),
        model_right=right("recommended"),
        why=why,
    )


def _judged(settled: pd.DataFrame, domain: DecisionDomain) -> tuple[np.ndarray, str]:
    """Settled conflicts whose outcome is known and would have been seen whatever was settled."""
    if domain.outcome is None:
        return np.zeros(len(settled), bool), NO_OUTCOMES
    known = (settled["right_action"].notna() & settled["settled_on"].notna()).to_numpy(bool)
    if not domain.selective:
        return known, ""
    known = known & settled["explore"].fillna(False).to_numpy(bool)
    return known, "" if known.any() else SELECTIVE
