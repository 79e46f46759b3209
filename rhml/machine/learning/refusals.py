"""When training must not happen, and what to bring instead.

A set of overrides is selected because it contradicts the model: alone it teaches the model's negation.
"""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import TrainingRefused
from rhml.machine.learning.agreement import agrees_only
from rhml.machine.learning.material import right_index

ADVISED = 20
"""So many advised decisions without one agreement are a selection, not a record."""


def check_training_set(cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain) -> None:
    """Raise TrainingRefused, with the remedy, for a set that would teach the wrong thing."""
    if not domain.inputs:
        raise TrainingRefused(
            f"{domain.title} declares no features a model may read. Add [features.…] to the domain file."
        )
    _overrides_only(cases, calls, domain)
    if domain.outcome is None:
        _enough(int(cases["case_id"].isin(calls["case_id"]).sum()), "decided", "Decide", domain)
        return
    if agrees_only(cases, calls, domain=domain):
        return
    right = right_index(cases, domain)
    _enough(int((right >= 0).sum()), "resolved", "Bring outcomes for", domain)
    bank = cases["bank"].fillna(False).to_numpy(dtype=bool)
    shown = sorted({domain.label(domain.action_keys[at]) for at in right[(right >= 0) & ~bank]})
    if len(shown) < 2:
        said = f"“{shown[0]}” proved right in every" if shown else "The bank holds every"
        raise TrainingRefused(
            f"{said} resolved {domain.terms.case}, so a model could only repeat it. "
            "Bring outcomes in which another action proved right."
        )


def _overrides_only(cases: pd.DataFrame, calls: pd.DataFrame, domain: DecisionDomain) -> None:
    advised = calls[calls["recommended_action"].notna() & calls["final_action"].notna()]
    differed = advised["final_action"] != advised["recommended_action"]
    overridden = set(advised.loc[differed, "case_id"])
    bearing = set(cases.loc[cases["right_action"].notna(), "case_id"]) | set(calls["case_id"])
    alone = bool(overridden) and bearing <= overridden
    # One agreement, also by another person on the same case, and the set is no selection of overrides.
    if differed.all() and (alone or len(advised) >= ADVISED):
        raise TrainingRefused(
            f"This set holds overrides only: {len(advised):,} decisions with a recommendation, and not one "
            "kept as a record of agreement. Overrides are there because they contradict the model, so alone "
            f"they would teach its opposite. Bring the {domain.terms.many} in which people agreed as well."
        )


def _enough(found: int, what: str, bring: str, domain: DecisionDomain) -> None:
    minimum = domain.training.minimum
    if found < minimum:
        raise TrainingRefused(
            f"{found:,} {what} {domain.terms.many} are too few for a model; {domain.title} asks for {minimum:,}. "
            f"{bring} {minimum - found:,} more, or lower [training] minimum in the domain file."
        )
