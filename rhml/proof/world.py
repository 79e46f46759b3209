"""The planted world: what cases are like, and how often people and model are right on them, exactly.

A case's facts give the log-odds that the first action proves right. A manager sees them with noise, whose size is
the manager's skill; a model with an error of its own. Averages over all cases are taken over quantiles of the
planted distribution, not over a drawn sample, so that the truth is known without an interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np

REGIONS = ("north", "south", "east", "west")
SHIFTS = np.array([0.3, -0.3, 0.1, -0.1])
SHARPNESS = 2.2
"""How much the facts say about what proves right."""
INCOME, DEBT = 0.9, -0.8
POINTS = 1_001
SIZES = np.concatenate([np.linspace(0.2, 6, 59), np.linspace(6.25, 20, 56)])
"""Sizes of noise among which a skill is looked up."""


@dataclass(frozen=True, eq=False)
class Population:
    """All cases of a mix: log-odds (regions, points), each point as likely as the others."""

    odds: np.ndarray

    def right(self, first: np.ndarray) -> np.ndarray:
        """How often calls are right that name the first action with these chances (…, regions, points)."""
        p = sigmoid(self.odds)
        return (first * p + (1 - first) * (1 - p)).mean(axis=-1)


@lru_cache(maxsize=32)
def population(spreads: tuple[float, ...] = (1.0,)) -> Population:
    """The cases of some periods together; a spread below 1 makes a period's cases harder, above 1 easier."""
    normal = NormalDist()
    z = np.array([normal.inv_cdf((i + 0.5) / POINTS) for i in range(POINTS)])
    reach = SHARPNESS * np.hypot(INCOME, DEBT)
    return Population(np.concatenate([reach * s * z + SHARPNESS * SHIFTS[:, None] for s in spreads], axis=1))


def own_calls(odds: np.ndarray, noise: np.ndarray | float) -> np.ndarray:
    """The chance that somebody with this noise calls the first action."""
    return normal(odds / noise)


def expert_calls(odds: np.ndarray) -> np.ndarray:
    """What somebody calls who sees the facts without noise: the best there is."""
    return (odds > 0).astype(float)


@lru_cache(maxsize=1)
def _accuracies() -> np.ndarray:
    everywhere = population()
    return np.array([everywhere.right(own_calls(everywhere.odds, size)).mean() for size in SIZES])


def noise_of(accuracy: np.ndarray) -> np.ndarray:
    """The noise with which this share of all cases is called right."""
    return np.interp(-np.asarray(accuracy), -_accuracies(), SIZES)


def moved(plain: np.ndarray, expert: np.ndarray, lapse: np.ndarray, insight: np.ndarray) -> np.ndarray:
    """Chances of the first action after a change: some calls by guess, some like an expert's, the rest as before."""
    return plain * (1 - lapse - insight) + 0.5 * lapse + expert * insight


def mixing(change: np.ndarray, base: float, best: float) -> tuple[np.ndarray, np.ndarray]:
    """The shares of guesses and of an expert's calls that make a change of accuracy; nobody passes an expert."""
    return np.clip(-change / (base - 0.5), 0, 1), np.clip(change / (best - base), 0, 1)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Probability from log-odds."""
    return 1 / (1 + np.exp(-x))


def normal(x: np.ndarray) -> np.ndarray:
    """The normal distribution function, by Abramowitz & Stegun 26.2.17 (error below 1e-7)."""
    t = 1 / (1 + 0.2316419 * np.abs(x))
    tail = t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    tail = tail * np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
    return np.where(x >= 0, 1 - tail, tail)
