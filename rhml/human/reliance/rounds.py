"""When an alarm looks: the first calls are the baseline, and the calls after them are looked at again and again.

Order is that of resolution. The first 1,000 calls are the baseline, the 1,000 after them a round of ten looks,
each later 1,000 a new round against the same baseline. So that a small team need not wait for its thousandth
call, 250 calls after the first 250 and 500 after the first 500 are rounds of their own, with a small part of
the chance of a false alarm: they find large changes only.

>>> [(r.baseline, r.start, r.end) for r in rounds(2100)]
[(250, 250, 500), (500, 500, 1000), (1000, 1000, 2000), (1000, 2000, 3000)]
"""

from __future__ import annotations

from dataclasses import dataclass

from rhml.stats.spending import bars

BASELINE = 1_000
EARLY = ((250, 0.02), (500, 0.04))
"""Sizes of the early rounds, and the part of the chance of a false alarm that each may use."""
LEAST_STEP = 50
LOOKS = 10


@dataclass(frozen=True)
class Look:
    """One look of a round: calls since the round began, and the standard errors that a change must show."""

    calls: int
    bar: float


@dataclass(frozen=True)
class Round:
    """A baseline of the first calls, and the later calls from `start` to `end` that are held against it."""

    baseline: int
    start: int
    end: int
    share: float

    @property
    def step(self) -> int:
        """Calls from one look to the next."""
        return max(LEAST_STEP, (self.end - self.start) // LOOKS)

    def looks(self, calls: int, alpha: float) -> tuple[Look, ...]:
        """The looks that have come by now, out of all that the round will have."""
        length = self.end - self.start
        sizes = range(self.step, length + 1, self.step)
        whole = 1 / (1 / self.baseline + 1 / length)
        fractions = tuple(round(1 / (1 / self.baseline + 1 / size) / whole, 9) for size in sizes)
        found = zip(sizes, bars(fractions, alpha * self.share), strict=True)
        return tuple(Look(size, bar) for size, bar in found if self.start + size <= calls)

    def until_next(self, calls: int) -> int:
        """How many more calls the next look of this round needs."""
        since = max(calls - self.start, 0)
        return self.start + (since // self.step + 1) * self.step - calls


def rounds(calls: int, shares: tuple[tuple[int, float], ...] = EARLY) -> tuple[Round, ...]:
    """The rounds that so many calls have begun; of long logs the last two, as older ones are history.

    shares: what the early rounds may use of the chance of a false alarm.
    """
    early = [Round(size, size, 2 * size, share) for size, share in shares]
    first = Round(BASELINE, BASELINE, 2 * BASELINE, 1 - sum(share for _, share in shares))
    later = [
        Round(BASELINE, start, start + BASELINE, 1.0)
        for start in range(2 * BASELINE, max(calls, 1), BASELINE)
    ]
    begun = [one for one in (*early, first, *later) if one.start < calls]
    return tuple(begun if calls <= 3 * BASELINE else begun[-2:])
