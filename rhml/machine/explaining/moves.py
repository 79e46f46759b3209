"""The values a feature of a case could take instead: where the trees draw their lines, in meaningful steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.core.domain import Feature
from rhml.machine.encoding import Column

MOST_VALUES = 24
"""Values tried first for one feature of a case; where one tips, all that are nearer are tried as well."""


@dataclass(frozen=True)
class Moves:
    """Values one changeable feature of one case could take, nearest first, with what each costs in spreads."""

    at: int
    values: np.ndarray
    costs: np.ndarray

    @property
    def coarse(self) -> np.ndarray:
        """Places of the values tried first."""
        last = len(self.values) - 1
        return np.unique(np.linspace(0, last, min(len(self.values), MOST_VALUES)).astype(int))


def moves_of(now: float, at: int, column: Column, feature: Feature, cuts: np.ndarray | None) -> Moves:
    """The meaningful values this feature could take instead; none where it is missing or never split on."""
    if np.isnan(now) or cuts is None:
        return Moves(at, np.zeros(0), np.zeros(0))
    if column.levels:
        values = np.setdiff1d(np.arange(len(column.levels), dtype=float), [now])
        return Moves(at, values, np.ones(len(values)))
    if column.kind == "yes_no":
        return Moves(at, np.array([1.0 - float(now)]), np.ones(1))
    step = feature.step or default_step(column)
    start = np.floor(now) if column.kind == "date" else float(now)
    # A tree sends x < threshold to the left: at the threshold itself a value is already across. Values are
    # multiples of the step, at least one step away.
    up = np.ceil(np.maximum(cuts[cuts > start], start + step) / step - 1e-9)
    down = np.minimum(np.ceil(cuts[cuts <= start] / step - 1e-9) - 1, np.floor((start - step) / step + 1e-9))
    values = np.round(np.unique(np.concatenate([up, down])) * step, 9)
    values = values[(values >= column.low) & (values <= column.high)]
    values = values[np.argsort(np.abs(values - start), kind="stable")]
    return Moves(at, values, np.abs(values - start) / (column.spread or 1.0))


def default_step(column: Column) -> float:
    """Where the domain names no step: the round number next below a twentieth of the usual range."""
    step = 10.0 ** np.floor(np.log10(max(column.spread, 1e-9) / 20))
    return max(1.0, step) if column.whole or column.kind == "date" else float(step)
