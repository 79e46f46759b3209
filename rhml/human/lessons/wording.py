"""A lesson as its reader hears it: the segment, how often the two differed there, and who was right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.stats.rules.rule import Rule


def sentence(
    rule: Rule, evidence: Mapping[str, Any], *, domain: DecisionDomain, learner: str, own: bool
) -> str:
    """'When amount at least 40,000 €, you differed from the model 38 of 52 times; it was right 31 times, you 5.'

    evidence: the counts of the later decisions, on which the rule was not drawn.
    """
    you, were = ("you", "you") if own else ("people", "they")
    n, differed = evidence["n"], evidence["differed"]
    person, model = evidence["person_right"], evidence["model_right"]
    right = f"the model was right {model} times, {were} {person}"
    if learner == "model":
        right = f"{were} were right {person} times, the model {model}"
    return f"When {rule.words(domain)}, {you} differed from the model {differed} of {n} times; {right}."


def counted(own: int, total: int) -> str:
    """Which calls count: those made unaided, else the final decisions.

    >>> counted(40, 52)
    'Counted: 40 calls made before the recommendation was seen, and 12 final decisions made with it in view.'
    """
    if own == total:
        return "Counted: calls made before the recommendation was seen."
    if not own:
        return "Counted: final decisions, made with the recommendation in view."
    return (
        f"Counted: {own:,} calls made before the recommendation was seen, and {total - own:,} final decisions "
        "made with it in view."
    )
