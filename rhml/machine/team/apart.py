"""Where the model weighs a case differently from a person or the team: the factors that set the two apart.

>>> found = apart((0.11, 0.02), (0.03, 0.01), [(0,), (1,)], {})
>>> [(one.places, one.model, one.theirs) for one in found]
[((0,), 0.11, 0.03)]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST = 4
"""Factors told; more are not read."""

LEAST = 0.02
"""Two points: factors that are closer count as weighed alike."""

HARDLY = 0.005
"""Half a point: what the model counts less it does not count."""

MATTERS = "matters"


@dataclass(frozen=True)
class Apart:
    """One factor, or several that say the same (their places): what the model counts and what the other does, as
    fractions of the recommended action's probability; and the marks on it, each its words (none: the factor) and mark."""

    places: tuple[int, ...]
    model: float
    theirs: float
    marks: tuple[tuple[str, str], ...] = ()


def apart(
    model: Sequence[float],
    theirs: Sequence[float],
    lines: Sequence[Sequence[int]],
    marks: Mapping[int, Sequence[tuple[str, str]]],
) -> tuple[Apart, ...]:
    """At most four factors on which the two differ: first those marked against what the model counts, then the
    furthest apart. `lines` are places told as one, `marks` those of a place."""
    told = [
        Apart(
            places=tuple(line),
            model=float(sum(model[i] for i in line)),
            theirs=float(sum(theirs[i] for i in line)),
            marks=tuple(mark for i in line for mark in marks.get(i, ())),
        )
        for line in lines
    ]
    marked = sorted((one for one in told if _against(one)), key=lambda one: (-abs(one.model), one.places))
    others = [one for one in told if not _against(one) and abs(one.model - one.theirs) >= LEAST]
    others.sort(key=lambda one: (-abs(one.model - one.theirs), one.places))
    return tuple((marked + others)[:MOST])


def _against(one: Apart) -> bool:
    """Whether a mark speaks against what the model counts: it counts what does not matter here, or the reverse."""
    matters = any(mark == MATTERS for _, mark in one.marks)
    other = any(mark != MATTERS for _, mark in one.marks)
    return (matters and abs(one.model) < LEAST) or (other and abs(one.model) >= HARDLY)
