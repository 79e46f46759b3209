"""One latent scale under the ordered actions of a domain: from the first action, high, down to the last, low.

An opinion is a number on it: log-odds of the first action where there are two. With more actions thresholds cut the scale
(the proportional odds model: McCullagh 1980): above the highest lies the first action, below the lowest the last, and
between two of them one in the middle.

>>> three = Scale((2.0, -2.0))
>>> [three.place(view) for view in (3.0, 0.5, -3.0)]
[0, 1, 2]
>>> TWO.place(0.1), TWO.place(0.0)
(0, 1)
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np

from rhml.demo import people

OVERSTATED = 0.8
"""People state what they hold a little less surely than it is on the scale, and in tenths."""

INSIDE = 0.05
"""How far inside its part of the scale the weakest recommendation still lies."""


@dataclass(frozen=True)
class Scale:
    """Where one action ends and the next begins, highest first; one fewer than there are actions."""

    thresholds: tuple[float, ...]

    def place(self, view: float) -> int:
        """Which action a view amounts to, by its place on the form."""
        return sum(view <= threshold for threshold in self.thresholds)

    def confidence(self, view: float) -> float:
        """Probability of the action that a view amounts to, in tenths as the form takes it."""
        at, last = self.place(view), len(self.thresholds)
        if at in (0, last):
            toward = view - self.thresholds[0] if at == 0 else view - self.thresholds[-1]
            return people.confidence(toward, first_action=at == 0)
        above, below = (
            _share(OVERSTATED * (view - t)) for t in (self.thresholds[at - 1], self.thresholds[at])
        )
        return round(min(0.95, max(0.05, below - above)), 1)

    def stands_for(self, place: int, probability: float) -> float:
        """The view that a recommendation amounts to by itself, for who follows it without looking."""
        last = len(self.thresholds)
        if 0 < place < last:
            return (self.thresholds[place - 1] + self.thresholds[place]) / 2
        force = self._force(probability)
        return self.thresholds[0] + force if place == 0 else self.thresholds[-1] - force

    def pull(self, view: float, place: int, probability: float) -> float:
        """By how much a recommendation moves a view at full weight; one in the middle never carries it past the middle."""
        stands = self.stands_for(place, probability)
        if place in (0, len(self.thresholds)):
            return stands
        most = self._force(probability) + (self.thresholds[place - 1] - self.thresholds[place]) / 2
        return max(-most, min(most, stands - view))

    def drawn(self, views: np.ndarray, chances: np.ndarray) -> np.ndarray:
        """The place of the action that proves right (n,), drawn by chances in [0, 1) where `views` are true."""
        cut = np.asarray(self.thresholds)[None, :]
        return (chances[:, None] >= 1 / (1 + np.exp(cut - np.asarray(views)[:, None]))).sum(axis=1)

    def _force(self, probability: float) -> float:
        """How far beyond its threshold: log-odds against an even spread over the other actions."""
        force = people.log_odds(probability) + log(len(self.thresholds))
        # With two actions the weaker one is never recommended for its probability: a tie is one as it always was.
        return force if len(self.thresholds) == 1 else max(INSIDE, force)


TWO = Scale((0.0,))


def _share(odds: float) -> float:
    return 1 / (1 + exp(-odds))
