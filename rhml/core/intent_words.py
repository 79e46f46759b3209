"""What matters now, in sentences and on one line; and why an intent cannot be stated."""

from __future__ import annotations

import math

from rhml.core.domain import DecisionDomain
from rhml.core.intent import (
    MOST_FACTOR,
    PROTECTABLE,
    QUEUES,
    Intent,
    Protect,
    ends,
    kinds,
    most,
    protectable,
    protected_kind,
    thresholds,
    two_sided,
)


def times(doublings: float) -> str:
    """A weight as people say it: 4, 1.4, 22.

    >>> times(2.0), times(0.5), times(4.25)
    ('4', '1.4', '19')
    """
    factor = 2.0 ** abs(doublings)
    return f"{factor:.0f}" if factor >= 10 else f"{factor:.1f}".removesuffix(".0")


def short(domain: DecisionDomain, intent: Intent) -> str:
    """One line: the ends that weigh more, the queue, the protected segment."""
    parts = [f"{_end(domain, intent)} ({times(intent.balance)} : 1)"] if intent.balance else []
    labels = {a.key: a.label for a in domain.actions}
    for key, weight in intent.weights:
        if weight:
            less = "fewer" if weight > 0 else "more leave for"
            parts.append(f"{less} wrong “{labels.get(key, key)}” ({times(weight)} : 1)")
    parts += ["the costs of the domain file"] if not parts else []
    parts += {"costs": ["costliest first"], "delay": ["less delay"]}.get(intent.queue, [])
    if intent.protect:
        parts.append(f"protect {segment_words(domain, intent.protect)}")
    line = "; ".join(parts)
    return line[:1].upper() + line[1:]


def _end(domain: DecisionDomain, intent: Intent) -> str:
    return ends(domain).low if intent.balance > 0 else ends(domain).high


def segment_words(domain: DecisionDomain, protect: Protect) -> str:
    """The protected segment: its label and value."""
    feature = next((f for f in domain.features if f.name == protect.column), None)
    said = {"true": "yes", "false": "no"} if feature and feature.kind == "yes_no" else {}
    return f"{feature.label if feature else protect.column}: {said.get(protect.value, protect.value)}"


def in_words(domain: DecisionDomain, intent: Intent) -> tuple[str, ...]:
    """What matters now, a sentence each."""
    words = dict(kinds(domain))
    said = []
    if two_sided(domain) and intent.balance:
        more, less = ("low", "high") if intent.balance > 0 else ("high", "low")
        said.append(
            f"{_end(domain, intent)}: on top of the domain’s costs, {words[more]} weighs {times(intent.balance)} "
            f"times as much against {words[less]}."
        )
    for key, weight in intent.weights:
        if weight:
            how = "more" if weight > 0 else "less"
            said.append(f"{words.get(key, key)} weighs {times(weight)} times {how}.")
    if not said:
        said.append(
            "Mistakes cost what the domain file says, and the action of least expected cost is recommended."
        )
    if intent.protect:
        kind = protected_kind(domain, intent.protect)
        said.append(
            f"Protected is {segment_words(domain, intent.protect)}: there {words.get(kind, kind)} weighs "
            f"{intent.protect.factor:g} times as much again."
        )
    if intent.queue:
        said.append(f"The queue: {QUEUES[intent.queue][0].lower()}{QUEUES[intent.queue][1:]}.")
    if len(domain.actions) == 2:
        [line] = thresholds(domain, intent)
        said.append(f"“{domain.label(line.first)}” is recommended from {line.probability:.0%} on.")
    return tuple(said)


def problems(domain: DecisionDomain, intent: Intent) -> tuple[str, ...]:
    """Why the intent cannot be stated in this domain, a sentence with its remedy each; none if it can."""
    found = []
    limit = most(domain)
    weights = [intent.balance, *(weight for _, weight in intent.weights)]
    if not all(math.isfinite(w) and abs(w) <= limit + 1e-9 for w in weights):
        found.append(
            f"One kind of mistake may weigh at most {domain.intent.most:g} times the other. Choose less."
        )
    if two_sided(domain) and intent.weights:
        found.append("Weights by action are for actions without an order. Give a balance instead.")
    if not two_sided(domain) and intent.balance:
        found.append(
            "These actions have no order, so there is no balance. Give a weight for each action instead."
        )
    keys = [key for key, _ in intent.weights]
    unknown = sorted(set(keys) - set(domain.action_keys))
    if unknown or len(set(keys)) < len(keys):
        found.append(f"Give each of {', '.join(domain.action_keys)} at most one weight.")
    if intent.queue not in QUEUES:
        found.append(f"{intent.queue!r} is no order of the queue. Choose costs, delay or none.")
    return (*found, *(_of_protected(domain, intent.protect) if intent.protect else ()))


def _of_protected(domain: DecisionDomain, protect: Protect) -> list[str]:
    found = []
    if protect.column in domain.segments.protected:
        found.append(
            f"{protect.column} is watched for unequal treatment, so no recommendation may depend on it. "
            f"{_choose(domain)}"
        )
    elif protect.column not in protectable(domain):
        found.append(
            f"{protect.column!r} is no segment with a few values ({' or '.join(PROTECTABLE)}). {_choose(domain)}"
        )
    if not protect.value.strip():
        found.append("Say which value of the segment is protected.")
    if not (math.isfinite(protect.factor) and 1 < protect.factor <= MOST_FACTOR):
        found.append(f"A protected segment weighs more than once and at most {MOST_FACTOR:g} times as much.")
    if protect.kind and protect.kind not in dict(kinds(domain)):
        found.append(
            f"{protect.kind!r} is no kind of mistake here. Choose {' or '.join(dict(kinds(domain)))}."
        )
    return found


def _choose(domain: DecisionDomain) -> str:
    some = protectable(domain)
    return (
        f"Choose one of {', '.join(some)}."
        if some
        else "This domain has no segment that an intent could protect."
    )
