"""The arithmetic of reasons: points as they are shown, which add up to the probability as it is shown.

>>> told = account(points=(0.216, -0.043, 0.004), base=0.5, probability=0.677)
>>> told.start, [(line.places, line.points) for line in told.shown], told.rest, told.total
(50, [((0,), 22), ((1,), -4)], 0, 68)
>>> told.start + sum(line.points for line in told.shown) + told.rest == told.total
True
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

MOST = 4
"""Reasons told one by one; more are not read."""

LEAST = 0.005
"""Half a point: what is smaller is told with the rest."""

AGAINST = 0.01
"""A whole point against the rest is told among the reasons, however strong those are."""


@dataclass(frozen=True)
class Line:
    """One reason: the places of its features (several where they say the same), its exact share, its points."""

    places: tuple[int, ...]
    exact: float
    points: int


@dataclass(frozen=True)
class Account:
    """Where the estimate starts, what moves it, and where it ends, in whole points that add up."""

    start: int
    shown: tuple[Line, ...]
    rest: int
    others: tuple[int, ...]
    total: int
    correction: int = 0


def account(
    *,
    points: Sequence[float],
    base: float,
    probability: float,
    groups: Sequence[Sequence[int]] = (),
    total: int | None = None,
    correction: float = 0.0,
) -> Account:
    """Whole points that add up to the rounded probability, each within one of its exact value.

    `groups` are places of features that say the same: one line each. `total` is what the parts must come to
    where that is not the rounded probability; `correction` is the line of the team's corrections.
    """
    told = _told(points, lines(len(points), groups))
    others = tuple(sorted(set(range(len(points))) - {place for line in told for place in line}))
    total = round(100 * probability) if total is None else total
    exact = [base, *(_sum(points, line) for line in told), _sum(points, others)]
    corrected = round(100 * correction)
    start, *shown, rest = whole([100 * part for part in exact], total - corrected)
    if not others:  # nothing is left to carry a point of rounding, so the start does
        start, rest = start + rest, 0
    named = zip(told, exact[1:-1], shown, strict=True)
    return Account(start, tuple(Line(*line) for line in named), rest, others, total, corrected)


def lines(count: int, groups: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The places of features as lines: those of a group together, every other alone."""
    joined = [tuple(group) for group in groups]
    taken = {place for group in joined for place in group}
    return joined + [(place,) for place in range(count) if place not in taken]


def _told(points: Sequence[float], every: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The strongest lines, and the strongest against them where they would all say the same."""
    order = sorted(every, key=lambda line: (-abs(_sum(points, line)), line))
    weighty = [line for line in order if abs(_sum(points, line)) >= LEAST]
    told = weighty[:MOST]
    ways = {_sum(points, line) > 0 for line in told}
    if len(told) == MOST and len(ways) == 1:
        (way,) = ways
        against = [w for w in weighty if (_sum(points, w) > 0) != way and abs(_sum(points, w)) >= AGAINST]
        told = [*told[:-1], against[0]] if against else told
    return told


def _sum(points: Sequence[float], line: Sequence[int]) -> float:
    return sum(points[place] for place in line)


def whole(parts: Sequence[float], total: int) -> list[int]:
    """Parts as whole numbers that sum to `total`: each rounded down, the largest remainders up (Hare)."""
    down = [floor(part) for part in parts]
    missing = total - sum(down)
    by_remainder = sorted(range(len(parts)), key=lambda i: down[i] - parts[i])
    for i in by_remainder[: max(missing, 0)]:
        down[i] += 1
    down[0] += missing - min(max(missing, 0), len(parts))  # a total rounded on its own may be a point off
    return down


def strongest_first(points: Sequence[float]) -> list[int]:
    """Places of the features by how much they weigh."""
    return sorted(range(len(points)), key=lambda i: -abs(points[i]))
