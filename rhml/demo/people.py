"""Simulated managers: what each knows, misjudges and learns, and how far each follows advice.

Opinions are log-odds of the domain's first action. A manager's own view of a case is what its facts say,
plus a private fact if it has reached this manager, plus a fashion that misleads, plus noise; noise and
fashion shrink as the year teaches. Nobody here knows the outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True)
class Manager:
    """One simulated manager; every number is planted, and none is written to the log.

    share: of all cases. noise: standard deviation of the own view, in log-odds. ears: kinds of private facts
    that reach this person, with the chance. fashion: pull towards the first action where fashion rules.
    reliance: weight of the model's log-odds beside the own. attention: chance of forming an own view when
    the recommendation is on the card from the start. learning: share of noise and fashion lost in the year. taught:
    share of the private facts this person would not hear of that the year's advice makes known by its end.
    """

    name: str
    share: float
    noise: float
    ears: dict[str, float]
    fashion: float
    reliance: float
    attention: float
    learning: float
    taught: float = 0.0


@dataclass(frozen=True)
class Plant:
    """What is true of one case, and the chances drawn for it in advance.

    visible: log-odds of the first action proving right, from the facts on the card. private: what a fact of
    this `kind`, which is on no card, adds. fashion: whether people are misled here. news: whether a rule has
    changed that people know of and older outcomes do not show.
    """

    case_id: str
    right_action: str
    visible: float
    private: float
    kind: str
    fashion: bool
    news: bool
    luck: float
    heard: float
    looks: float
    pick: float


@dataclass(frozen=True)
class View:
    """An opinion: log-odds of the first action, and whether a private fact is behind it."""

    log_odds: float
    informed: bool


def own_view(manager: Manager, plant: Plant, *, progress: float) -> View:
    """What the manager makes of the case alone; `progress` runs from 0 to 1 over the year."""
    left = 1 - manager.learning * progress
    ears = manager.ears.get(plant.kind, 0.0)
    informed = bool(plant.kind) and plant.heard < ears + (1 - ears) * manager.taught * progress
    view = plant.visible + manager.noise * left * plant.luck
    if plant.fashion:
        view += manager.fashion * left
    return View(view + plant.private * informed, informed)


def advised_view(manager: Manager, own: View, advice: float) -> View:
    """The view after the model's log-odds `advice`; who knows something it cannot know leans on it less."""
    weight = manager.reliance * (0.4 if own.informed else 1.0)
    return View(own.log_odds + weight * advice, own.informed)


def confidence(log_odds: float, *, first_action: bool) -> float:
    """Probability of the action named, in tenths as the form takes it; people overstate a little."""
    toward = log_odds if first_action else -log_odds
    return round(min(0.95, max(0.05, 1 / (1 + exp(-0.8 * toward)))), 1)


def log_odds(probability: float) -> float:
    """Log-odds of a probability, kept away from certainty.

    >>> log_odds(0.5)
    0.0
    """
    p = min(max(probability, 0.02), 0.98)
    return log(p / (1 - p))
