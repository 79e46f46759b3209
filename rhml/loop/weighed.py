"""The contrast: where the model weighs a case differently from the person whose own call is on record.

Everything is told from what is stored beside the recommendation; nothing is scored on a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rhml.machine.team.apart import Apart, apart
from rhml.machine.team.pooling import ENOUGH
from rhml.machine.team.team_model import Held
from rhml.store.case_file import StoredRecommendation


@dataclass(frozen=True)
class Weighed:
    """The factors on which the model and `whose` calls ("you", or the "team") differ, and how likely those calls
    make the recommended action. `calls` is how many own calls of this person are known, `enough` how many it takes.
    """

    whose: str
    calls: int
    enough: int
    probability: float
    factors: tuple[Apart, ...]


def weighed(
    shown: StoredRecommendation,
    features: tuple[str, ...],
    lines: Sequence[Sequence[int]],
    *,
    held: Held | None,
    marks: Sequence[tuple[str, str]] = (),
) -> Weighed | None:
    """Hold the model against this person's own way of weighing, or the team's where too few of their calls are known.

    `held` None: the team's, whoever asks. None where nothing of the team is stored beside the recommendation.
    """
    if (
        shown.team_probability is None
        or shown.team_base is None
        or len(shown.team_points) != len(shown.points)
    ):
        return None
    points, probability = np.asarray(shown.team_points), shown.team_probability
    own = held.weights_on(features) if held is not None and shown.action in held.actions else None
    if held is not None and own is not None:
        told = own.reckon(points, shown.team_base, probability, held.actions.index(shown.action))
        points, probability = told.points, told.probability
    return Weighed(
        whose="you" if own is not None else "team",
        calls=held.calls if held is not None else 0,
        enough=ENOUGH,
        probability=float(probability),
        factors=apart(shown.points, points.tolist(), lines, _by_place(features, marks)),
    )


def _by_place(
    features: tuple[str, ...], marks: Sequence[tuple[str, str]]
) -> dict[int, list[tuple[str, Any]]]:
    """Marks by the place of their factor; a mark on words of a text keeps the words."""
    found: dict[int, list[tuple[str, Any]]] = {}
    for factor, mark in marks:
        name, _, words = factor.partition(":")
        if name in features:
            found.setdefault(features.index(name), []).append((words, mark))
    return found
