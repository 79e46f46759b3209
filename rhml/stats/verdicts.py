"""When a change may be called one: *improved*, *fell*, *no change shown*, or not enough data yet.

>>> said = verdict(Measure(0.01, -0.08, 0.10, 400), smallest=0.05)
>>> said.words
'not enough data yet (about 2,300 more)'
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import stats

from rhml.stats.measure import Measure

POWER = 0.8


@dataclass(frozen=True)
class Verdict:
    """The words for a change, the change itself, and about how many more cases an answer needs."""

    words: str
    change: Measure
    more: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values: the verdict beside the numbers it rests on."""
        return {"verdict": self.words, **self.change.as_dict(), "more": self.more}


def verdict(change: Measure, *, smallest: float, level: float = 0.95) -> Verdict:
    """The words for a change whose interval holds at `level`; `smallest` is the least that matters."""
    if not change.known or change.low is None or change.high is None:
        return Verdict("too few to say", change)
    if change.low > 0:
        return Verdict("improved", change)
    if change.high < 0:
        return Verdict("fell", change)
    if -smallest <= change.low and change.high <= smallest:
        return Verdict("no change shown", change)
    more = more_needed(change, smallest=smallest, level=level)
    return Verdict(f"not enough data yet (about {more:,} more)", change, more)


def more_needed(change: Measure, *, smallest: float, level: float = 0.95) -> int:
    """How many more rows find a change of `smallest` four times in five.

    From the interval's width alone, which carries the design effect, never from the change observed.
    Where that many are there already, as many as force an answer: an interval no wider than `smallest`
    either leaves out zero or lies within ±`smallest`.
    """
    z = stats.norm.ppf((1 + level) / 2)
    error = (change.high - change.low) / 2 / z
    for wanted in (smallest / (z + stats.norm.ppf(POWER)), smallest / (2 * z)):
        more = change.n * ((error / wanted) ** 2 - 1)
        if more > 0:
            return _rounded_up(more)
    return 1


def _rounded_up(count: float) -> int:
    """Two leading digits: more would claim a precision that a plan does not have."""
    unit = 10 ** max(math.floor(math.log10(max(count, 1))) - 1, 0)
    return math.ceil(count / unit) * unit
