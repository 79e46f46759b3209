"""Shares from counts of decisions, each with its interval: what the cards say of right, wrong and override.

Several decisions on one case go together: intervals are Wilson's at the count of independent decisions they are worth,
as on the Overrides page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from rhml.stats.intervals import share_of, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.summed import over_cases


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
    differed: int


class Summed(Counted, Protocol):
    """The same with the sums over cases that each share's interval needs, by its count of hits."""

    sums: Mapping[str, tuple[int, int, int, int]]


SHARES = {
    "override_rate": ("overridden", "advised"),
    "model_right": ("model_right", "judged"),
    "final_right": ("team_right", "judged"),
    "own_call_right": ("called_right", "called"),
    "overrides_right": ("rescued", "differed"),
}


def share(hits: int, of: int) -> Measure:
    """A share of cases with its interval; below twenty the reason that there is none.

    >>> share(8, 40).value, share(2, 7).why
    (0.2, 'Only 7 cases so far; too few to say.')
    """
    if of < MINIMUM:
        return Measure.unknown(too_few(of), of)
    return Measure.of(hits / of, *wilson(hits, of), of)


def shares(found: Summed) -> dict[str, Measure]:
    """Model and people right, overrides, and how many of those that can be judged proved right."""
    return {
        name: share_of(over_cases(getattr(found, of), getattr(found, hits), *found.sums[hits]))
        for name, (hits, of) in SHARES.items()
    }


def row(found: Summed) -> dict[str, object]:
    """The counts and their shares as plain values."""
    counts = {name: getattr(found, name) for name in Counted.__annotations__}
    return counts | {name: measure.as_dict() for name, measure in shares(found).items()}
