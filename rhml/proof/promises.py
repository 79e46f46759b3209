"""What the product promises of its own findings, as shares among planted organizations, and whether a count keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import Any


@dataclass(frozen=True)
class Promise:
    """Between which shares a count must lie, in words."""

    words: str
    low: float = 0.0
    high: float = 1.0


FIXED = Promise("93 to 97 %", 0.93, 0.97)
CAREFUL = Promise("at least 93 %", 0.93, 1.0)
RARELY_FALSE = Promise("at most 5 %", 0.0, 0.05)
FALSE_FINDS = Promise("at most 10 %", 0.0, 0.10)
FOUND = Promise("at least 80 %", 0.80, 1.0)
SPEAKS = Promise("at least 95 %", 0.95, 1.0)
PRINTED = Promise("printed")

JOINT = ("complementarity and headroom", "T − H and T − M", "change of model", "change of team")
"""Intervals that hold for several things at once, or under every reading of what the data leave open: wider by design."""

FEWEST, BROKEN = 20, 8
"""Independent counts below which it is too early to say whether a promise is kept, and below which that it is broken."""

LARGE = 3_000
"""Unaided calls a half from which a change of twice the smallest that matters must be found."""


@dataclass(frozen=True)
class Count:
    """How often something happened, the span chance allows (Wilson), what was promised, and how far off numbers were.

    error: mean and root of the mean square of value − truth, where the count is of intervals. apart: as how many
    independent ones the `of` count, where one organization gives several that go together.
    """

    section: str
    what: str
    promise: Promise
    hits: int
    of: int
    error: tuple[float, float] | None = field(default=None)
    apart: float | None = None

    @property
    def share(self) -> float | None:
        """The share, or None where nothing was examined."""
        return self.hits / self.of if self.of else None

    def span(self) -> tuple[float, float] | None:
        """Between which two shares the true one lies, 95 in 100 times."""
        if not self.of:
            return None
        z, n, p = 1.959964, self.apart or self.of, self.hits / self.of
        centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, centre - half), min(1.0, centre + half)

    @property
    def kept(self) -> str:
        """Whether the promise is kept, missed by no more than chance allows, or not kept; '' where none is made."""
        if self.promise == PRINTED or self.share is None:
            return ""
        counted, (low, high) = self.apart or self.of, self.span() or (0.0, 1.0)
        missed = low > self.promise.high or high < self.promise.low
        if counted < (BROKEN if missed else FEWEST):
            return "too few to say"
        if self.promise.low <= self.share <= self.promise.high:
            return "kept"
        return "not kept" if missed else "within chance"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        low, high = self.span() or (None, None)
        error = {"mean": self.error[0], "rms": self.error[1]} if self.error else None
        return {"section": self.section, "what": self.what, "promise": self.promise.words, "hits": self.hits,
                "of": self.of, "share": self.share, "low": low, "high": high, "kept": self.kept,
                "error": error}  # fmt: skip
