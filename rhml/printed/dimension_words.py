"""What the dimensions of the log and their names are called, in the domain's own words.

>>> from rhml.core.domain import Action, DecisionDomain
>>> actions = (Action(key="lend", label="Lend"), Action(key="decline", label="Decline"))
>>> loans = DecisionDomain(name="loans", title="Loans", actions=actions)
>>> label(loans, "reason"), named(loans, "direction", "high-side"), named(loans, "final_action", "lend")
('Reason', 'Decline instead of Lend', 'Lend')
>>> headings(loans)["final_action"], headings(loans)["case_id"]
('Decided', 'Case')
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
COLUMNS = {
    "decision_id": "Decision",
    "mode": "Card",
    "first_action": "First call",
    "first_confidence": "Confidence of the first call",
    "final_action": "Decided",
    "rationale": "Rationale",
    "decided_at": "Decided at (UTC)",
    "seconds": "Seconds taken",
    "right_action": "Proved right",
    "known_at": "Known at (UTC)",
    "received_at": "Received (UTC)",
    "due_at": "Due (UTC)",
    "value": "At stake",
}
"""Headings of the log's columns for people, where a dimension has no name for them."""
MODES = {
    "assisted": "recommendation at once",
    "first_call": "own call first",
    "evidence_only": "evidence, no recommendation",
}


def label(domain: DecisionDomain, by: str) -> str:
    """What a dimension is called."""
    if by == "manager":
        return _capital(domain.terms.manager)
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


def headings(domain: DecisionDomain) -> dict[str, str]:
    """What people call the log's columns, by column: the domain's own words for cases, managers and features."""
    unit = domain.value.unit
    return {
        **LABELS,
        **COLUMNS,
        "case_id": _capital(domain.terms.case),
        "manager": _capital(domain.terms.manager),
        **({"value": f"{COLUMNS['value']} ({unit})"} if unit else {}),
        **{
            f.name: f"{f.label or f.name} ({f.unit})" if f.unit else f.label or f.name
            for f in domain.features
        },
    }


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
