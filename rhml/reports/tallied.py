"""Shares from counts of decisions, each with its interval: what the cards say of right, wrong and override.

Intervals are Wilson's at the number of distinct cases: several decisions on one case tell no more than one of them.
"""

from __future__ import annotations

from typing import Protocol

from rhml.stats.intervals import wilson
from rhml.stats.measure import MINIMUM, Measure, too_few


class Counted(Protocol):
    """Counts of decisions, as the log sums them."""

    name: str
    decisions: int
    advised: int
    overridden: int
    judged: int
    cases: int
    model_right: int
    team_right: int
    rescued: int
    spoiled: int
    called: int
    called_right: int


def share(hits: int, of: int, cases: int | None = None) -> Measure:
    """A share of rows with its interval; below twenty rows the reason that there is none.

    >>> share(8, 40).value, share(2, 7).why
    (0.2, 'Only 7 cases so far; too few to say.')
    """
    if of < MINIMUM:
        return Measure.unknown(too_few(of), of)
    effective = min(cases if cases is not None else of, of)
    return Measure.of(hits / of, *wilson(hits / of * effective, effective), of)


def shares(found: Counted) -> dict[str, Measure]:
    """Model and people right, overrides, and what overrides came to."""
    return {
        "override_rate": share(found.overridden, found.advised),
        "model_right": share(found.model_right, found.judged, found.cases),
        "final_right": share(found.team_right, found.judged, found.cases),
        "own_call_right": share(found.called_right, found.called),
        "overrides_rescued": share(found.rescued, found.rescued + found.spoiled),
    }


def row(found: Counted) -> dict[str, object]:
    """The counts and their shares as plain values."""
    counts = {name: getattr(found, name) for name in Counted.__annotations__}
    return counts | {name: measure.as_dict() for name, measure in shares(found).items()}
