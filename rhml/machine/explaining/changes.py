"""What would have to be different for the model to recommend something else.

Candidates are the thresholds of the model's own trees, moved to the next meaningful step; every answer is
scored again before it is given, so each one holds. "No small change would tip it" is an answer too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.core.domain import DecisionDomain
from rhml.machine.corrections.correction import Correction, applied_to, encoded_facts
from rhml.machine.deciding import Rule
from rhml.machine.encoding import single
from rhml.machine.explaining.moves import Moves, moves_of
from rhml.machine.explaining.tried_moves import pairs, singles
from rhml.machine.learning.material import MONOTONE
from rhml.machine.model import Model

ROUNDS = 3
"""Times that a change of two features is brought nearer: every round leaves a twentieth of the way."""

BATCH = 250
"""Cases searched together, so that memory stays bounded."""


@dataclass(frozen=True)
class Step:
    """One feature, its value now and the value that would do; dates as ISO text."""

    feature: str
    now: float | str | bool | None
    then: float | str | bool | None


@dataclass(frozen=True)
class Change:
    """The smallest change found: its steps, the action it tips to, that action's probability, and its cost.

    The cost of a step is its length in usual spreads (tenth to ninetieth percentile), 1 for another category.
    """

    steps: tuple[Step, ...]
    action: str
    probability: float
    cost: float = 0.0


@dataclass(frozen=True)
class _Tried:
    """Changed cases: whose each is, its values, its cost, its scores and the action they tip it to (−1: none)."""

    owner: np.ndarray
    changed: np.ndarray
    cost: np.ndarray
    scores: np.ndarray
    tips: np.ndarray


def what_would_change(
    model: Model,
    cases: pd.DataFrame,
    *,
    domain: DecisionDomain,
    corrections: Sequence[Correction] = (),
    rule: Rule | None = None,
) -> list[Change | None]:
    """For each case the fewest changeable features (one or two), and the smallest move, that tip it.

    Under an intent they tip what its `rule` recommends; whether a case is protected is not for it to change.
    """
    # A text could be made to say anything: no change of its words is suggested.
    changeable = {f.name: f for f in domain.inputs if f.changeable and f.kind != "text"}
    if rule is not None:
        changeable.pop(rule.column, None)
    columns = [
        (at, c, changeable[c.name]) for at, c in enumerate(model.encoding.columns) if c.name in changeable
    ]
    if not columns:
        return [None] * len(cases)
    cuts, effects = model.thresholds, _effects(model, domain)
    found: list[Change | None] = []
    for start in range(0, len(cases), BATCH):
        some = cases.iloc[start : start + BATCH]
        values = model.encoding.values(some)
        possible = [[moves_of(row[at], at, c, f, cuts.get(at)) for at, c, f in columns] for row in values]
        search = _Search(model, effects, tuple(corrections), rule, rule.inside(some) if rule else None)
        found += search.answers(values, possible)
    return found


def _effects(model: Model, domain: DecisionDomain) -> np.ndarray:
    """+1 where more of a feature speaks for the first action by the domain's word, −1 against it, else 0.

    A model older than the word may know better; what is suggested keeps to the word all the same.
    """
    words = {feature.name: feature.effect for feature in domain.inputs}
    return np.array([MONOTONE[words.get(model.features[at], "any")] for at in model.encoding.owners])


@dataclass(frozen=True)
class _Search:
    """`rule` says what is recommended for the cases of a batch, those `inside` (n,) its protected segment among them."""

    model: Model
    effects: np.ndarray
    corrections: tuple[Correction, ...] = ()
    rule: Rule | None = None
    inside: np.ndarray | None = None

    def answers(self, facts: np.ndarray, moves: list[list[Moves]]) -> list[Change | None]:
        """The cheapest change of each case: one feature where that does, else two."""
        now = self.worth(self.scores(facts), np.arange(len(facts))).argmax(axis=1)
        tried = self.tried(facts, now, *singles(facts, [[(m, m.coarse) for m in some] for some in moves]))
        nearer = self.tried(facts, now, *singles(facts, _nearer(moves, tried)))
        answers: list[Change | None] = [None] * len(facts)
        for some in (tried, nearer):
            for row, at in _cheapest(some).items():
                held = answers[row]
                if held is None or some.cost[at] <= held.cost:
                    answers[row] = self.change(facts[row], some, at)
        stuck = [row for row, answer in enumerate(answers) if answer is None]
        lead = _lead(self.worth(tried.scores, tried.owner), now[tried.owner])
        both = self.tried(facts, now, *pairs(facts, moves, stuck, tried.owner, lead))
        held = {row: (both, at) for row, at in _cheapest(both).items()}
        for _ in range(ROUNDS):
            closer = self.tried(facts, now, *_closer(facts, moves, held))
            held |= {row: (closer, at) for row, at in _cheapest(closer).items()}
        for row, (some, at) in held.items():
            answers[row] = self.change(facts[row], some, at)
        return answers

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Calibrated log scores of encoded cases."""
        scores = self.model.calibration.scores(self.model.margins(single(values)))
        if not self.corrections:
            return scores
        return applied_to(self.corrections, encoded_facts(self.model.encoding, values), len(values)).scores(
            scores
        )

    def worth(self, scores: np.ndarray, owner: np.ndarray) -> np.ndarray:
        """How much speaks for each action (n, K): its score, or under an intent what it is expected to cost."""
        if self.rule is None or not len(scores):
            return scores
        return self.rule.worth(softmax(scores, axis=1), self.inside[owner])

    def tried(
        self, facts: np.ndarray, now: np.ndarray, owner: np.ndarray, changed: np.ndarray, cost: np.ndarray
    ) -> _Tried:
        """Score changed cases; one tips where it gets another action and no step goes against its effect."""
        scores = self.scores(changed)
        then = self.worth(scores, owner).argmax(axis=1) if len(scores) else np.zeros(0, dtype=np.int64)
        was = now[owner]
        towards_first = np.sign(changed - facts[owner]) * self.effects
        against = (np.nan_to_num(towards_first) * np.sign(was - then)[:, None] < 0).any(axis=1)
        return _Tried(owner, changed, cost, scores, np.where((then != was) & ~against, then, -1))

    def change(self, now: np.ndarray, tried: _Tried, at: int) -> Change:
        """A tried change in the words of the features."""
        columns, then = self.model.encoding.columns, tried.changed[at]
        moved = np.flatnonzero((now != then) & ~np.isnan(now))
        steps = tuple(
            Step(columns[i].name, columns[i].plain(now[i]), columns[i].plain(then[i])) for i in moved
        )
        to, p = int(tried.tips[at]), softmax(tried.scores[at])
        return Change(steps, self.model.actions[to], float(p[to]), float(tried.cost[at]))


def _nearer(moves: list[list[Moves]], tried: _Tried) -> list[list[tuple[Moves, np.ndarray]]]:
    """For each feature the values nearer than its first coarse one that tips, on either side."""
    found, start = [], 0
    for several in moves:
        some = []
        for move in several:
            coarse = move.coarse
            tips = np.flatnonzero(tried.tips[start : start + len(coarse)] >= 0)
            start += len(coarse)
            if len(tips) and tips[0]:
                some.append((move, np.setdiff1d(np.arange(coarse[tips[0]]), coarse)))
        found.append(some)
    return found


def _lead(scores: np.ndarray, now: np.ndarray) -> np.ndarray:
    """By how much the present recommendation still leads the best other action."""
    rows = np.arange(len(now))
    others = scores.copy()
    others[rows, now] = -np.inf
    return scores[rows, now] - others.max(axis=1) if len(now) else np.zeros(0)


def _closer(
    facts: np.ndarray, moves: list[list[Moves]], held: dict[int, tuple[_Tried, int]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each change of two features: nearer values of the one while the other stays."""
    rows, owners, costs = [np.zeros((0, facts.shape[1]))], [], [np.zeros(0)]
    for row, (tried, at) in held.items():
        then = tried.changed[at]
        for move in moves[row]:
            place = np.flatnonzero(move.values == then[move.at])
            if then[move.at] == facts[row, move.at] or not len(place):
                continue
            nearer = replace(move, values=move.values[: place[0]], costs=move.costs[: place[0]])
            changed = np.repeat(then[None], len(nearer.coarse), axis=0)
            changed[:, move.at] = nearer.values[nearer.coarse]
            rows.append(changed)
            owners += [row] * len(changed)
            costs.append(tried.cost[at] - move.costs[place[0]] + nearer.costs[nearer.coarse])
    return np.asarray(owners, dtype=int), np.concatenate(rows), np.concatenate(costs)


def _cheapest(tried: _Tried) -> dict[int, int]:
    """For each case the row of its cheapest change that tips the recommendation."""
    tips = np.flatnonzero(tried.tips >= 0)
    order = tips[np.lexsort((tried.cost[tips], tried.owner[tips]))]
    first = np.unique(tried.owner[order], return_index=True)[1]
    return {int(tried.owner[order[at]]): int(order[at]) for at in first}
