"""How people take advice, held fixed: how often they follow a model so sure when they see a case otherwise.

What people and model are worth together depends on how the two are put together. For a comparison over time that
way must not change, so it is read off the earliest decisions and kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.reports.calls import Calls

EDGES = (0.6, 0.7, 0.8, 0.9)
FIRST = 500
"""The earliest decisions in which first call and recommendation differed: so many settle the way of combining."""

FEWEST = 50
PRIOR = 20
"""As many decisions as the overall rate counts in each band of sureness."""

EVEN = 0.5


@dataclass(frozen=True)
class Combiner:
    """The chance to follow the model where it differs, by how sure it is; `counts` are the decisions behind each.

    >>> Combiner((0.3, 0.3, 0.4, 0.5, 0.6), (90,) * 5).follows(np.array([0.55, 0.95])).tolist()
    [0.3, 0.6]
    """

    rates: tuple[float, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, calls: Calls, rows: np.ndarray, *, banded: bool = True) -> Combiner:
        """From the earliest of some decisions in the order of the log; one rate for all where they are few."""
        differed = rows & calls.three & (calls.first != calls.recommended)
        sure = calls.column("recommended_confidence").to_numpy(float)
        at = np.flatnonzero(differed & ~np.isnan(sure))[:FIRST]
        width = len(EDGES) + 1
        if len(at) < FEWEST:
            return cls((EVEN,) * width, (0,) * width)
        followed, band = (calls.final == calls.recommended)[at], np.searchsorted(EDGES, sure[at], "right")
        overall = float(followed.mean())
        if not banded:
            return cls((overall,) * width, (len(at),) * width)
        counts, taken = np.bincount(band, minlength=width), np.bincount(band, followed, minlength=width)
        rates = (taken + PRIOR * overall) / (counts + PRIOR)
        return cls(tuple(map(float, rates)), tuple(map(int, counts)))

    @property
    def banded(self) -> bool:
        """Whether it minds how sure the model is."""
        return len(set(self.rates)) > 1

    @property
    def decisions(self) -> int:
        """How many decisions settled it; none for the rule of even chances."""
        return sum(self.counts) if self.banded else self.counts[0]

    @property
    def said(self) -> str:
        """The way of combining in a sentence."""
        if not self.decisions:
            return "Where the two differ, either is taken as often as the other: a fixed rule."
        how = (
            f"between {100 * min(self.rates):.0f} % and {100 * max(self.rates):.0f} % of the time, by how sure it is"
            if self.banded
            else f"{100 * self.rates[0]:.0f} % of the time"
        )
        return (
            f"Where the two differ, the model is followed {how}, as in the {self.decisions:,} earliest decisions in "
            "which they differed; that way is held fixed."
        )

    def follows(self, confidence: np.ndarray) -> np.ndarray:
        """The chance to follow a model that states this probability of its recommendation."""
        return np.asarray(self.rates)[np.searchsorted(EDGES, confidence, "right")]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        ends = (0.0, *EDGES, 1.0)
        bins = [
            {"from": ends[k], "to": ends[k + 1], "follows": rate, "n": count}
            for k, (rate, count) in enumerate(zip(self.rates, self.counts, strict=True))
        ]
        return {"said": self.said, "decisions": self.decisions, "bins": bins}
