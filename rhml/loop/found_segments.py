"""Segments that nobody named beforehand: gather decisions and the features of their cases, search, ask, hand over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rhml.errors import RhmlError
from rhml.loop.asked import Asked
from rhml.reports import found_segments as findings
from rhml.reports.found.result import FoundSegment, FoundSegments
from rhml.stats.rules.rule import Condition, Rule
from rhml.store import rules


class FromLog:
    """Features as the frame of decisions holds them; those that it does not hold (dates) are asked of the log."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        names = [f.name for f in asked.domain.features if f.kind != "text"]
        self.held = [name for name in names if name in asked.kept]
        self.complete = len(self.held) == len(names)
        self.known: dict[Condition, np.ndarray] = {}

    def of(self, rows: np.ndarray) -> pd.DataFrame:
        """The features of the cases of some decisions, row by row."""
        found = self.asked.kept[self.held].iloc[rows].reset_index(drop=True)
        if self.complete:
            return found
        wanted = self.asked.kept["case_id"].iloc[rows]
        read = rules.facts(self.asked.store, self.asked.domain, list(pd.unique(wanted)))
        read = read.iloc[pd.Index(read["case_id"]).get_indexer(wanted)].reset_index(drop=True)
        return pd.concat([found, read.drop(columns=["case_id", *self.held])], axis=1)

    def covered(self, several: Sequence[Rule]) -> np.ndarray:
        """For each rule and each decision whether its case meets the rule."""
        met = np.ones((len(several), len(self.asked.kept)), bool)
        for inside, rule in zip(met, several, strict=True):
            for condition in rule.conditions:
                if condition.feature in self.held:
                    inside &= self._holds(condition)
        apart = [Rule(tuple(c for c in r.conditions if c.feature not in self.held)) for r in several]
        if any(rule.conditions for rule in apart):
            plain = [rule.content("")["conditions"] for rule in apart]
            case_ids, more = rules.meets(self.asked.store, self.asked.domain, plain)
            met &= more[:, rules.places(self.asked.kept["case_id"], case_ids)]
        return met

    def _holds(self, condition: Condition) -> np.ndarray:
        """Each condition is looked up once, however many rules speak of it."""
        if condition not in self.known:
            self.known[condition] = condition.holds(self.asked.kept)
        return self.known[condition]


def found_segments(asked: Asked) -> FoundSegments:
    """Where people beat the model, the model beats people, and both are weak."""
    return findings.found_segments(asked.calls, facts=FromLog(asked), seed=asked.seed)


def covered_by(asked: Asked, key: str) -> tuple[FoundSegment, np.ndarray, np.ndarray]:
    """A found segment by its key, the places of the decisions it covers, and whether the person was right there."""
    segment = next((s for s in found_segments(asked).segments if s.key == key), None)
    if segment is None:
        raise RhmlError("This segment is not found any more, as the log has grown. Look at Segments again.")
    at, right = findings.covered_by(segment, asked.calls, facts=FromLog(asked))
    return segment, at, right
