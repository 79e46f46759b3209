"""The facts the log holds, as frozen values: what a recommendation, a decision and an outcome consist of.

Times are naive UTC; confidences are probabilities in [0, 1] of the action they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import DecisionInvalid, RationaleMissing, ReasonMissing

MARKS = ("matters", "irrelevant here", "wrong direction", "value is wrong")


@dataclass(frozen=True)
class FirstCall:
    """A manager's own call, committed before any recommendation was shown; the marks say what it rests on."""

    first_call_id: str
    case_id: str
    manager: str
    mode: str
    action: str
    confidence: float | None
    called_at: datetime
    seconds: float | None = None
    marks: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Decision:
    """A final decision with everything later questions need; built by `loop.decide`, appended once.

    `mode` is the one that was drawn; `asked` whether the card did ask for the own call (None: none was drawn).
    `intent_id` is what mattered when the case was recommended for, `likeliest_action` what the model held likeliest where
    that made it recommend another.
    """

    decision_id: str
    case_id: str
    manager: str
    mode: str
    final_action: str
    decided_at: datetime | None
    final_confidence: float | None = None
    first_action: str | None = None
    first_confidence: float | None = None
    recommendation_id: str | None = None
    recommended_action: str | None = None
    reason: str | None = None
    rationale: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    imported: bool = False
    asked: bool | None = None
    intent_id: str | None = None
    likeliest_action: str | None = None

    @property
    def is_override(self) -> bool:
        """Whether the decision differs from the recommendation that was shown."""
        return self.recommended_action is not None and self.final_action != self.recommended_action


@dataclass(frozen=True)
class Outcome:
    """Which action proved right, and when that became known; `withdrawn` takes an earlier one back."""

    outcome_id: str
    case_id: str
    right_action: str | None
    known_at: datetime | None
    withdrawn: bool = False


def check_decision(
    domain: DecisionDomain, decision: Decision, facts: Mapping[str, Any] | None = None
) -> None:
    """Refuse what the domain does not know, and an override without its reason.

    A mark may be on a factor or on words of a text, "message:free gift"; these must stand in the case's `facts`.
    """
    known = domain.action_keys
    for action in (decision.final_action, decision.first_action):
        if action is not None and action not in known:
            raise DecisionInvalid(
                f"{action!r} is no action of {domain.title}. Choose one of: {', '.join(known)}."
            )
    for confidence in (decision.final_confidence, decision.first_confidence):
        if confidence is not None and not 0 <= confidence <= 1:
            raise DecisionInvalid(f"A confidence is a probability between 0 and 1, not {confidence}.")
    for factor, mark in decision.marks:
        if mark not in MARKS or not _on_the_card(domain, factor, facts or {}):
            raise DecisionInvalid(
                f"The mark {mark!r} on {factor!r} is not one of the card's. Reload the page."
            )
    if decision.is_override:
        _check_reason(domain, decision)


def _on_the_card(domain: DecisionDomain, factor: str, facts: Mapping[str, Any]) -> bool:
    """Whether a mark's factor is one of the domain's, or its words stand in the text that it names."""
    name, _, words = factor.partition(":")
    feature = next((f for f in domain.features if f.name == name), None)
    if feature is None or not words:
        return feature is not None and factor == name
    return feature.kind == "text" and words.casefold() in str(facts.get(name) or "").casefold()


def _check_reason(domain: DecisionDomain, decision: Decision) -> None:
    if not decision.reason:
        raise ReasonMissing("You decided differently. Choose the reason: the next model learns from it.")
    if decision.reason not in domain.override.reasons:
        raise DecisionInvalid(
            f"{decision.reason!r} is not among the reasons of {domain.title}. Choose one of them."
        )
    if decision.reason == "Other" and not decision.rationale.strip():
        raise RationaleMissing('You chose "Other". Say in a sentence what the model does not know.')
