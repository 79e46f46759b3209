"""What can be wrong with the rules of a domain file: factors kept apart, and stated policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rhml.errors import Problem

if TYPE_CHECKING:
    from rhml.core.domain import DecisionDomain
    from rhml.core.domain_parts import Condition


SIGNS = "_*`<>[]{}#|$~:\\@\n"
"""What Markdown and HTML act upon."""


def terms(domain: DecisionDomain) -> Iterator[Problem]:
    """An organization's own words stand in the product's sentences, so they hold no signs that mean something there."""
    for name, word in (
        ("case", domain.terms.case),
        ("cases", domain.terms.cases),
        ("manager", domain.terms.manager),
    ):
        if found := next((sign for sign in word if sign in SIGNS), None):
            yield Problem(
                f"terms.{name}",
                word,
                f"{found} cannot stand in a word of your own.",
                "Write it in letters, digits, spaces, hyphens and apostrophes.",
            )


def pairs(domain: DecisionDomain) -> Iterator[Problem]:
    """Each pair of `training.apart` names two different features."""
    declared = {feature.name for feature in domain.features}
    for pair in domain.training.apart:
        for name in pair:
            if name not in declared:
                yield Problem("training.apart", name, f"{name!r} is not declared.", "Name two features.")
        if pair[0] == pair[1]:
            yield Problem("training.apart", pair[0], "A feature cannot be kept apart from itself.",
                          "Name two different features.")  # fmt: skip


def policies(domain: DecisionDomain) -> Iterator[Problem]:
    """Each policy asks for an action that there is, under conditions that can be checked."""
    for at, policy in enumerate(domain.policy, 1):
        where = f"policy {at}"
        if policy.action not in domain.action_keys:
            yield Problem(where, policy.action, f"{policy.action!r} is no action.",
                          f"Use one of: {', '.join(domain.action_keys)}.")  # fmt: skip
        if len({(c.feature, c.op) for c in policy.when}) < len(policy.when):
            yield Problem(where, "", "Two conditions say the same thing twice.", "Remove one.")
        for condition in policy.when:
            yield from _condition(domain, condition, where)


def _condition(domain: DecisionDomain, condition: Condition, where: str) -> Iterator[Problem]:
    name = condition.feature
    feature = next((f for f in domain.features if f.name == name), None)
    if feature is None:
        yield Problem(where, name, f"{name!r} is not declared.", "Name a feature of the file.")
        return
    if name in domain.segments.protected:
        yield Problem(where, name, f"{name!r} is protected, so no policy may turn on it.",
                      "Choose another condition.")  # fmt: skip
    fitting = {"number": float, "yes_no": bool, "category": str}.get(feature.kind)
    if fitting is None:
        yield Problem(where, name, f"A policy cannot compare a {feature.kind}.", "Choose another condition.")
    elif not isinstance(condition.value, fitting):
        yield Problem(where, str(condition.value), f"{name!r} is a {feature.kind} and never has this value.",
                      "Write a number without quotes, true or false, or a word in quotes.")  # fmt: skip
    elif condition.op != "=" and feature.kind != "number":
        yield Problem(where, condition.op, f"A {feature.kind} has no more and less.", "Use op = '='.")
    elif feature.levels and condition.value not in feature.levels:
        yield Problem(where, str(condition.value), f"{name!r} has no such level.",
                      f"Use one of: {', '.join(feature.levels[:20])}.")  # fmt: skip


def governance(domain: DecisionDomain) -> Iterator[Problem]:
    """What is asked of a second person has to be possible, and less than everything."""
    rules = domain.governance
    limited = rules.second_signature_above is not None
    if limited and domain.value.column is None:
        yield Problem("governance.second_signature_above", f"{rules.second_signature_above:g}",
                      "The domain does not say what is at stake, so nothing can be above a limit.",
                      "Name the column in [value], or leave the limit out.")  # fmt: skip
    if not limited and (rules.signature_for or rules.signature_overrides_only):
        yield Problem("governance", "", "It says which decisions need a second signature, but not above what.",
                      "Add second_signature_above; 0 asks for it whatever is at stake.")  # fmt: skip
    for action in rules.signature_for:
        if action not in domain.action_keys:
            yield Problem("governance.signature_for", action, f"{action!r} is no action.",
                          f"Use one of: {', '.join(domain.action_keys)}.")  # fmt: skip
    even = 1 / max(len(domain.actions), 2)
    if rules.conflict_when_sure is not None and rules.conflict_when_sure <= even:
        yield Problem("governance.conflict_when_sure", f"{rules.conflict_when_sure:g}",
                      "A recommendation is at least so sure always: every override would be a conflict.",
                      f"Set it above {even:.2f}, for instance 0.95, or leave it out.")  # fmt: skip


def retention(domain: DecisionDomain) -> Iterator[Problem]:
    """What an erased case keeps has to be a feature, and no text: texts tell of people."""
    kinds = {feature.name: feature.kind for feature in domain.features}
    for name in domain.retention.keep or ():
        if name not in kinds:
            yield Problem("retention.keep", name, f"{name!r} is no feature of a case.",
                          f"Use some of: {', '.join(list(kinds)[:20])}.")  # fmt: skip
        elif kinds[name] == "text":
            yield Problem("retention.keep", name, "A text cannot stay when its case is erased.",
                          "Leave it out of keep.")  # fmt: skip
