"""Asks stored versions anew about the bank's cases, which no version ever learned from.

A version never changes, so what it says of a case now is what it would have said then. It is asked as it was trained,
without the corrections that recommended with it for a time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.model import Model
from rhml.reports.calls import Calls
from rhml.reports.replayed import Replayed
from rhml.store import frames, registry
from rhml.store.engine import Store

MOST = 20_000
"""Bank cases that versions are asked about; of more, so many drawn by lot: they tell a third of a point already."""


@dataclass(frozen=True, eq=False)
class Replays:
    """The bank's decided cases with an outcome, and what each version asked so far says of them.

    calls: one decision on each of the cases. of: how many such cases there are; more where a lot of them was drawn.
    """

    store: Store
    domain: DecisionDomain
    calls: Calls
    of: int
    known: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def among(cls, store: Store, domain: DecisionDomain, calls: Calls) -> Replays:
        """On the bank cases of some decisions that may speak about right and wrong."""
        judged, _ = calls.judged()
        rows = np.flatnonzero(judged & calls.column("bank").fillna(False).to_numpy(bool))
        _, first = np.unique(calls.case[rows], return_index=True)
        rows, of = rows[np.sort(first)], len(first)
        if of > MOST:
            rows = rows[np.sort(np.random.default_rng(of).choice(of, MOST, replace=False))]
        return cls(store, domain, calls.take(rows), of)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """The facts and outcomes of the cases, read when the first version is asked.

        Decisions may bring the facts with them, all but texts and dates.
        """
        if all(feature.name in self.calls.frame for feature in self.domain.features):
            return self.calls.rows.reset_index(drop=True)
        return frames.cases_of(self.store, self.domain, list(self.calls.column("case_id")))

    def answers(self, versions: list[str]) -> Replayed:
        """What these versions say, in this order."""
        if not versions:
            return Replayed(
                (), np.empty(0, object), np.zeros(0, np.int64), np.zeros((0, 0, 0)), None, self.of
            )
        for name in versions:
            if name not in self.known:
                self.known[name] = probabilities(self.store, self.domain, name, self.cases)
        return Replayed.on(self.cases, {name: self.known[name] for name in versions}, self.domain, of=self.of)


def probabilities(store: Store, domain: DecisionDomain, version: str, cases: pd.DataFrame) -> np.ndarray:
    """The probability (n, K) of each action that a stored version gives some cases."""
    model = Model.from_bytes(registry.content(store, domain.name, version))
    return model.probabilities(cases)
