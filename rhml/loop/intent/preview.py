"""What an intent would do to the waiting cases at this moment: which recommendations change, and what that should cost.

Pure arrays: a move of the control costs a few milliseconds whatever is waiting. The costs are the domain's own, in its
unit, by kind of mistake; what the intent makes of them is told beside. Recommendations that nobody has been shown, as the
own call comes first, enter none of these numbers (`unshown`).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent, Threshold, thresholds
from rhml.loop.intent.cases import Held
from rhml.loop.intent.choosing import choose
from rhml.loop.intent.expecting import KindCost, per_unit
from rhml.loop.intent.shares import (
    Histogram,
    Pair,
    SegmentShare,
    Share,
    histogram,
    pairs_of,
    segment_shares,
    together,
)
from rhml.loop.intent.unshown import NONE, Unshown, unshown
from rhml.machine.deciding import Rule


@dataclass(frozen=True)
class Preview:
    """What would change. `hidden` of the `waiting` cases ask for the own call: every number but those of `unshown` and the
    waiting ones of `segments` is about the others, which are shown their recommendation.

    `per_case`: the domain names nothing at stake, so each case counts the same. `no_value`: cases left out of the costs, because
    nobody said what is at stake. `weighed_…` is what the intent minimizes; None without an intent.
    """

    waiting: int
    unscored: int
    changed: int
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
    unshown: Unshown = NONE

    @property
    def shown(self) -> int:
        """How many of the waiting cases show their recommendation."""
        return self.waiting - self.hidden

    @property
    def guessed(self) -> bool:
        """Whether most of what waits asks for the own call, so that a picture of the others would show little."""
        return self.hidden > self.shown and self.unshown.histogram is not None

    def pictured(self) -> Preview:
        """What a picture draws and costs: this, or where it is `guessed` with what past cases have the others look like."""
        guess = self.unshown
        if not self.guessed or guess.histogram is None:
            return self
        shares = zip(self.shares, guess.shares, strict=True)
        costs = zip(self.costs, guess.costs, strict=True)
        return replace(
            self,
            shares=tuple(Share(a.action, a.now + b.now, a.then + b.then) for a, b in shares),
            costs=tuple(KindCost(a.kind, a.words, a.now + b.now, a.then + b.then) for a, b in costs),
            histogram=together(self.histogram, guess.histogram),
        )

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
    "waiting", "unscored", "changed", "hidden", "unit", "per_case", "weighed_now", "weighed_then",
    "no_value", "sentence",
)  # fmt: skip
"""What a statement promises beside pairs and costs."""


def recommended(held: Held, domain: DecisionDomain, intent: Intent | None) -> np.ndarray:
    """The action (n,) that each case is recommended under an intent; one that its model version knows."""
    return choose(domain, intent, held.probabilities, held.known, held.inside(intent))


def preview(held: Held, domain: DecisionDomain, intent: Intent | None) -> Preview:
    """What an intent would change; None: what withdrawing the one in force would."""
    found = between(held, domain, intent, held.now, recommended(held, domain, intent))
    guess = unshown(held, domain, intent)
    said = " ".join(filter(None, (found.sentence, guess.said(domain))))
    return replace(found, unshown=guess, sentence=said)


def between(
    held: Held, domain: DecisionDomain, intent: Intent | None, now: np.ndarray, then: np.ndarray
) -> Preview:
    """The difference that recommending `then` (n,) instead of `now` (n,) makes, where recommendations are shown."""
    open_ones, keys = held.shown, domain.action_keys
    changes = (now != then) & ~held.hidden
    now, then = now[~held.hidden], then[~held.hidden]
    costs = _costs(open_ones, domain, now, then)
    weighed = _weighed(open_ones, domain, intent, now, then)
    pairs = pairs_of(keys, now, then)
    per_case = domain.value.column is None
    unit = domain.value.priced_in
    return Preview(
        waiting=held.n,
        unscored=held.unscored,
        changed=int(changes.sum()),
        hidden=held.n - open_ones.n,
        pairs=pairs,
        shares=tuple(Share(k, int((now == i).sum()), int((then == i).sum())) for i, k in enumerate(keys)),
        segments={c: segment_shares(codes, names, changes) for c, (codes, names) in held.segments.items()},
        unit=unit,
        per_case=per_case,
        costs=costs,
        weighed_now=weighed[0],
        weighed_then=weighed[1],
        no_value=int(np.isnan(open_ones.stake).sum()),
        histogram=histogram(open_ones.probabilities[:, 0], now, then, keys),
        thresholds_now=thresholds(domain, held.intent),
        thresholds_then=thresholds(domain, intent),
        protected_then=thresholds(domain, intent, protected=True) if intent and intent.protect else (),
        sentence=sentence(domain, open_ones.n, pairs, costs, unit, per_case),
        counter=held.counter,
    )


def _summed(stake: np.ndarray, per_unit: np.ndarray) -> float:
    return float(np.nansum(stake * per_unit))


def _costs(held: Held, domain: DecisionDomain, now: np.ndarray, then: np.ndarray) -> tuple[KindCost, ...]:
    at = np.arange(held.n)
    return tuple(
        KindCost(kind, said, _summed(held.stake, each[at, now]), _summed(held.stake, each[at, then]))
        for kind, said, each in per_unit(domain, held.probabilities)
    )


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
    if not waiting:
        return f"No waiting {domain.terms.case} shows its recommendation, so nothing is promised."
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
