"""What the model does not know about a case, in one short sentence each, beside its suggestion."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.case_file import StoredRecommendation
from rhml.ui import words


def possible(domain: DecisionDomain, shown: StoredRecommendation) -> str:
    """Which other actions cannot be ruled out at the domain's level; nothing where none is left, or too little known.

    That only the suggestion is left is the ordinary case, and next to how often it proves right it would claim more.
    """
    kept = shown.action_set
    if len(kept) < 2:
        return ""
    level = f"(checked at {words.percent(domain.training.sets)})"
    if len(kept) == len(domain.actions) > 2:
        return f"No action can be ruled out {level}."
    others = [_action(domain, action) for action in kept if action != shown.action]
    return f"{' and '.join(others)} cannot be ruled out {level}."


def _action(domain: DecisionDomain, key: str) -> str:
    return f"**{words.plain(domain.label(key))}**"
