"""What the model does not know about a case, in one short sentence each, beside its suggestion."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.store.case_file import StoredRecommendation
from rhml.ui import words


def possible(domain: DecisionDomain, shown: StoredRecommendation) -> str:
    """Which actions cannot be ruled out at the domain's level; nothing where too little is known to say."""
    kept = shown.action_set
    if not kept:
        return ""
    level = words.percent(domain.training.sets)
    if len(kept) == 1:
        return f"At {level}, only {_action(domain, kept[0])} remains possible."
    if len(kept) == len(domain.actions) > 2:
        return f"At {level}, no action can be ruled out."
    others = [_action(domain, action) for action in kept if action != shown.action]
    return f"At {level}, the model cannot rule out {' and '.join(others)}."


def _action(domain: DecisionDomain, key: str) -> str:
    return f"**{words.plain(domain.label(key))}**"
