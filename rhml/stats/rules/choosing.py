"""Of many rules that say nearly the same, the one that best covers what all of them point at.

Each rule weighs as likely as its score makes it; the chosen one overlaps by half or more with most of that weight.
Its cases are then set aside and the search goes on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.stats.rules.search import Candidate, Ground, candidates

LEAST = -3.0
"""A lower score is not worth a later look."""

ROUNDS = 6


@dataclass(frozen=True, eq=False)
class Found:
    """A rule that stands out, its rows, its score, and the share of its rivals' weight that it stands for."""

    candidate: Candidate
    inside: np.ndarray
    agreed: float


def stand_out(ground: Ground, *, rounds: int = ROUNDS, least: float = LEAST) -> tuple[list[Found], Ground]:
    """Rules that stand out one after the other, each among the rows that the ones before leave over; and what is left."""
    found = []
    for _ in range(rounds):
        several = candidates(ground) if len(ground.live) >= 100 else []
        if not several or several[0].score < least:
            break
        found.append(_best_covering(several, ground))
        ground = ground.without(found[-1].inside)
    return found, ground


def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Jaccard: the share of the cases in either that are in both."""
    either = (first | second).sum()
    return float((first & second).sum() / either) if either else 0.0


def _best_covering(several: list[Candidate], ground: Ground) -> Found:
    sign, space = several[0].sign, ground.tables.space
    several = [c for c in several if c.sign == sign][: ground.limits.compared]
    some = ground.live[:: max(1, len(ground.live) // ground.limits.sample)]
    bins = ground.tables.bins[:, some]
    atoms = {(axis, at): (space[axis].meets[at] > 0)[bins[axis]] for c in several for axis, at in c.atoms}
    masks = np.stack([np.logical_and.reduce([atoms[a] for a in c.atoms]) for c in several]).astype(np.float32)
    both, sizes = masks @ masks.T, masks.sum(axis=1)
    jaccard = both / np.maximum(sizes[:, None] + sizes[None, :] - both, 1)
    scores = np.array([c.score for c in several])
    weight = np.exp((scores - scores.max()) / 2)
    weight /= weight.sum()
    near = 1 / (1 + np.exp(-16 * (jaccard - 0.5)))
    agreed = near @ weight
    best = int(np.argmax(agreed))
    return Found(several[best], several[best].holds(space), float(agreed[best]))
