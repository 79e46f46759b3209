"""What an examiner writes down: intervals beside the truth, verdicts beside what they should have been, finds.

Plain lists, one line of JSON an organization, so that a proof can be cut short, resumed and counted again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

CLAIMS = ("improved", "fell")


@dataclass
class Judged:
    """The sheet of one organization, while an examiner fills it.

    intervals: kind, truth, value, low, high. claims: kind, words, whether they are false, whether there was nothing
    to claim. searches: kind, size, planted, found of it, reported, false among the reported. powers: what, at which
    size, whether it was found.
    """

    intervals: list[list[Any]] = field(default_factory=list)
    claims: list[list[Any]] = field(default_factory=list)
    searches: list[list[Any]] = field(default_factory=list)
    powers: list[list[Any]] = field(default_factory=list)

    def interval(self, kind: str, truth: float, said: dict[str, Any] | None) -> None:
        """A stated interval beside the truth; what states none is counted nowhere."""
        if said and said.get("low") is not None and said.get("high") is not None and truth == truth:
            numbers = (float(truth), said["value"], said["low"], said["high"])
            self.intervals.append([kind, *(round(float(x), 6) for x in numbers)])

    def change(self, kind: str, truth: float, words: str) -> None:
        """A verdict on a change: *improved* is false where nothing grew, *fell* where nothing shrank."""
        said = words.split(" (")[0]
        false = (said == "improved" and truth <= 1e-9) or (said == "fell" and truth >= -1e-9)
        self.claims.append([kind, said, bool(false), bool(abs(truth) <= 1e-9)])

    def claim(self, kind: str, said: str, *, false: bool, still: bool = True) -> None:
        """Any other claim, whether it is false, and whether there was nothing to claim."""
        self.claims.append([kind, said, bool(false), bool(still)])

    def search(self, kind: str, size: int, *, planted: int, hit: int, reported: int, false: int) -> None:
        """What a search for segments or lessons came to, in a log of so many decisions."""
        self.searches.append([kind, *map(int, (size, planted, hit, reported, false))])

    def power(self, what: str, size: int, *, hit: bool) -> None:
        """Whether something planted was found, at a size."""
        self.powers.append([what, int(size), bool(hit)])

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {name: list(getattr(self, name)) for name in ("intervals", "claims", "searches", "powers")}
