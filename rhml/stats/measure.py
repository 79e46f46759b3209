"""A number that never stands alone: its interval, its count, and the reason where there is none.

>>> Measure.unknown("Only 7 cases so far; too few to say.", n=7).as_dict()["value"] is None
True
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

MINIMUM = 20


@dataclass(frozen=True)
class Measure:
    """A value with its 95 % interval and the rows it rests on; `why` says why a part of it is missing."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    why: str = ""

    @classmethod
    def of(cls, value: float, low: float, high: float, n: int, why: str = "") -> Measure:
        """A measure from numpy or Python numbers; one that is not finite becomes None."""
        return cls(_finite(value), _finite(low), _finite(high), int(n), why)

    @classmethod
    def unknown(cls, why: str, n: int = 0) -> Measure:
        """No value, and the sentence that says why."""
        return cls(None, None, None, int(n), why)

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def scaled(self, factor: float) -> Measure:
        """The same measure in another unit, such as a total instead of a mean; the factor is positive."""
        value, low, high = (None if x is None else x * factor for x in (self.value, self.low, self.high))
        return Measure(value, low, high, self.n, self.why)

    def as_dict(self) -> dict[str, float | int | str | None]:
        """Plain Python values that any JSON writer takes."""
        return asdict(self)


def too_few(cases: int) -> str:
    """The sentence for a count below the minimum.

    >>> too_few(1)
    'Only 1 case so far; too few to say.'
    """
    if not cases:
        return "No cases so far."
    return f"Only {cases} case{'' if cases == 1 else 's'} so far; too few to say."


def _finite(number: float) -> float | None:
    number = float(number)
    return number if math.isfinite(number) else None
