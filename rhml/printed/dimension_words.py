"""What the dimensions of the log and their names are called, in the domain's own words.

>>> from rhml.core.domain import Action, DecisionDomain
>>> actions = (Action(key="lend", label="Lend"), Action(key="decline", label="Decline"))
>>> loans = DecisionDomain(name="loans", title="Loans", actions=actions)
>>> label(loans, "reason"), named(loans, "direction", "high-side"), named(loans, "final_action", "lend")
('Reason', 'Decline instead of Lend', 'Lend')
"""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.printed.measured import period

LABELS = {
    "manager": "Manager",
    "reason": "Reason",
    "recommended_action": "Recommended",
    "final_action": "Decided",
    "direction": "Direction",
    "recommended_confidence": "Confidence of the recommendation",
    "final_confidence": "Confidence of the decision",
    "seconds": "Time taken",
    "mode": "Card",
    "model_version": "Model version",
    "period": "Month",
    "verdict": "Verdict",
}
MODES = {
    "assisted": "recommendation at once",
    "first_call": "own call first",
    "evidence_only": "evidence, no recommendation",
}


def label(domain: DecisionDomain, by: str) -> str:
    """What a dimension is called."""
    if by == "manager":
        return domain.terms.manager[:1].upper() + domain.terms.manager[1:]
    return LABELS.get(by) or domain.feature(by).label or by


def named(domain: DecisionDomain, by: str, name: str) -> str:
    """One name of a dimension in the domain's words."""
    if by == "mode":
        return MODES.get(name, name)
    if by in ("recommended_action", "final_action") and name in domain.action_keys:
        return domain.label(name)
    if by == "period" and name[:1].isdigit():
        return period(name)
    if by == "direction" and len(domain.actions) == 2:
        first, second = (action.label for action in domain.actions)
        sides = {"high-side": f"{second} instead of {first}", "low-side": f"{first} instead of {second}"}
        return sides.get(name, name)
    return name
