"""What a report is asked about: one domain's decisions, a span of time and a segment of them, read once for all parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.loop.replay import Replays
from rhml.loop.skill import difficulty
from rhml.reports.calls import Calls
from rhml.reports.late_outcomes import LateOutcomes, late_outcomes
from rhml.reports.report import asked_for
from rhml.store import frames
from rhml.store.engine import Store


@dataclass(frozen=True, eq=False)
class Asked:
    """The question, and the frames that several parts of the report read; each is read once, when first needed."""

    store: Store
    domain: DecisionDomain
    since: datetime | None = None
    until: datetime | None = None
    segment: tuple[str, str] | None = None
    seed: int = 7

    def __post_init__(self) -> None:
        if self.segment and self.segment[0] not in self.domain.segment_columns:
            known = ", ".join(self.domain.segment_columns) or "none"
            raise RhmlError(f"{self.segment[0]!r} is no segment of {self.domain.title}. Segments: {known}.")

    @property
    def filters(self) -> dict[str, object]:
        """Span and segment, as `reports` takes them."""
        return {"since": self.since, "until": self.until, "segment": self.segment}

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """All live decisions of the domain with the facts of their cases, whatever the filters, and outcomes that count."""
        return self._complete[0]

    @property
    def late(self) -> LateOutcomes:
        """Outcomes known that do not count yet, as late ones end otherwise."""
        return self._complete[1]

    @cached_property
    def _complete(self) -> tuple[pd.DataFrame, LateOutcomes]:
        return late_outcomes(frames.decided(self.store, self.domain, facts=True), domain=self.domain)

    @cached_property
    def kept(self) -> pd.DataFrame:
        """The decisions within the filters."""
        return asked_for(self.decisions, domain=self.domain, **self.filters)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """All cases of the domain with their facts and outcomes."""
        return frames.cases(self.store, self.domain)

    @cached_property
    def hard(self) -> pd.DataFrame | None:
        """How hard each case kept is, told by other cases and other people; None where nothing can tell."""
        return difficulty(self.store, self.domain, self.kept, calls=self.calls, seed=self.seed)

    @cached_property
    def calls(self) -> Calls:
        """The three calls of the decisions within the filters."""
        return Calls.of(self.kept, self.domain)

    @cached_property
    def replays(self) -> Replays:
        """What stored versions say of the bank cases within the filters."""
        return Replays.among(self.store, self.domain, self.calls)
