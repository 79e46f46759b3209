"""What is planted: organizations that stay as they are, learn, unlearn, or meet other cases than before.

Accuracies are shares of all cases of the fixed mix; a change is one of people alone, from the first half of the
log to the second, and is known exactly because it is planted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Plant:
    """One kind of organization, as its simulation needs it.

    calls: resolved unaided calls in each half. change: of unaided accuracy in points, from the first half to
    the second, in `segment` alone where one is named. deferring: of following the model where the own call
    differs. drift: of how easy the cases are (1: unchanged; below: harder). better: whether a better version
    takes over half-way. gradual: the change comes bit by bit over the second half rather than at once.
    """

    name: str
    change: float = 0.0
    deferring: float = 0.0
    drift: float = 1.0
    better: bool = False
    segment: str = ""
    gradual: bool = False
    calls: int = 1_000
    assisted: int = 1_000
    managers: int = 8
    accuracy: float = 0.70
    model: float = 0.78
    follows: float = 0.40

    def sized(self, calls: int) -> Plant:
        """The same organization with another number of unaided calls in each half."""
        return replace(self, calls=calls)


STABLE = Plant("stable")
LEARNING = Plant("learning", change=0.10)
HARDER = Plant("harder cases", drift=0.75)
EASIER = Plant("easier cases", drift=1.35)
VERSION = Plant("better version", better=True)
DRIFTING = Plant("more agreement, same skill", deferring=0.25)
DESKILLING = Plant("deskilling", change=-0.06, deferring=0.25)
SEGMENT = Plant("one segment learns", change=0.10, segment="north")
HARD_AND_DEFERRING = Plant("harder cases, more agreement", drift=0.75, deferring=0.25)

PLANTS = {
    plant.name: plant
    for plant in (
        STABLE,
        LEARNING,
        HARDER,
        EASIER,
        VERSION,
        DRIFTING,
        HARD_AND_DEFERRING,
        DESKILLING,
        SEGMENT,
    )
}
"""The organizations of a proof, by name."""
