"""What is found, as a reader and JSON get it: the segments that hold, and how hard the search was."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha1
from typing import Any

import numpy as np

from rhml.reports.found.discovered import SEARCHED
from rhml.reports.found.groups import EARLIER
from rhml.reports.found.own import OwnSegment
from rhml.reports.found.told import Told
from rhml.stats.measure import Measure

LEVEL = 0.05
"""False discoveries among the segments reported, on average and at most."""

CLAIMED, NEEDED = 0.08, 27.0
"""Share of the cases for which a size is claimed, and cases × share × gap² from which on a segment is found."""

QUESTIONS = {
    (True, False, 1): "people beat the model",
    (True, False, -1): "the model beats people",
    (True, True, 1): "both weak",
    (False, False, 1): "decisions beat recommendations",
    (False, False, -1): "recommendations beat decisions",
    (False, True, 1): "both weak, with the recommendation in view",
}
"""By whether calls were unaided, whether both being wrong is asked, and the direction."""


@dataclass(frozen=True)
class FoundSegment:
    """One rule that later cases bear out; which quantity `earlier`, `later` and `shrunk` are is in its question.

    told: how people and model did there, later cases.
    """

    question: str
    rule: str
    conditions: tuple[dict[str, Any], ...]
    of_calls: bool
    n: int
    share: float
    earlier: Measure
    later: Measure
    shrunk: Measure
    elsewhere: Measure
    told: Told
    p: float
    adjusted_p: float

    @property
    def title(self) -> str:
        """The question as a heading: 'People beat the model'."""
        return self.question[0].upper() + self.question[1:]

    @property
    def weak(self) -> bool:
        """Whether it is about both being wrong."""
        return any(weak and question == self.question for (_, weak, _), question in QUESTIONS.items())

    @property
    def of_decisions(self) -> bool:
        """Whether it is about final decisions, made with the recommendation in view."""
        return any(not own and question == self.question for (own, _, _), question in QUESTIONS.items())

    @property
    def key(self) -> str:
        """A short name that stays the same as long as question and rule do."""
        return sha1(repr((self.question, self.conditions)).encode(), usedforsecurity=False).hexdigest()[:10]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        plain = {k: v.as_dict() if isinstance(v, Measure) else v for k, v in values.items() if k != "told"}
        return {**plain, "conditions": list(self.conditions), **self.told.as_dict()}


@dataclass(frozen=True)
class Claim:
    """The smallest gap that is found four times in five in a segment of this share of so many cases."""

    cases: int
    share: float
    gap: float

    @classmethod
    def of(cls, cases: int) -> Claim:
        """For a search over so many cases; `tests/benchmarks/segments.py` holds it to this."""
        effective = min(cases, SEARCHED / EARLIER)
        return cls(cases, CLAIMED, float(np.sqrt(NEEDED / (CLAIMED * effective))))

    def as_dict(self) -> dict[str, float]:
        """Plain values for JSON."""
        return dict(vars(self))


@dataclass(frozen=True)
class FoundSegments:
    """The segments that hold, how many rules were looked at and asked about, and why there can be none."""

    segments: tuple[FoundSegment, ...]
    searched: int = 0
    asked: int = 0
    split: datetime | None = None
    cases: int = 0
    claims: Claim | None = None
    own: tuple[OwnSegment, ...] = ()
    unit: str = ""
    why: str = ""
    level: float = LEVEL

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "why": self.why,
            "level": self.level,
            "searched": self.searched,
            "asked": self.asked,
            "confirmed": len(self.segments),
            "cases": self.cases,
            "claims": self.claims.as_dict() if self.claims else None,
            "split": self.split.isoformat() if self.split else None,
            "unit": self.unit,
            "segments": [segment.as_dict() for segment in self.segments],
            "own": [segment.as_dict() for segment in self.own],
        }
