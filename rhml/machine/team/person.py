"""How one person weighs the factors, as told from how the team does: a shift, and a slope on each factor.

The team's points of one action are turned back into log odds of that action against all others: with
f = log p/(1 − p), every point is worth (f − f₀)/(p − p₀) of them. There a person is
f = f₀ + shift + Σ slopeⱼ·cⱼ, and the way back gives points that add up again. Nothing is scored anew, so a
card needs the stored points alone.

>>> import numpy as np
>>> same = Weights((0.0, 0.0), (1.0, 1.0), 40)
>>> told = same.reckon(np.array([0.2, -0.1]), 0.4, 0.5, 0)
>>> round(told.base, 6), [round(p, 6) for p in told.points.tolist()], round(told.probability, 6)
(0.4, [0.2, -0.1], 0.5)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

EDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Reckoned:
    """Points (d,) of one action for one case: `base` + their sum is `probability`, exactly."""

    base: float
    points: np.ndarray
    probability: float


@dataclass(frozen=True)
class Weights:
    """One person's: `shifts` of the log odds of each action, `slopes` on the team's factors (1: as the team does),
    from so many `calls`."""

    shifts: tuple[float, ...]
    slopes: tuple[float, ...]
    calls: int

    def reckon(self, points: np.ndarray, base: float, probability: float, action: int) -> Reckoned:
        """What the person would count, from the team's points (d,) of an action (its index)."""
        given = np.asarray(points, dtype=np.float64)
        parts = given * stretch(base, probability) * np.asarray(self.slopes)
        start = float(logit(np.clip(base, EDGE, 1 - EDGE))) + self.shifts[action]
        own_base, own = float(expit(start)), float(expit(start + parts.sum()))
        found = parts / stretch(own_base, own)
        return Reckoned(own - float(found.sum()), found, own)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"calls": self.calls, "shifts": list(self.shifts), "slopes": list(self.slopes)}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Weights:
        """The inverse of `to_dict`."""
        return cls(tuple(plain["shifts"]), tuple(plain["slopes"]), int(plain["calls"]))


def stretch(base: np.ndarray | float, probability: np.ndarray | float) -> np.ndarray:
    """Log odds a point of probability between two probabilities is worth, any shape."""
    low, high = (np.clip(np.asarray(p, dtype=np.float64), EDGE, 1 - EDGE) for p in (base, probability))
    apart = high - low
    near = np.abs(apart) < 1e-9
    middle = (low + high) / 2
    steep = (logit(high) - logit(low)) / np.where(near, 1.0, apart)
    return np.where(near, 1 / (middle * (1 - middle)), steep)
