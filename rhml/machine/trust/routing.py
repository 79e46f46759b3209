"""What it would mean to let the model decide alone in some segments: hours, right decisions, value.

Past decisions are replayed: in the chosen segments the recommendation stands in for the final decision, in
the others nothing changes. Only decisions whose outcome is known can tell; nothing here is ever applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import confidence_word
from rhml.machine.trust.space import as_text
from rhml.stats.intervals import amount, mean
from rhml.stats.measure import Measure, too_few
from rhml.stats.paired import difference
from rhml.stats.sample import Sample

SURENESS = "model is"
"""The segment column that every domain has: clear, leaning or toss-up."""

LONGEST = 3600.0
"""A card left open over lunch is not an hour of work: longer ones count as one hour."""

MOST_VALUES = 12
LEAST = 30
"""A segment with fewer resolved decisions is not proposed."""


@dataclass(frozen=True)
class Routed:
    """What replaying the past says of one choice of segments.

    `share` of the decisions the model would have taken alone; `hours` of people's time saved for each 1,000
    of all decisions; `accuracy` change of the share right and `value` of the domain's unit over 1,000 of all
    decisions; `inside` the change among the routed alone; `rescued` and `spoiled` count what people's
    overrides there came to.
    """

    decisions: int
    routed: int
    share: float
    hours: Measure
    accuracy: Measure
    inside: Measure
    value: Measure
    rescued: int
    spoiled: int

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {k: v.as_dict() if isinstance(v, Measure) else v for k, v in vars(self).items()}


def replayable(decisions: pd.DataFrame, *, domain: DecisionDomain) -> pd.DataFrame:
    """The decisions that had a recommendation, with how sure it was as a segment of its own."""
    kept = decisions[decisions["recommended_action"].notna() & decisions["final_action"].notna()]
    said = pd.to_numeric(kept["recommended_confidence"], errors="coerce")
    words = [confidence_word(p, len(domain.actions)) if p == p else None for p in said]
    return kept.assign(**{SURENESS: words}).reset_index(drop=True)


def segments(decisions: pd.DataFrame, *, domain: DecisionDomain) -> list[tuple[str, str]]:
    """Every segment that can be chosen, as (column, value), those of the model's sureness first."""
    found = []
    for column in [SURENESS, *(c for c in domain.segments.columns if c not in domain.segments.protected)]:
        if column == SURENESS or domain.feature(column).kind in ("category", "yes_no"):
            counts = _texts(decisions, column, domain).value_counts()
            found += [(column, str(value)) for value in counts.index[:MOST_VALUES]]
    return found


def chosen(decisions: pd.DataFrame, choice: list[tuple[str, str]], *, domain: DecisionDomain) -> np.ndarray:
    """Which decisions a choice covers: any of its values of a column, in every column it names."""
    rows = np.full(len(decisions), bool(choice))
    for column in dict.fromkeys(c for c, _ in choice):
        values = [v for c, v in choice if c == column]
        rows &= _texts(decisions, column, domain).isin(values).to_numpy()
    return rows


def simulate(decisions: pd.DataFrame, rows: np.ndarray, *, domain: DecisionDomain, seed: int = 7) -> Routed:
    """Replay the decisions of `rows` with the model alone; `decisions` as `replayable` gives them."""
    known = decisions["right_action"].notna().to_numpy()
    if domain.selective:
        known = known & decisions["explore"].fillna(False).to_numpy(dtype=bool)
    resolved, there = decisions[known], rows[known]
    right = resolved["right_action"]
    team = (resolved["final_action"] == right).to_numpy(float)
    model = (resolved["recommended_action"] == right).to_numpy(float)
    alone = np.where(there, model, team)
    sample = {"cases": resolved["case_id"].to_numpy(), "managers": resolved["manager"].to_numpy()}
    inside = {name: ids[there] for name, ids in sample.items()}
    differ = there & (resolved["final_action"] != resolved["recommended_action"]).to_numpy()
    accuracy, within = difference(alone, team, **sample), difference(model[there], team[there], **inside)
    if domain.selective and not known.any():
        accuracy = within = Measure.unknown(
            "Cannot be known: outcomes are seen only after some decisions, and none was explored yet."
        )
    return Routed(
        decisions=len(decisions),
        routed=int(rows.sum()),
        share=float(rows.mean()) if len(rows) else 0.0,
        hours=_hours(decisions, rows),
        accuracy=accuracy,
        inside=within,
        value=_value(resolved, there, domain, seed) if accuracy.known else Measure.unknown(accuracy.why),
        rescued=int((differ & (team == 1)).sum()),
        spoiled=int((differ & (model == 1)).sum()),
    )


def propose(
    decisions: pd.DataFrame, *, domain: DecisionDomain, at_most: float, seed: int = 7
) -> tuple[list[tuple[str, str]], Routed] | None:
    """The segment, of one column or of one beside the model's sureness, that saves most and loses nothing.

    Found on every other case, where the low end of the change inside may be no lower than half the smallest
    change that means something, and no value may be lost on average; what is returned is measured on the
    other cases, which had no part in the choice. None where nothing qualifies.
    """
    half = pd.factorize(decisions["case_id"])[0] % 2 == 0
    found, kept = decisions[half].reset_index(drop=True), decisions[~half].reset_index(drop=True)
    single = segments(found, domain=domain)
    sure = [(SURENESS, word) for word in ("clear", "leaning")]
    choices = [[s] for s in single] + [[a, s] for a in sure for s in single if s[0] != SURENESS]
    best, most = None, 0.0
    for choice in choices:
        rows = chosen(found, choice, domain=domain)
        if not 0 < rows.mean() <= at_most:
            continue
        replay = simulate(found, rows, domain=domain, seed=seed)
        safe = replay.inside.n >= LEAST and replay.inside.low is not None and (replay.value.value or 0.0) >= 0
        if safe and replay.inside.low >= -_allowed(domain) and replay.share > most:
            best, most = choice, replay.share
    if best is None:
        return None
    return best, simulate(kept, chosen(kept, best, domain=domain), domain=domain, seed=seed)


def _allowed(domain: DecisionDomain) -> float:
    """How much worse, at the low end of its interval, the routed decisions may be to be proposed."""
    return max(domain.training.margin, domain.report.smallest_change / 2)


def _hours(decisions: pd.DataFrame, rows: np.ndarray) -> Measure:
    """Hours that people spent on the routed decisions, for each 1,000 of all."""
    spent = pd.to_numeric(decisions["seconds"], errors="coerce").to_numpy(np.float64, na_value=np.nan)
    timed = ~np.isnan(spent) & (spent > 0)
    if timed.sum() == 0:
        return Measure.unknown("How long people took is not on record: these decisions were imported.")
    if timed.sum() < 20:
        return Measure.unknown(too_few(int(timed.sum())), int(timed.sum()))
    saved = np.where(rows, np.clip(spent, 0, LONGEST), 0.0)[timed]
    ids = (decisions[name].to_numpy()[timed] for name in ("case_id", "manager"))
    return mean(saved, Sample.of(*ids)).scaled(1000 / 3600)


def _value(resolved: pd.DataFrame, there: np.ndarray, domain: DecisionDomain, seed: int) -> Measure:
    """The change in the domain's unit for each 1,000 of all resolved decisions: costs saved, or lost."""
    if domain.value.column is None:
        return Measure.unknown("The domain file names no value at stake.")
    stake = pd.to_numeric(resolved["value"], errors="coerce").fillna(0.0).to_numpy(float)
    sides = []
    for column in ("final_action", "recommended_action"):
        pairs = zip(resolved[column], resolved["right_action"], strict=True)
        sides.append(stake * np.array([domain.cost_of(made, right) for made, right in pairs]))
    saved = np.where(there, sides[0] - sides[1], 0.0)
    sample = Sample.of(resolved["case_id"].to_numpy(), resolved["manager"].to_numpy())
    return amount(saved, sample, seed=seed).scaled(1000)


def _texts(decisions: pd.DataFrame, column: str, domain: DecisionDomain) -> pd.Series:
    if column == SURENESS:
        return decisions[column].astype(object)
    return as_text(decisions, domain.feature(column))
