"""Why this action rather than that one: the lead of one over the other, factor by factor.

>>> import numpy as np
>>> found = contrast(("a", "b"), (0.7, 0.3), (0.2, 0.1, -0.2, -0.1), "a", "b")
>>> round(found.lead, 3), round(found.base, 3), [round(p, 3) for p in found.points]
(0.4, -0.2, [0.4, 0.2])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Contrast:
    """How far the model puts `action` before `other`: `base` + the sum of `points` is the `lead`, exactly.

    `base` is the lead for the average case; all are fractions of probability.
    """

    action: str
    other: str
    base: float
    points: tuple[float, ...]
    lead: float


def contrast(
    actions: Sequence[str],
    probabilities: Sequence[float],
    by_action: Sequence[float],
    action: str,
    other: str,
) -> Contrast:
    """From stored points of every action, laid out action by action; nothing is explained anew."""
    points = np.asarray(by_action, dtype=np.float64).reshape(len(probabilities), -1)
    one, two = actions.index(action), actions.index(other)
    apart = points[one] - points[two]
    lead = float(probabilities[one] - probabilities[two])
    return Contrast(action, other, lead - float(apart.sum()), tuple(map(float, apart)), lead)


def runner_up(actions: Sequence[str], probabilities: Sequence[float], action: str) -> str | None:
    """The likeliest of the other actions; None where there is no other."""
    others = [(-p, at) for at, p in enumerate(probabilities) if actions[at] != action]
    return actions[min(others)[1]] if others else None
