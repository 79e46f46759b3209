"""What matters now: which kind of mistake weighs more, which segment is protected, and what comes first in the queue.

Under an intent the recommendation is the action of least expected cost: the domain's cost table, each cost times what
the intent makes of its kind of mistake. The probability shown beside it stays what it was.

>>> from rhml.core.domain import parse_domain
>>> domain = parse_domain("loans", 'title = "Loans"\\n[actions]\\nlend = "Lend"\\ndecline = "Decline"')
>>> [t.probability for t in thresholds(domain, Intent(balance=2.0))]
[0.8]
>>> ends(domain).low
'Fewer wrong “Lend”'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from rhml.core.domain import DecisionDomain

MOST_FACTOR = 16.0
"""How many times a mistake on a protected segment may at most weigh one on any other."""

STEP = 0.25
"""Of the balance, in doublings: four steps double what one kind of mistake weighs against the other."""

QUEUES = {
    "": "In the order the domain says",
    "costs": "Costliest expected mistakes first",
    "delay": "Less delay: due soonest first",
}
ORDER_OF = {"costs": "what_matters", "delay": "due_soonest"}
"""The order of the waiting list for each."""

LOW, HIGH = "low", "high"
PROTECTABLE = ("category", "yes_no")

Costs = tuple[tuple[float, ...], ...]
"""What each mistake weighs: a row for the action chosen, a column for the action that proves right."""


@dataclass(frozen=True)
class Protect:
    """A segment in which one kind of mistake weighs `factor` times; `kind` as in `kinds`, none: the cautious one.

    A factor on every mistake of a segment would change no recommendation, so it is always one kind.
    """

    column: str
    value: str
    factor: float = 2.0
    kind: str = ""


@dataclass(frozen=True)
class Intent:
    """What matters now. `balance` is in doublings: +2 makes a low-side mistake weigh 4 times as much against a high-side
    one, −2 the reverse, 0 leaves the domain's costs as they are. `weights` takes its place among unordered actions:
    for each action, how many doublings choosing it wrongly weighs more.
    """

    balance: float = 0.0
    weights: tuple[tuple[str, float], ...] = ()
    queue: str = ""
    protect: Protect | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Intent:
        """The intent that `as_dict` gave."""
        protect = plain.get("protect")
        return cls(
            float(plain.get("balance", 0.0)),
            tuple((str(key), float(weight)) for key, weight in plain.get("weights", ())),
            str(plain.get("queue", "")),
            Protect(**protect) if protect else None,
        )


@dataclass(frozen=True)
class Ends:
    """The names of the two ends of the balance, and of the mistakes that weigh more there."""

    low: str
    high: str
    low_mistake: str
    high_mistake: str


@dataclass(frozen=True)
class Threshold:
    """Of two neighbouring actions alone, `first` is recommended from this probability on."""

    first: str
    second: str
    probability: float


def two_sided(domain: DecisionDomain) -> bool:
    """Whether its mistakes have two sides; among unordered actions each action has a kind of its own."""
    return domain.has_order or len(domain.actions) == 2


def ends(domain: DecisionDomain) -> Ends:
    """The domain's own words for the two ends, or those that follow from its actions."""
    first, last = domain.actions[0].label, domain.actions[-1].label
    if len(domain.actions) == 2:
        said = (f"Fewer wrong “{first}”", f"Fewer wrong “{last}”")
        mistakes = (f"“{first}” where “{last}” proves right", f"“{last}” where “{first}” proves right")
    else:
        said = (f"Fewer too near to “{first}”", f"Fewer too near to “{last}”")
        mistakes = (f"too near to “{first}”", f"too near to “{last}”")
    return Ends(domain.intent.against_low or said[0], domain.intent.against_high or said[1], *mistakes)


def kinds(domain: DecisionDomain) -> tuple[tuple[str, str], ...]:
    """The kinds of mistakes with their words: low and high, or one an action among unordered ones."""
    if two_sided(domain):
        named = ends(domain)
        return (LOW, named.low_mistake), (HIGH, named.high_mistake)
    return tuple((action.key, f"“{action.label}” chosen wrongly") for action in domain.actions)


def kind_of(domain: DecisionDomain, chosen: str, right: str) -> str:
    """Which kind of mistake choosing one action is, where another proved right."""
    if not two_sided(domain):
        return chosen
    place = domain.action_keys.index
    return LOW if place(chosen) < place(right) else HIGH


def most(domain: DecisionDomain) -> float:
    """How far the balance goes to either side, in doublings."""
    return math.log2(domain.intent.most)


def protectable(domain: DecisionDomain) -> tuple[str, ...]:
    """Segment columns that an intent may protect: those with a few values, and none watched for unequal treatment."""
    return tuple(
        c for c in domain.segments.columns
        if c not in domain.segments.protected and domain.feature(c).kind in PROTECTABLE
    )  # fmt: skip


def cost_matrix(domain: DecisionDomain, intent: Intent | None = None, *, protected: bool = False) -> Costs:
    """The domain's costs, each times what the intent makes of its kind; `protected`: within the protected segment."""
    keys = domain.action_keys
    return tuple(
        tuple(domain.cost_of(a, b) * _weight(domain, intent, a, b, protected) for b in keys) for a in keys
    )


def _weight(domain: DecisionDomain, intent: Intent | None, chosen: str, right: str, protected: bool) -> float:
    if intent is None or chosen == right:
        return 1.0
    kind = kind_of(domain, chosen, right)
    if two_sided(domain):
        weight = 2.0 ** (intent.balance / 2 if kind == LOW else -intent.balance / 2)
    else:
        weight = 2.0 ** dict(intent.weights).get(kind, 0.0)
    held = intent.protect
    return weight * held.factor if protected and held and kind == protected_kind(domain, held) else weight


def protected_kind(domain: DecisionDomain, protect: Protect) -> str:
    """The kind of mistake that weighs more in the protected segment: where none is named, of the last action."""
    return protect.kind or kinds(domain)[-1][0]


def thresholds(
    domain: DecisionDomain, intent: Intent | None, *, protected: bool = False
) -> tuple[Threshold, ...]:
    """From which probability on each action is recommended against its neighbour; without an intent from a half on."""
    keys = domain.action_keys
    pairs = list(pairwise(keys))
    if intent is None:
        return tuple(Threshold(a, b, 0.5) for a, b in pairs)
    costs = cost_matrix(domain, intent, protected=protected)
    found = []
    for place, (a, b) in enumerate(pairs):
        wrong, missed = costs[place][place + 1], costs[place + 1][place]
        found.append(Threshold(a, b, wrong / (wrong + missed) if wrong + missed else 0.5))
    return tuple(found)


def queue_order(domain: DecisionDomain, intent: Intent | None) -> str:
    """The order in which cases wait unless a manager says otherwise."""
    return ORDER_OF.get(intent.queue, domain.pending.order) if intent else domain.pending.order
