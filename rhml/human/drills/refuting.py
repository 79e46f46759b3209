"""What spoke for the action that proved right: the strongest factor of a stored recommendation.

>>> strongest((0.2, -0.3, 0.1), actions=("lend", "decline"), recommended="lend", right="decline")
((1,), 0.3)
>>> strongest((0.2, 0.1), actions=("lend", "decline"), recommended="lend", right="decline") is None
True
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rhml.human.set_apart import together

LEAST = 0.005
"""A factor of less than half a point is none to speak of."""


def towards(
    points: Sequence[float],
    *,
    actions: Sequence[str],
    recommended: str,
    right: str,
    by_action: Sequence[float] = (),
) -> np.ndarray | None:
    """Each factor's points for the action that proved right; None where the log does not hold them.

    points: for the recommended action. by_action: of every action, action by action, where there are more than two.
    """
    if not len(points) or right not in actions:
        return None
    if len(by_action) == len(actions) * len(points):
        return np.asarray(by_action, dtype=float).reshape(len(actions), -1)[actions.index(right)]
    if recommended == right:
        return np.asarray(points, dtype=float)
    # Of two actions, what speaks against the one speaks for the other by as much; of more, nothing is known.
    return -np.asarray(points, dtype=float) if len(actions) == 2 else None


def strongest(
    points: Sequence[float],
    *,
    actions: Sequence[str],
    recommended: str,
    right: str,
    by_action: Sequence[float] = (),
    groups: Sequence[Sequence[int]] = (),
) -> tuple[tuple[int, ...], float] | None:
    """The factor that spoke most for what proved right, as places, and its points; None if none did.

    groups: places of features that say the same; together they are one factor.
    """
    found = towards(points, actions=actions, recommended=recommended, right=right, by_action=by_action)
    if found is None:
        return None
    factors = together(range(len(found)), groups)
    best = max(factors, key=lambda places: float(found[list(places)].sum()))
    weight = float(found[list(best)].sum())
    return (best, weight) if weight >= LEAST else None
