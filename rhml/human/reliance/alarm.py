"""What an alarm says: raised, quiet or too few to say, since when, on what numbers, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from rhml.stats.measure import Measure

State = Literal["raised", "quiet", "too few to say"]
FALSE_ALARMS = 0.05
"""Stable teams, of a hundred, that may get any alarm over their baseline and the round after it."""


@dataclass(frozen=True)
class Looked:
    """One look that was taken: how many later calls there were, when, and the change with its interval.

    The interval is that of the look: over all looks together, at most the spent chance passes zero.
    """

    calls: int
    baseline: int
    at: datetime
    change: Measure
    raised: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**vars(self), "at": self.at.isoformat(), "change": self.change.as_dict()}


@dataclass(frozen=True)
class Alarm:
    """One alarm as it stands; `more` is how many calls the next look needs."""

    kind: str
    state: State
    since: datetime | None
    change: Measure
    agreement: Measure
    looks: tuple[Looked, ...]
    sentence: str
    proposal: dict[str, Any] | None = None
    more: int = 0
    detail: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The entry of `report --json` under `alarms`."""
        detail = {k: v.as_dict() if isinstance(v, Measure) else v for k, v in self.detail.items()}
        return {
            "kind": self.kind, "state": self.state,
            "since": self.since.isoformat() if self.since else None,
            "change": self.change.as_dict(), "agreement": self.agreement.as_dict(),
            "looks": [look.as_dict() for look in self.looks], "sentence": self.sentence,
            "proposal": self.proposal, "more": self.more, **detail,
        }  # fmt: skip


def nothing(kind: str, why: str, more: int = 0) -> Alarm:
    """An alarm that cannot say anything yet, and why."""
    none = Measure.unknown(why)
    return Alarm(kind, "too few to say", None, none, none, (), why, more=more)
