"""Corrections: what the team taught between two retrainings, named, readable, and on top of the model.

A correction says that in a segment of at most two conditions the log scores are a + b · what the model gives:
with two actions logit p = a + b · margin. It changes nothing elsewhere, and the model not at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.core.domain import DecisionDomain
from rhml.machine.corrections.fit import scores
from rhml.machine.corrections.segments import YES_NO, Facts, Segment
from rhml.machine.encoding import Encoding
from rhml.machine.model import Model


@dataclass(frozen=True)
class Correction:
    """In `segment` the scores of `actions` become shift + slope · scores."""

    segment: Segment
    actions: tuple[str, ...]
    shift: tuple[float, ...]
    slope: float
    correction_id: str = ""

    @property
    def parameters(self) -> np.ndarray:
        """(a₁ … a_K, b)."""
        return np.append(self.shift, self.slope)

    @classmethod
    def of(cls, segment: Segment, actions: Sequence[str], parameters: np.ndarray) -> Correction:
        """A correction from its fitted numbers."""
        return cls(segment, tuple(actions), tuple(float(a) for a in parameters[:-1]), float(parameters[-1]))

    def words(self, domain: DecisionDomain, points: float, size: float, action: str) -> str:
        """'When Tenure under 2 years and Amount at least 40,000: the team’s correction, −14 points on average …'.

        `points` is by how much the action's probability moves on average, `size` by how much if every move counts
        as one up.
        """
        said = " and ".join(self.segment.words(domain))
        label, about = domain.label(action), f"{size * 100:.0f} points on average"
        if abs(points) >= max(size / 2, 0.005):
            amount = f", {'−' if points < 0 else '+'}{abs(points) * 100:.0f} points on average for {label}"
        elif self.slope < 0:
            amount = f" turns the model round ({about} for {label})"
        else:
            amount = f" moves {label} up or down ({about})"
        return f"When {said}: the team’s correction{amount}."

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "segment": self.segment.to_dict(),
            "actions": list(self.actions),
            "shift": list(self.shift),
            "slope": self.slope,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any], correction_id: str = "") -> Correction:
        """The inverse of `to_dict`."""
        segment = Segment.from_dict(plain["segment"])
        return cls(segment, tuple(plain["actions"]), tuple(plain["shift"]), plain["slope"], correction_id)


@dataclass(frozen=True, eq=False)
class Applied:
    """What corrections come to for n cases: scores become shift (n, K) + slope (n,) · scores.

    `ids` names for each case the corrections that apply, in their order.
    """

    shift: np.ndarray
    slope: np.ndarray
    ids: list[tuple[str, ...]]

    @property
    def touched(self) -> np.ndarray:
        """The cases (n,) to which any correction applies."""
        return np.array([bool(held) for held in self.ids], dtype=bool)

    def beside(self, start: np.ndarray) -> np.ndarray:
        """What the corrections add to scores (n, K) beside scaling what each factor adds to `start` (n, K)."""
        centred = start - start.mean(axis=1, keepdims=True)
        return self.shift + (self.slope[:, None] - 1) * centred

    def scores(self, uncorrected: np.ndarray) -> np.ndarray:
        """Corrected log scores (n, K) from a model's, whatever their common height."""
        centred = uncorrected - uncorrected.mean(axis=1, keepdims=True)
        return self.shift + self.slope[:, None] * centred

    def probabilities(self, uncorrected: np.ndarray) -> np.ndarray:
        """Corrected probabilities (n, K); untouched cases keep theirs to the last digit."""
        moved = softmax(self.scores(scores(uncorrected)), axis=1)
        return np.where(self.touched[:, None], moved, uncorrected)


def applied(corrections: Sequence[Correction], cases: pd.DataFrame) -> Applied:
    """Which corrections apply to each case, one on top of the other in their order."""
    held = {c.feature: c.kind for each in corrections for c in each.segment.conditions}
    facts = {name: Facts.read(cases, name, kind) for name, kind in held.items()}
    return applied_to(corrections, facts, len(cases))


def applied_to(corrections: Sequence[Correction], facts: Mapping[str, Facts], cases: int) -> Applied:
    """The same on features that are read already."""
    actions = len(corrections[0].actions) if corrections else 1
    shift, slope = np.zeros((cases, actions)), np.ones(cases)
    ids: list[tuple[str, ...]] = [()] * cases
    for correction in corrections:
        inside = correction.segment.within(facts)
        shift[inside] = np.asarray(correction.shift) + correction.slope * shift[inside]
        slope[inside] *= correction.slope
        for row in np.flatnonzero(inside):
            ids[row] = (*ids[row], correction.correction_id)
    return Applied(shift, slope, ids)


def encoded_facts(encoding: Encoding, values: np.ndarray) -> dict[str, Facts]:
    """Features of cases that are encoded already: codes, numbers, days; (n, d)."""
    found = {}
    for at, column in enumerate(encoding.columns):
        absent = np.isnan(values[:, at])
        if column.kind == "number" or column.kind == "date":
            found[column.name] = Facts(values[:, at], absent)
        else:
            codes = np.where(absent, -1, values[:, at]).astype(np.int64)
            found[column.name] = Facts(codes, absent, YES_NO if column.kind == "yes_no" else column.levels)
    return found


def corrected(
    probabilities: np.ndarray, corrections: Sequence[Correction], cases: pd.DataFrame
) -> np.ndarray:
    """A model's probabilities (n, K) of cases with corrections on top."""
    return applied(corrections, cases).probabilities(probabilities) if corrections else probabilities


@dataclass(frozen=True, eq=False)
class Corrected:
    """A model with the corrections that stand on top of it; gives probabilities as a model does."""

    model: Model
    corrections: tuple[Correction, ...] = ()

    @property
    def actions(self) -> tuple[str, ...]:
        """The model's actions."""
        return self.model.actions

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features the model reads."""
        return self.model.features

    def probabilities(self, cases: pd.DataFrame) -> np.ndarray:
        """The probability (n, K) that each action is right."""
        return corrected(self.model.probabilities(cases), self.corrections, cases)
