"""What may differ from one kind of case to another: how people decide on advice, and what comes of it.

Each measure says of which decisions it speaks and which of them are hits, told from the four calls alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rhml.core.domain import DecisionDomain

ADVICE, TRUTH, FACTS = "advice", "truth", "facts"
"""What is held alike besides the facts: the recommendation; also what proved right; nothing more."""


@dataclass(frozen=True, eq=False)
class Four:
    """Codes of actions (−1: none): first call, recommendation, final decision, what proved right if that may speak."""

    first: np.ndarray
    shown: np.ndarray
    final: np.ndarray
    right: np.ndarray

    @property
    def advised(self) -> np.ndarray:
        """Decisions that had a recommendation."""
        return (self.final >= 0) & (self.shown >= 0)

    @property
    def judged(self) -> np.ndarray:
        """Advised decisions whose outcome may speak."""
        return self.advised & (self.right >= 0)


Rows = Callable[[Four], np.ndarray]


@dataclass(frozen=True, eq=False)
class Kind:
    """One measure. `asked`: whether a difference may become a question; what the model alone did is only shown."""

    name: str
    label: str
    about: str
    among: Rows
    hit: Rows
    alike: str = ADVICE
    asked: bool = True
    of_outcomes: bool = False

    def as_dict(self) -> dict[str, object]:
        """What a reader needs of it."""
        return {
            "name": self.name,
            "label": self.label,
            "about": self.about,
            "kind": "share",
            "asked": self.asked,
        }


def kinds(domain: DecisionDomain) -> tuple[Kind, ...]:
    """Every measure of a domain, in the order in which they are read; those of outcomes last."""
    found = [*_overrides(domain), *_finals(domain)]
    return tuple(found + (_outcomes(domain) if domain.outcome else []))


def _overrides(domain: DecisionDomain) -> list[Kind]:
    every = Kind("override_rate", "Overrides", "Of recommendations, decided differently.",
                 lambda f: f.advised, lambda f: f.final != f.shown)  # fmt: skip
    last = len(domain.actions) - 1
    if not domain.has_order:
        return [every, *(_towards(domain, k) for k in range(last + 1))]
    up, down = _named(domain)
    high = Kind("override_high", up, "Of recommendations that could be overridden upwards.",
                lambda f: f.advised & (f.shown < last), lambda f: f.final > f.shown)  # fmt: skip
    low = Kind("override_low", down, "Of recommendations that could be overridden downwards.",
               lambda f: f.advised & (f.shown > 0), lambda f: f.final < f.shown)  # fmt: skip
    return [every, high, low]


def _named(domain: DecisionDomain) -> tuple[str, str]:
    """The two directions in the domain's words."""
    first, last = domain.actions[0].label, domain.actions[-1].label
    if len(domain.actions) == 2:
        return f"“{last}” where “{first}” was recommended", f"“{first}” where “{last}” was recommended"
    return f"Overrides towards “{last}”", f"Overrides towards “{first}”"


def _towards(domain: DecisionDomain, k: int) -> Kind:
    label = domain.actions[k].label
    return Kind(f"override_to_{domain.actions[k].key}", f"Overrides to “{label}”",
                f"Of recommendations other than “{label}”.",
                lambda f: f.advised & (f.shown != k), lambda f: f.final == k)  # fmt: skip


def _finals(domain: DecisionDomain) -> list[Kind]:
    shown = range(1 if len(domain.actions) == 2 else 0, len(domain.actions))
    return [
        Kind(f"final_{domain.actions[k].key}", f"Decided “{domain.actions[k].label}”", "Of all decisions.",
             lambda f: f.final >= 0, lambda f, k=k: f.final == k)
        for k in shown
    ]  # fmt: skip


def _outcomes(domain: DecisionDomain) -> list[Kind]:
    given = {"alike": TRUTH, "of_outcomes": True}
    found = [
        Kind("rescued", "Rescued", "Right decisions against a wrong recommendation, of judged decisions.",
             lambda f: f.judged, lambda f: (f.final != f.shown) & (f.final == f.right), **given),
        Kind("spoiled", "Spoiled", "Wrong decisions against a right recommendation, of judged decisions.",
             lambda f: f.judged, lambda f: (f.final != f.shown) & (f.shown == f.right), **given),
        Kind("overreliance", "Over-reliance", "The own call differed from a wrong recommendation: how often the decision followed it.",
             lambda f: f.judged & (f.first >= 0) & (f.first != f.shown) & (f.shown != f.right),
             lambda f: f.final == f.shown, **given),
    ]  # fmt: skip
    if len(domain.actions) > 2:
        found.insert(2, Kind("both_wrong", "Both wrong", "Decided differently while a third action was right, of judged decisions.",
                             lambda f: f.judged, lambda f: (f.final != f.shown) & (f.final != f.right) & (f.shown != f.right), **given))  # fmt: skip
    found.append(Kind("team_right", "Decisions that were right", "Of judged decisions.",
                      lambda f: f.judged, lambda f: f.final == f.right, **given))  # fmt: skip
    found.append(Kind("model_right", "Recommendations that were right", "Of judged decisions; the model’s, for comparison.",
                      lambda f: f.judged, lambda f: f.shown == f.right, of_outcomes=True, asked=False))  # fmt: skip
    return found + [one for k in range(len(domain.actions)) for one in _errors(domain, k)]


def _errors(domain: DecisionDomain, k: int) -> list[Kind]:
    """Errors by what was right: the false refusals and false acceptances of the equalized-odds view."""
    label, key = domain.actions[k].label, domain.actions[k].key
    wrongly = f"“{domain.actions[1 - k].label}”" if len(domain.actions) == 2 else "Another action"
    about = f"Of judged decisions on cases where “{label}” proved right."
    there: Rows = lambda f: f.judged & (f.right == k)  # noqa: E731 - as short as the other measures
    return [
        Kind(f"team_wrong_{key}", f"Decided {_lower(wrongly)} where “{label}” was right", about,
             there, lambda f: f.final != k, TRUTH, of_outcomes=True),
        Kind(f"model_wrong_{key}", f"Recommended {_lower(wrongly)} where “{label}” was right",
             f"{about} The model’s, for comparison.", there, lambda f: f.shown != k, FACTS, asked=False,
             of_outcomes=True),
    ]  # fmt: skip


def _lower(text: str) -> str:
    return text if text.startswith("“") else text[0].lower() + text[1:]
