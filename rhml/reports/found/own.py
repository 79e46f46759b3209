"""The domain's own segments, measured as the found ones are, so that one map holds both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.found.groups import Group
from rhml.reports.found.told import Told, told
from rhml.stats.bands import segment_names


@dataclass(frozen=True)
class OwnSegment:
    """One segment that the domain file names, and how people and model do there, over all judged cases."""

    column: str
    segment: str
    told: Told

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"column": self.column, "segment": self.segment, **self.told.as_dict()}


def own_segments(calls: Calls, group: Group, costs: dict[str, np.ndarray]) -> tuple[OwnSegment, ...]:
    """Each segment of each column that is not protected, the largest first within a column."""
    found = []
    for column in calls.domain.segments.columns:
        if column not in calls.rows or column in calls.domain.segments.protected:
            continue
        rows = calls.rows[[column]].iloc[group.rows]
        codes, names = pd.factorize(segment_names(rows, column, calls.domain))
        sizes = np.bincount(codes, minlength=len(names))
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(sizes)
        for k in np.argsort(-sizes, kind="stable"):
            at = order[ends[k] - sizes[k] : ends[k]]
            found.append(OwnSegment(column, str(names[k]), told(calls, group, at, costs)))
    return tuple(found)
