"""Unlike anything seen: cases that lie farther from what the model learned from than such cases ever do.

The distance to the tenth nearest training case is held against the same distance of the training cases
themselves, each without itself; so at most one ordinary case in a hundred is called unusual, whatever the
features are (conformal anomaly detection: Laxhammar & Falkman 2015). Far beyond the range counts as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain, Feature
from rhml.machine.trust.space import Placed, Space, as_numbers, as_text

NEAREST = 10
FEWEST = 200
"""With fewer training cases one in a hundred is not told from one in fifty."""

RARE = 0.01
BEYOND = 3.0
"""So many usual deviations beyond the highest or lowest training case is out of range by itself."""

BATCH = 500
MOST_NAMED = 3


@dataclass(frozen=True, eq=False)
class Surroundings:
    """The training cases that new ones are held against, and how far from one another they lie, sorted."""

    space: Space
    seen: pd.DataFrame
    placed: Placed
    own: np.ndarray

    @classmethod
    def fit(
        cls, seen: pd.DataFrame, domain: DecisionDomain, *, reads: tuple[str, ...] | None = None
    ) -> Surroundings | None:
        """Learn the surroundings from a sample of training cases (a few thousand); None if too few.

        `reads` are the features of the model; what it does not read makes no case unusual for it.
        """
        space = Space.fit(seen, domain, reads=reads)
        if len(seen) < FEWEST or not space.axes:
            return None
        placed = space.place(seen)
        own = [
            np.partition(space.squared(placed.part(slice(at, at + BATCH)), placed), NEAREST, axis=1)[
                :, NEAREST
            ]
            for at in range(0, len(placed), BATCH)
        ]
        return cls(space, seen.reset_index(drop=True), placed, np.sort(np.concatenate(own)))

    def look(self, cases: pd.DataFrame) -> tuple[np.ndarray, list[str | None]]:
        """For each case the chance (n,) of lying so far out, and a sentence where it is unlike anything seen."""
        cases = cases.reset_index(drop=True)
        placed = self.space.place(cases)
        chances, said = [], []
        for at in range(0, len(placed), BATCH):
            some = placed.part(slice(at, at + BATCH))
            squared = self.space.squared(some, self.placed)
            near = np.argpartition(squared, NEAREST - 1, axis=1)[:, :NEAREST]
            reach = np.take_along_axis(squared, near, axis=1).max(axis=1)
            chance = (1 + len(self.own) - np.searchsorted(self.own, reach, "left")) / (1 + len(self.own))
            outside = self._outside(some)
            for row in range(len(some)):
                unlike = chance[row] <= RARE or outside[row]
                said.append(
                    self._sentence(cases.iloc[at + row], some.part([row]), near[row]) if unlike else None
                )
            chances.append(chance)
        return np.concatenate(chances) if chances else np.zeros(0), said

    def _outside(self, some: Placed) -> np.ndarray:
        """Whether a number lies far beyond every training case."""
        ends = [
            (axis.scores[0], axis.scores[-1]) if len(axis.scores) else (0.0, 0.0)
            for axis in self.space.axes
            if not axis.levels
        ]
        if not ends:
            return np.zeros(len(some), dtype=bool)
        low, high = np.array(ends).T
        return ((some.numbers < low - BEYOND) | (some.numbers > high + BEYOND)).any(axis=1)

    def _sentence(self, case: pd.Series, one: Placed, near: np.ndarray) -> str:
        """Names the features that set the case apart: 'Amount 98,000 (the nearest: 41,000) with Tenure 0'."""
        parts = self.space.parts(one, self.placed.part(near))
        order = np.argsort(-parts, kind="stable")
        count = int(np.searchsorted(np.cumsum(parts[order]), 0.6 * parts.sum())) + 1
        named = [
            self._named(case, self.space.axes[at].feature, near) for at in order[: min(count, MOST_NAMED)]
        ]
        told = named[0] + (f" with {' and '.join(named[1:])}" if len(named) > 1 else "")
        return (
            f"Unlike anything the model learned from: {told}. Even the {NEAREST} nearest of "
            f"{len(self.seen):,} cases differ from it more than such cases usually differ."
        )

    def _named(self, case: pd.Series, feature: Feature, near: np.ndarray) -> str:
        there = self.seen.iloc[near]
        here, usual = (_said(frame, feature) for frame in (case.to_frame().T, there))
        label = feature.label or feature.name
        return f"{label} {here}" if here == usual else f"{label} {here} (the nearest: {usual})"


def _said(cases: pd.DataFrame, feature: Feature) -> str:
    """The one value, or of several cases the middle or the most frequent one, as a person reads it."""
    if feature.kind in ("category", "yes_no"):
        known = as_text(cases, feature).dropna()
        return str(known.mode().iloc[0]) if len(known) else "missing"
    values = as_numbers(cases, feature)
    known = values[~np.isnan(values)]
    if not len(known):
        return "missing"
    middle = float(np.quantile(known, 0.5, method="nearest"))
    return (
        f"{middle:,.0f} days old" if feature.kind == "date" else f"{in_short(middle)} {feature.unit}".strip()
    )


def in_short(number: float) -> str:
    """A number with at most three digits after what matters: '98,000', '0.213', '12.5'.

    >>> in_short(98000), in_short(0.21349), in_short(12.5)
    ('98,000', '0.213', '12.5')
    """
    if number == 0 or abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{float(f'{number:.3g}'):,}".removesuffix(".0")
