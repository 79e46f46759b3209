"""What is planted: organizations that stay as they are, learn, unlearn, or meet other cases than before.

Accuracies are shares of all cases of the fixed mix; a change is one of people alone, from the first half of the
log to the second, and is known exactly because it is planted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Subject = Literal[
    "people", "looks", "selective", "segments", "lessons", "growth", "ledger", "teaching", "treatment"
]


@dataclass(frozen=True)
class Plant:
    """One kind of organization, as its simulation needs it, and the subject it is examined in.

    calls: resolved unaided calls in each half. change: of unaided accuracy in points, from the first half to
    the second, in `segment` alone where one is named. deferring: of following the model where the own call
    differs. drift: of how easy the cases are (1: unchanged; below: harder). better: whether a better version
    takes over half-way, `named` in the log or not. gradual: the change comes bit by bit over the second half
    rather than at once. looks: how often the report is read while the log grows. spots: how many rules are planted
    under which one side is better than the other by `gap`, each of this `share` of the cases. unequal: how much more often people go
    against the model in one direction in one part of a protected segment. taught: what a lesson brings where it is
    taught, in points of accuracy. leaning: by how much more often than on average the model is right where the first
    action is, and less often where the other one is: it recommends the first too often.
    """

    name: str
    subject: Subject = "people"
    change: float = 0.0
    deferring: float = 0.0
    drift: float = 1.0
    better: bool = False
    named: bool = False
    segment: str = ""
    gradual: bool = False
    calls: int = 1_000
    assisted: int = 1_000
    managers: int = 8
    accuracy: float = 0.70
    follows: float = 0.40
    looks: int = 1
    spots: int = 0
    gap: float = 0.15
    share: float = 0.08
    unequal: float = 0.0
    taught: float = 0.0
    explored: float = 0.0
    outcomes: float = 1.0
    tips: float = 0.0
    leaning: float = 0.0

    def sized(self, calls: int) -> Plant:
        """The same organization with another number of unaided calls in each half."""
        return replace(self, calls=calls)

    def looked_at(self, looks: int = 50, *, calls: int = 500, assisted: int = 500) -> Plant:
        """The same organization, read after each of so many batches; by default a smaller one."""
        name = f"{self.name}, {looks} looks"
        return replace(self, name=name, subject="looks", looks=looks, calls=calls, assisted=assisted)


STABLE = Plant("stable")
LEARNING = Plant("learning", change=0.10)
GRADUAL = Plant("learning bit by bit", change=0.10, gradual=True)
HARDER = Plant("harder cases", drift=0.75)
EASIER = Plant("easier cases", drift=1.35)
NAMED = Plant("harder cases, one version named", drift=0.75, named=True)
VERSION = Plant("better version", better=True, named=True)
UNNAMED = Plant("better version, not named", better=True)
BOTH = Plant("people and model", change=0.10, better=True, named=True)
DRIFTING = Plant("more agreement, same skill", deferring=0.25)
DESKILLING = Plant("deskilling", change=-0.06, deferring=0.25)
SEGMENT = Plant("one segment learns", change=0.10, segment="north")
SPOTTED = Plant("spots", "segments", spots=3, calls=5_000, assisted=1_000, gap=0.20)
UNSPOTTED = Plant("no spots", "segments", spots=0, calls=5_000, assisted=1_000)
BLIND = Plant(
    "blind spots, one manager", "lessons", spots=2, gap=0.30, share=0.12, calls=1_500, assisted=0, managers=1
)
BLIND_TEAM = Plant(
    "blind spots, three managers",
    "lessons",
    spots=3,
    gap=0.30,
    share=0.12,
    calls=4_500,
    assisted=0,
    managers=3,
)
SIGHTED = Plant("no blind spots, three managers", "lessons", calls=4_500, assisted=0, managers=3)
SPOTTED_LARGE = Plant("spots, twice the cases", "segments", spots=3, calls=10_000, assisted=1_000)
LEANING = Plant("the model leans to one action", "segments", calls=5_000, assisted=1_000, leaning=0.12)
GROWN = Plant("people and model at work", "growth", change=0.10, calls=240, assisted=120)
STILL = Plant("the model alone at work", "growth", calls=240, assisted=120)
TAUGHT = Plant(
    "lessons taught and learned",
    "ledger",
    spots=2,
    gap=0.30,
    share=0.12,
    taught=0.15,
    calls=3_000,
    assisted=0,
    managers=4,
)
UNTAUGHT = Plant(
    "lessons taught, not learned",
    "ledger",
    spots=2,
    gap=0.30,
    share=0.12,
    calls=3_000,
    assisted=0,
    managers=4,
)
CALLED = Plant("people's calls teach the model", "teaching", outcomes=0.4, tips=0.85, calls=400, assisted=20)
UNEQUAL = Plant("one site refused more", "treatment", unequal=0.8)
EQUAL = Plant("all sites alike", "treatment")
UNSEEN = Plant("outcomes after one action alone", "selective")
EXPLORED = Plant(
    "outcomes after one action and in a random share", "selective", explored=0.5, calls=240, assisted=60
)
HARD_AND_DEFERRING = Plant("harder cases, more agreement", drift=0.75, deferring=0.25)

PLANTS = {
    plant.name: plant
    for plant in (
        STABLE, LEARNING, GRADUAL, HARDER, EASIER, NAMED, VERSION, UNNAMED, BOTH, DRIFTING, HARD_AND_DEFERRING,
        DESKILLING, SEGMENT,
    )
}  # fmt: skip
"""The organizations whose whole log is read once, by name."""


def chosen(
    who: Literal["nobody", "people", "model", "both"] = "nobody",
    *,
    points: float = 10.0,
    cases: Literal["the same", "harder", "easier"] = "the same",
    calls: int = 1_000,
    looks: int = 1,
) -> Plant:
    """What an audience plants: who gets better, people by how many points of accuracy, and what happens to the cases."""
    name = {
        "nobody": "nobody learns",
        "people": "people learn",
        "model": "the model learns",
        "both": "both learn",
    }[who]
    return Plant(
        name,
        subject="looks" if looks > 1 else "people",
        change=points / 100 if who in ("people", "both") else 0.0,
        better=who in ("model", "both"),
        named=True,
        drift={"the same": 1.0, "harder": 0.75, "easier": 1.35}[cases],
        calls=calls,
        assisted=calls,
        looks=looks,
    )  # fmt: skip
