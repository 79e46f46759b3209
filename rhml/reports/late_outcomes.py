"""Outcomes that come later and are others: the newest decisions wait until theirs are in.

Where a bad end takes longer to show than a good one, what is known of the newest decisions is mostly good. So that
nobody looks better by it, the outcomes of a span that is not complete count as not known yet, if in complete spans the
early ones were others than all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.stats.late import Late, late

FINAL_RIGHT = "the decision"
OUTCOME = ("right_action", "known_at", "verdict")


@dataclass(frozen=True)
class LateOutcomes:
    """What is set aside for now, and why; `sentence` is empty where nothing is to be said."""

    found: Late
    sentence: str
    set_aside: int

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        told, since = self.found.told, self.found.since
        return {
            "sentence": self.sentence,
            "set_aside": self.set_aside,
            "since": pd.Timestamp(since).isoformat() if since is not None else None,
            "open": self.found.open,
            "known_early": self.found.known,
            "days": self.found.days,
            "told": None if told is None else {"kind": told.kind, "early": told.early, "all": told.all},
        }


def late_outcomes(decisions: pd.DataFrame, *, domain: DecisionDomain) -> tuple[pd.DataFrame, LateOutcomes]:
    """The decisions with outcomes that may count, and what was set aside; decisions as `frames.decided`."""
    found = _found(decisions, domain)
    if not found.distorts:
        return decisions, LateOutcomes(found, _unsure(found, domain), 0)
    made = pd.to_datetime(decisions["decided_at"])
    aside = ((made >= found.since) & decisions["right_action"].notna()).to_numpy(bool)
    kept = decisions.copy(deep=False)
    for name in (column for column in OUTCOME if column in kept):
        kept[name] = kept[name].mask(aside)
    return kept, LateOutcomes(found, _sentence(found, int(aside.sum()), domain), int(aside.sum()))


def set_aside(decisions: pd.DataFrame, *, domain: DecisionDomain) -> frozenset[str]:
    """The cases whose known outcome does not count yet."""
    kept, found = late_outcomes(decisions, domain=domain)
    if not found.set_aside:
        return frozenset()
    return frozenset(
        decisions.loc[decisions["right_action"].notna() & kept["right_action"].isna(), "case_id"]
    )


def _found(decisions: pd.DataFrame, domain: DecisionDomain) -> Late:
    if domain.outcome is None or not len(decisions):
        return Late(None)
    calls = Calls.of(decisions, domain)
    comes = ~calls.never_seen & (calls.final >= 0)
    live = comes & ~decisions["imported"].fillna(False).to_numpy(bool)
    rows = np.flatnonzero(live if live.sum() >= comes.sum() / 2 else comes)
    right = calls.right[rows]
    kinds = {f"“{domain.label(key)}”": right == place for place, key in enumerate(domain.action_keys)}
    kinds[FINAL_RIGHT] = calls.hits("final")[rows]
    made, known = (
        pd.to_datetime(decisions[name]).to_numpy("datetime64[us]")[rows]
        for name in ("decided_at", "known_at")
    )
    return late(made, np.where(right >= 0, known, np.datetime64("NaT")), kinds)


def _sentence(found: Late, aside: int, domain: DecisionDomain) -> str:
    told, many = found.told, domain.terms.many
    return (
        f"Of {many} decided since {_day(found)}, {found.open:,} have no outcome yet, and late ones end otherwise: {told.kind} "
        f"proved right in {100 * told.early:.0f} of 100 known so early, in {100 * told.all:.0f} of 100 once all are in. So the "
        f"{aside:,} known ones do not count yet."
    )


def _unsure(found: Late, domain: DecisionDomain) -> str:
    """Too few complete ones to tell, and enough open ones to matter."""
    if (
        found.since is None
        or found.told is not None
        or found.open < max(10, 0.1 * (found.open + found.known))
    ):
        return ""
    return (
        f"{found.open:,} of {found.open + found.known:,} {domain.terms.many} decided since {_day(found)} have no outcome yet. "
        "Whether late outcomes are like early ones cannot be told before more spans are complete."
    )


def _day(found: Late) -> str:
    when = pd.Timestamp(found.since)
    return f"{when.day} {when:%B %Y}"
