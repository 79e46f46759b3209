"""Of many rules that say nearly the same, the one that best covers what all of them point at.

Each rule weighs as likely as its score makes it; the chosen one overlaps by half or more with most of that weight.
Its cases are then set aside and the search goes on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.human.lessons.search import Candidate, Ground, candidates
from rhml.human.lessons.space import Axis

COMPARED = 300
SAMPLE = 4_000
LEAST = -3.0
"""A lower score is not worth a later look."""

ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Found:
    """A rule that stands out, its rows, its score, and the share of its rivals' weight that it stands for."""

    candidate: Candidate
    inside: np.ndarray
    agreed: float


def stand_out(
    space: tuple[Axis, ...],
    lead: np.ndarray,
    beyond: np.ndarray,
    *,
    rounds: int = ROUNDS,
    least: float = LEAST,
) -> list[Found]:
    """Rules that stand out one after the other, each among the rows that the ones before leave over.

    `lead` of the model over the person in each row, and `beyond` what is usual for that person.
    """
    live, found = np.arange(len(beyond)), []
    for _ in range(rounds):
        several = candidates(Ground.of(space, live, beyond, lead)) if len(live) >= 100 else []
        if not several or several[0].score < least:
            break
        chosen = _best_covering(several, space, live)
        found.append(chosen)
        live = live[~chosen.inside[live]]
    return found


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Jaccard: the share of the cases in either that are in both."""
    either = (first | second).sum()
    return float((first & second).sum() / either) if either else 0.0


def _best_covering(several: list[Candidate], space: tuple[Axis, ...], live: np.ndarray) -> Found:
    sign = several[0].sign
    several = [c for c in several if c.sign == sign][:COMPARED]
    some = live[:: max(1, len(live) // SAMPLE)]
    masks = np.stack([_within(c, space, some) for c in several]).astype(np.float32)
    both, sizes = masks @ masks.T, masks.sum(axis=1)
    jaccard = both / np.maximum(sizes[:, None] + sizes[None, :] - both, 1)
    scores = np.array([c.score for c in several])
    weight = np.exp((scores - scores.max()) / 2)
    weight /= weight.sum()
    near = 1 / (1 + np.exp(-16 * (jaccard - 0.5)))
    agreed = near @ weight
    best = int(np.argmax(agreed))
    return Found(several[best], several[best].holds(space), float(agreed[best]))


def _within(candidate: Candidate, space: tuple[Axis, ...], rows: np.ndarray) -> np.ndarray:
    return np.logical_and.reduce([space[a].meets[c, space[a].bins[rows]] > 0 for a, c in candidate.atoms])
