"""Whether an intent did what was promised: the promise beside what the log shows, and later what outcomes showed.

Both sides are worked out apart: the promise before anything was written, from the waiting list; this from the facts alone,
as they stood before the statement's number and after its last recommendation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.errors import IntentRefused
from rhml.loop.intent.cases import Held, arrays
from rhml.loop.intent.preview import amount, between
from rhml.reports.intended import Realised, realised
from rhml.reports.late_outcomes import late_outcomes, set_aside
from rhml.store import frames, intent_cases, intents, moments, watching
from rhml.store.engine import Store
from rhml.store.intents import Entry


@dataclass(frozen=True)
class Line:
    """One thing promised, and what the log shows of it."""

    what: str
    promised: float
    in_log: float

    @property
    def exact(self) -> bool:
        """Whether the two are the same, sums to twelve digits: an erased case has another id, and sums another order."""
        return math.isclose(self.promised, self.in_log, rel_tol=1e-12, abs_tol=1e-9)


@dataclass(frozen=True)
class Kept:
    """A promise held against the log; `since` says what has become of the recommendations that changed."""

    intent_id: str
    kind: str
    lines: tuple[Line, ...]
    since: str
    outcomes: Realised

    @property
    def exact(self) -> bool:
        """Whether the log shows exactly what was promised."""
        return all(line.exact for line in self.lines)

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        if self.exact:
            return f"The log shows exactly what was promised. {self.since}"
        wrong = [line for line in self.lines if not line.exact]
        told = "; ".join(
            f"{one.what}: promised {amount(one.promised)}, in the log {amount(one.in_log)}" for one in wrong
        )
        return f"The log does not show what was promised: {told}. {self.since}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "intent_id": self.intent_id,
            "kind": self.kind,
            "exact": self.exact,
            "lines": [
                {"what": one.what, "promised": one.promised, "in_log": one.in_log, "exact": one.exact}
                for one in self.lines
            ],
            "sentence": self.sentence,
            "outcomes": self.outcomes.as_dict(),
        }


def kept(
    store: Store, domain: DecisionDomain, intent_id: str, *, withdrawal: bool = False, seed: int = 7
) -> Kept:
    """Hold the promise of a statement against the log, or that of its withdrawal."""
    wanted = intents.WITHDRAWN if withdrawal else intents.STATED
    entry = next(
        (e for e in intents.entries(store, domain.name) if e.intent_id == intent_id and e.kind == wanted),
        None,
    )
    if entry is None:
        raise IntentRefused(
            f"The log of {domain.title} holds no intent {intent_id!r} that was {wanted}. List them with "
            f"`python -m rhml intent {domain.name}`."
        )
    then, _ = moments.file_at(store, domain.name, entry.at)
    moved, lines = _lines(store, then or domain, entry)
    under = frames.moved_by(store, domain, intent_id)
    ends = watching.ends(store, domain)
    late = late_outcomes(ends, domain=domain)[1]
    return Kept(
        intent_id,
        wanted,
        lines,
        _since(store, domain, entry, moved),
        realised(under, domain=domain, seed=seed, aside=set_aside(ends, domain=domain), late=late.sentence),
    )


def _lines(store: Store, domain: DecisionDomain, entry: Entry) -> tuple[list[str], tuple[Line, ...]]:
    """The cases that changed, and each thing promised beside the log."""
    if not entry.promise:  # it ended with a change of the domain file, which promises nothing
        return [], ()
    promise, intent = entry.promise, Intent.of(entry.content) if entry.kind == intents.STATED else None
    with store.at_one_moment() as tx:
        before = intent_cases.recommended_at(tx, domain, entry.seq, entry.seq)
        after = intent_cases.recommended_at(tx, domain, entry.seq, entry.seq + intents.moved_with(entry) + 1)
    held = _held(domain, before)
    then = arrays(domain, after)["now"]
    earlier, extra = "changed_hidden" in promise, []
    if earlier:  # promises of before told of every case, of those too that asked for the own call
        moved = int(((held.now != then) & held.hidden).sum())
        extra = [Line("changed_hidden", promise["changed_hidden"], moved)]
        held = replace(held, hidden=np.zeros(held.n, dtype=bool))
    found = between(held, domain, intent, held.now, then)
    pairs = {(p.now, p.then): p.count for p in found.pairs}
    costs = {c.kind: c for c in found.costs}
    lines = [
        Line("waiting", promise["waiting"], found.waiting),
        *([] if earlier else [Line("hidden", promise["hidden"], found.hidden)]),
        Line("changed", promise["changed"], found.changed),
        *extra,
        *(Line(f"{a} → {b}", n, pairs.get((a, b), 0)) for a, b, n in promise["pairs"]),
        *(Line(f"cost {k} before", now, costs[k].now) for k, now, _ in promise["costs"] if k in costs),
        *(Line(f"cost {k} after", then, costs[k].then) for k, _, then in promise["costs"] if k in costs),
        Line("cost before", promise["cost_now"], found.cost_now),
        Line("cost after", promise["cost_then"], found.cost_then),
    ]
    ids = held.ids["case_id"].take(np.flatnonzero((held.now != then) & ~held.hidden)).to_pylist()
    return ids, tuple(lines)


def _held(domain: DecisionDomain, facts: Any) -> Held:
    """Cases as they waited at a moment, from the facts."""
    stake = (
        np.ones(len(facts)) if domain.value.column is None else facts["stake"].to_numpy().astype(np.float64)
    )
    return Held(0, domain.text, stake=stake, hidden=facts["hidden"].to_numpy(), unscored=0, intent_id=None,
                intent=None, **arrays(domain, facts))  # fmt: skip


def _since(store: Store, domain: DecisionDomain, entry: Entry, moved: list[str]) -> str:
    """What has become of the changed recommendations: still waiting, decided as recommended, decided otherwise."""
    if not moved:
        return ""
    waiting, decided, followed = intent_cases.become_of(store, domain, moved, entry.seq)
    of = domain.terms.case if len(moved) == 1 else domain.terms.many
    return (
        f"Of the {len(moved):,} {of} that changed, {waiting:,} still wait and {decided:,} have been decided, "
        f"{followed:,} of them as recommended."
    )
