"""Which actions cannot be ruled out: sets that hold the right action as often as the domain asks.

An action is ruled out where the model gives it less than it gave that action in all but a few of the cases
in which it proved right (split conformal prediction with one floor an action: Vovk, Gammerman & Shafer
2005; Sadinle, Lei & Wasserman 2019). The floors are taken from out-of-fold probabilities, so every action
is kept, among the cases in which it is right, at least as often as the level says.

>>> import numpy as np
>>> given = np.linspace(0.01, 1, 100)
>>> sets = ActionSets.fit(np.column_stack([given, 1 - given]), np.zeros(100, int), ("lend", "wait"), 0.9)
>>> sets.of(np.array([[0.95, 0.05], [0.05, 0.95]]))
[('lend', 'wait'), ('wait',)]
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 50
"""Below this many resolved cases a floor would be one case's accident: nothing is said."""

ENOUGH = 30
"""An action that proved right less often than this shares a floor with the other rare ones."""


@dataclass(frozen=True)
class ActionSets:
    """The probability (K,) from which each action stays possible; `n` resolved cases settled it."""

    actions: tuple[str, ...]
    level: float
    floors: tuple[float, ...]
    n: int

    @classmethod
    def fit(
        cls, probabilities: np.ndarray, right: np.ndarray, actions: tuple[str, ...], level: float
    ) -> ActionSets | None:
        """Learn the floors from probabilities (n, K) of a model that did not know the cases; None if too few.

        `right` (n,) is the index of the action that proved right in each.
        """
        right = np.asarray(right, dtype=np.int64)
        if len(right) < FEWEST:
            return None
        given = np.asarray(probabilities, dtype=np.float64)[np.arange(len(right)), right]
        rare = np.bincount(right, minlength=len(actions)) < ENOUGH
        floors = [
            _floor(given[rare[right]] if rare[k] else given[right == k], level) for k in range(len(actions))
        ]
        return cls(actions, level, tuple(floors), len(right))

    def kept(self, probabilities: np.ndarray) -> np.ndarray:
        """Which actions stay possible, bool (n, K); the model's first choice always does."""
        probabilities = np.asarray(probabilities, dtype=np.float64)
        kept = probabilities >= np.asarray(self.floors)
        kept[np.arange(len(kept)), probabilities.argmax(axis=1)] = True
        return kept

    def of(self, probabilities: np.ndarray) -> list[tuple[str, ...]]:
        """For each case the actions that cannot be ruled out, in the order of the form."""
        return [
            tuple(a for a, stays in zip(self.actions, row, strict=True) if stays)
            for row in self.kept(probabilities)
        ]


def broken(held: np.ndarray, *, level: float, learned: int) -> bool:
    """Whether sets hold less often than stated by more than chance, over many looks, and by enough to matter.

    `learned` cases settled the floors, whose own chance counts too. At 3.5 standard errors a look has to be
    repeated some hundred times on ever more cases to be wrong once in twenty.
    """
    if not len(held) or not learned:
        return False
    error = np.sqrt(level * (1 - level) * (1 / len(held) + 1 / learned))
    short = level - float(np.mean(held))
    return bool(short > max(3.5 * error, 0.02))


def _floor(given: np.ndarray, level: float) -> float:
    """The largest floor that at most a share of 1 − level of one more such case would fall below."""
    below = int(np.floor((1 - level) * (len(given) + 1) + 1e-9))
    return float(np.sort(given)[below - 1]) if below else 0.0
