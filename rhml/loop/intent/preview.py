"""What an intent would do to the waiting cases at this moment: which recommendations change, and what that should cost.

Pure arrays: a move of the control costs a few milliseconds whatever is waiting. The costs are the domain's own, in its
unit, by kind of mistake; what the intent makes of them is told beside.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent, Threshold, cost_matrix, kind_of, kinds, thresholds
from rhml.loop.intent.cases import Held
from rhml.loop.intent.shares import Histogram, Pair, SegmentShare, Share, histogram, pairs_of, segment_shares
from rhml.machine.deciding import Rule, expected


@dataclass(frozen=True)
class KindCost:
    """What one kind of mistake is expected to cost now and then, by the domain's own costs, in its unit."""

    kind: str
    words: str
    now: float
    then: float


@dataclass(frozen=True)
class Preview:
    """What would change. `hidden` are cases that ask for an own call: they are counted and never listed.

    `per_case`: the domain names nothing at stake, so each case counts the same. `no_value`: cases left out of the costs, because
    nobody said what is at stake. `weighed_…` is what the intent minimizes; None without an intent.
    """

    waiting: int
    unscored: int
    changed: int
    changed_hidden: int
    hidden: int
    pairs: tuple[Pair, ...]
    shares: tuple[Share, ...]
    segments: dict[str, tuple[SegmentShare, ...]]
    unit: str
    per_case: bool
    costs: tuple[KindCost, ...]
    weighed_now: float | None
    weighed_then: float | None
    no_value: int
    histogram: Histogram
    thresholds_now: tuple[Threshold, ...]
    thresholds_then: tuple[Threshold, ...]
    protected_then: tuple[Threshold, ...]
    sentence: str
    counter: int

    @property
    def cost_now(self) -> float:
        """Expected cost of all mistakes as things stand."""
        return sum(cost.now for cost in self.costs)

    @property
    def cost_then(self) -> float:
        """The same under the intent."""
        return sum(cost.then for cost in self.costs)

    def promise(self) -> dict[str, Any]:
        """What is promised, as plain values for the log."""
        plain = asdict(self)
        return {name: plain[name] for name in PROMISED} | {
            "pairs": [[p.now, p.then, p.count] for p in self.pairs],
            "costs": [[c.kind, c.now, c.then] for c in self.costs],
            "cost_now": self.cost_now,
            "cost_then": self.cost_then,
        }


PROMISED = (
    "waiting", "unscored", "changed", "changed_hidden", "hidden", "unit", "per_case", "weighed_now", "weighed_then",
    "no_value", "sentence",
)  # fmt: skip
"""What a statement promises beside pairs and costs."""


def recommended(held: Held, domain: DecisionDomain, intent: Intent | None) -> np.ndarray:
    """The action (n,) that each case is recommended under an intent; one that its model version knows."""
    if intent is None:
        return held.probabilities.argmax(axis=1)
    rule = Rule.of(domain, intent, domain.action_keys)
    worth = rule.worth(held.probabilities, held.inside(intent))
    if (held.known < len(domain.action_keys)).any():
        worth[np.arange(len(domain.action_keys)) >= held.known[:, None]] = -np.inf
    return worth.argmax(axis=1)


def preview(held: Held, domain: DecisionDomain, intent: Intent | None) -> Preview:
    """What an intent would change; None: what withdrawing the one in force would."""
    return between(held, domain, intent, held.now, recommended(held, domain, intent))


def between(
    held: Held, domain: DecisionDomain, intent: Intent | None, now: np.ndarray, then: np.ndarray
) -> Preview:
    """The difference that recommending `then` (n,) instead of `now` (n,) makes."""
    changed, keys = now != then, domain.action_keys
    costs = _costs(held, domain, now, then)
    weighed = _weighed(held, domain, intent, now, then)
    pairs = pairs_of(keys, now, then, held.hidden)
    per_case = domain.value.column is None
    unit = domain.value.unit if domain.value.column or domain.value.cost else ""
    return Preview(
        waiting=held.n,
        unscored=held.unscored,
        changed=int(changed.sum()),
        changed_hidden=int((changed & held.hidden).sum()),
        hidden=int(held.hidden.sum()),
        pairs=pairs,
        shares=tuple(Share(k, int((now == i).sum()), int((then == i).sum())) for i, k in enumerate(keys)),
        segments={c: segment_shares(codes, names, changed) for c, (codes, names) in held.segments.items()},
        unit=unit,
        per_case=per_case,
        costs=costs,
        weighed_now=weighed[0],
        weighed_then=weighed[1],
        no_value=int(np.isnan(held.stake).sum()),
        histogram=histogram(held.probabilities[:, 0], now, then, keys),
        thresholds_now=thresholds(domain, held.intent),
        thresholds_then=thresholds(domain, intent),
        protected_then=thresholds(domain, intent, protected=True) if intent and intent.protect else (),
        sentence=sentence(domain, held.n, pairs, costs, unit, per_case),
        counter=held.counter,
    )


def _summed(stake: np.ndarray, per_unit: np.ndarray) -> float:
    return float(np.nansum(stake * per_unit))


def _costs(held: Held, domain: DecisionDomain, now: np.ndarray, then: np.ndarray) -> tuple[KindCost, ...]:
    keys, table, at = domain.action_keys, np.array(cost_matrix(domain)), np.arange(held.n)
    of_kind = np.array([[kind_of(domain, a, b) for b in keys] for a in keys], dtype=object)
    found = []
    for kind, words in kinds(domain):
        each = expected(held.probabilities, np.where(of_kind == kind, table, 0.0))
        found.append(
            KindCost(kind, words, _summed(held.stake, each[at, now]), _summed(held.stake, each[at, then]))
        )
    return tuple(found)


def _weighed(
    held: Held, domain: DecisionDomain, intent: Intent | None, now: np.ndarray, then: np.ndarray
) -> tuple[float | None, float | None]:
    rule = Rule.of(domain, intent, domain.action_keys)
    if rule is None:
        return None, None
    each, at = rule.expected(held.probabilities, held.inside(intent)), np.arange(held.n)
    return _summed(held.stake, each[at, now]), _summed(held.stake, each[at, then])


def sentence(
    domain: DecisionDomain, waiting: int, pairs: tuple[Pair, ...], costs: tuple[KindCost, ...], unit: str, per_case: bool
) -> str:  # fmt: skip
    """The promise in one line: what changes, and from what to what it is expected to cost."""
    changed = sum(pair.count for pair in pairs)
    if not changed:
        return f"No recommendation of {waiting:,} waiting {domain.terms.many} changes."
    told = ", ".join(
        f"{p.count:,} from “{domain.label(p.now)}” to “{domain.label(p.then)}”" for p in pairs[:3]
    )
    now, then = (sum(getattr(c, side) for c in costs) for side in ("now", "then"))
    amounts = f"{amount(now)} → {amount(then)}{f' {unit}' if unit else ''}"
    what = "expected mistakes" if per_case and not domain.value.cost else "expected cost of mistakes"
    return f"{changed:,} of {waiting:,} waiting recommendations change: {told}; {what} {amounts}."


def amount(value: float) -> str:
    """A sum as people write it: 41,200 or 3.7.

    >>> amount(41234.6), amount(3.71)
    ('41,235', '3.7')
    """
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
