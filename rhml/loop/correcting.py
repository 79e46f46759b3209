"""What corrections are computed from, and which of them are in force."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.machine.corrections.correction import Correction
from rhml.machine.corrections.look import Seen
from rhml.machine.corrections.stream import Line, Standing
from rhml.machine.corrections.threshold import due
from rhml.machine.learning.fitting import MOST_REFERENCE
from rhml.machine.model import Model
from rhml.store import corrections as kept
from rhml.store import frames, registry, studies
from rhml.store.corrections import StoredCorrection, Wording
from rhml.store.engine import Store

LOOK = "correction look"
"""The kind of the finding in which a look is recorded."""

MOST_SEEN = 20_000
"""Resolved cases that a look goes through: the newest ones."""


@dataclass(frozen=True, eq=False)
class Gathered:
    """A version's cases since its training in the order of their outcomes, with the outcomes' numbers in the
    log, the cases from before with out-of-fold probabilities, and the corrections there are."""

    version: str
    seen: Seen
    numbers: np.ndarray
    before: Seen | None
    corrections: tuple[StoredCorrection, ...]
    looked_at: int

    def standing(self, looks: int) -> Standing:
        """Where the search stopped last time."""
        return Standing(self.looked_at, looks, tuple(self._line(c) for c in self.corrections if _stands(c)))

    def _line(self, found: StoredCorrection) -> Line:
        stood = [(self._count(w.learned_from), correction_of(found, w)) for w in found.wordings]
        return Line(tuple(stood))

    def _count(self, number: int) -> int:
        return int(np.searchsorted(self.numbers, number, "right"))


def _stands(found: StoredCorrection) -> bool:
    return not found.ended and not found.refused


def correction_of(found: StoredCorrection, wording: Wording) -> Correction:
    """A stored wording as a correction that can be applied."""
    return Correction.from_dict(wording.content, found.correction_id)


def in_force(store: Store, domain: DecisionDomain, version: str) -> tuple[Correction, ...]:
    """The corrections that recommend with a version, in the order in which they were applied."""
    held = [c for c in kept.corrections(store, domain.name, version) if c.in_force]
    return tuple(correction_of(c, c.in_force) for c in sorted(held, key=lambda c: c.applied.seq))


def gathered(store: Store, domain: DecisionDomain, version: str) -> Gathered:
    """Read what a look needs. What led to a refused correction is left out: it would lead there again."""
    entry = registry.version(store, domain.name, version)
    model = Model.from_bytes(registry.content(store, domain.name, version))
    numbers = kept.outcome_numbers(store, domain, entry.learned_from)
    ids = list(numbers)[-MOST_SEEN:]
    cases = frames.cases_of(store, domain, ids).set_index("case_id").loc[ids].reset_index()
    cases = cases[cases["right_action"].isin(model.actions)].reset_index(drop=True)
    held = tuple(kept.corrections(store, domain.name, version))
    seq = np.array([numbers[i] for i in cases["case_id"]], dtype=np.int64)
    stays = np.ones(len(cases), dtype=bool)
    for refused in (c for c in held if c.refused):
        ended = max((e.seq for e in refused.events), default=0)
        for wording in refused.wordings:
            stays &= ~(correction_of(refused, wording).segment.holds(cases) & (seq <= ended))
    cases, seq = cases[stays].reset_index(drop=True), seq[stays]
    newest = studies.newest(store, domain.name, LOOK, version)
    looked_at = min(newest.content["cases"], len(cases)) if newest else 0
    # Read only for a look: these are all the cases of the training.
    before = reference_cases(store, domain, entry.learned_from, model) if due(len(cases), looked_at) else None
    return Gathered(version, _seen(model, cases), seq, before, held, looked_at)


def _seen(model: Model, cases: pd.DataFrame) -> Seen:
    right = np.array([model.actions.index(a) for a in cases["right_action"]], dtype=np.int64)
    return Seen(cases, model.probabilities(cases), np.eye(len(model.actions))[right])


def reference_cases(store: Store, domain: DecisionDomain, learned_from: int, model: Model) -> Seen | None:
    """The training cases behind the model's out-of-fold reference; None where the log tells others by now."""
    cases = kept.resolved_at(store, domain, learned_from)
    known = cases["right_action"].isin(model.actions)
    if domain.selective:
        known &= cases["explore"].fillna(False).astype(bool)
    cases = cases[known].reset_index(drop=True)
    cases = cases.iloc[:: max(1, len(cases) // MOST_REFERENCE)].reset_index(drop=True)
    right = np.array([model.actions.index(a) for a in cases["right_action"]], dtype=np.int64)
    if len(right) != len(model.right) or len(right) == 0 or (right != model.right).any():
        return None
    return Seen(cases, model.reference.astype(np.float64), np.eye(len(model.actions))[right])
