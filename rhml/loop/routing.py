"""What if the model decided alone in some segments: past decisions replayed, a proposal, never an act."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.machine.trust import routing
from rhml.machine.trust.routing import SURENESS, Routed
from rhml.store import frames
from rhml.store.engine import Store

__all__ = ["SURENESS", "Proposal", "Routed", "asked", "propose", "replay", "replayable", "segments"]

Choice = list[tuple[str, str]]


@dataclass(frozen=True)
class Proposal:
    """Segments that could do without a look, and what the half of the log that did not choose them says."""

    choice: Choice
    found: Routed


def replayable(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The decisions that had a recommendation, with the words for how sure it was."""
    decided = frames.decided(store, domain)
    return routing.replayable(decided[~decided["moved_by_intent"].astype(bool)], domain=domain)


def segments(decisions: pd.DataFrame, domain: DecisionDomain) -> Choice:
    """Every segment that can be chosen, as (column, value)."""
    return routing.segments(decisions, domain=domain)


def replay(decisions: pd.DataFrame, domain: DecisionDomain, choice: Choice) -> Routed:
    """Hours, right decisions and value if the model had decided alone in the chosen segments."""
    rows = routing.chosen(decisions, choice, domain=domain)
    return routing.simulate(decisions, rows, domain=domain)


def propose(decisions: pd.DataFrame, domain: DecisionDomain, *, at_most: float) -> Proposal | None:
    """The segment that saves most and loses nothing, with at most so large a share decided by the model."""
    found = routing.propose(decisions, domain=domain, at_most=at_most)
    return Proposal(*found) if found else None


def asked(
    decisions: pd.DataFrame, domain: DecisionDomain, choice: Choice, *, at_most: float
) -> dict[str, Any]:
    """The replay of the named segments, or without any the proposal, as plain values for JSON."""
    known = segments(decisions, domain)
    for segment in choice:
        if segment not in known:
            offered = ", ".join(f"{column}={value}" for column, value in known) or "none"
            raise RhmlError(f"{'='.join(segment)!r} is no segment of past decisions. Segments: {offered}.")
    if choice:
        return {"segments": choice, "proposed": False, **replay(decisions, domain, choice).as_dict()}
    found = propose(decisions, domain, at_most=at_most)
    if found is None:
        why = "No segment of that size can be shown to lose nothing by doing without a look."
        return {"segments": [], "proposed": True, "message": why}
    return {"segments": found.choice, "proposed": True, **found.found.as_dict()}
