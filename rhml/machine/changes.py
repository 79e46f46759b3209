"""What would have to be different for the model to recommend something else.

Candidates are the thresholds of the model's own trees, moved to the next meaningful step; every answer is
scored again before it is given, so each one holds. "No small change would tip it" is an answer too.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.core.domain import DecisionDomain, Feature
from rhml.machine.encoding import Column, single
from rhml.machine.model import Model

MOST_VALUES = 24
"""Values tried for one feature of a case; thresholds beyond are thinned evenly."""

PAIR_VALUES = 6
MOST_PAIRS = 60
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
    """The smallest change found: its steps, the action it tips to and that action's probability."""

    steps: tuple[Step, ...]
    action: str
    probability: float


@dataclass(frozen=True)
class _Moves:
    """Candidate values of one changeable feature for one case, with what each costs in spreads."""

    at: int
    values: np.ndarray
    costs: np.ndarray


def what_would_change(model: Model, cases: pd.DataFrame, *, domain: DecisionDomain) -> list[Change | None]:
    """For each case the fewest changeable features (one or two), and the smallest move, that tip it."""
    changeable = {feature.name: feature for feature in domain.inputs if feature.changeable}
    columns = [
        (at, c, changeable[c.name]) for at, c in enumerate(model.encoding.columns) if c.name in changeable
    ]
    if not columns:
        return [None] * len(cases)
    cuts = model.thresholds
    found: list[Change | None] = []
    for start in range(0, len(cases), BATCH):
        values = model.encoding.values(cases.iloc[start : start + BATCH])
        moves = [[_moves(row[at], at, c, f, cuts.get(at)) for at, c, f in columns] for row in values]
        found += _search(model, values, moves)
    return found


def _search(model: Model, facts: np.ndarray, moves: list[list[_Moves]]) -> list[Change | None]:
    now = _scores(model, facts).argmax(axis=1)
    owner, changed, cost = _singles(facts, moves)
    scores = _scores(model, changed)
    answers: list[Change | None] = [None] * len(facts)
    for row, at in _cheapest(owner, scores.argmax(axis=1), cost, now).items():
        answers[row] = _change(model, facts[row], changed[at], scores[at])
    stuck = [row for row, answer in enumerate(answers) if answer is None]
    owner, changed, cost = _pairs(facts, moves, stuck, owner, _lead(scores, now[owner]))
    scores = _scores(model, changed)
    for row, at in _cheapest(owner, scores.argmax(axis=1), cost, now).items():
        answers[row] = _change(model, facts[row], changed[at], scores[at])
    return answers


def _scores(model: Model, values: np.ndarray) -> np.ndarray:
    return model.calibration.scores(model.margins(single(values)))


def _moves(now: float, at: int, column: Column, feature: Feature, cuts: np.ndarray | None) -> _Moves:
    """The meaningful values this feature could take instead; none where it is missing or never split on."""
    if np.isnan(now) or cuts is None:
        return _Moves(at, np.zeros(0), np.zeros(0))
    if column.levels:
        values = np.setdiff1d(np.arange(len(column.levels), dtype=float), [now])
        return _Moves(at, values, np.ones(len(values)))
    if column.kind == "yes_no":
        return _Moves(at, np.array([1.0 - float(now)]), np.ones(1))
    step = feature.step or default_step(column)
    start = np.floor(now) if column.kind == "date" else float(now)
    # A tree sends x < threshold to the left: at the threshold itself a value is already across. Values are
    # multiples of the step, at least one step away.
    up = np.ceil(np.maximum(cuts[cuts > start], start + step) / step - 1e-9)
    down = np.minimum(np.ceil(cuts[cuts <= start] / step - 1e-9) - 1, np.floor((start - step) / step + 1e-9))
    values = np.round(np.unique(np.concatenate([up, down])) * step, 9)
    values = values[(values >= column.low) & (values <= column.high)]
    values = values[np.argsort(np.abs(values - start), kind="stable")]
    if len(values) > MOST_VALUES:
        values = values[np.unique(np.linspace(0, len(values) - 1, MOST_VALUES).astype(int))]
    return _Moves(at, values, np.abs(values - start) / (column.spread or 1.0))


def default_step(column: Column) -> float:
    """Where the domain names no step: the round number next below a twentieth of the usual range."""
    step = 10.0 ** np.floor(np.log10(max(column.spread, 1e-9) / 20))
    return max(1.0, step) if column.whole or column.kind == "date" else float(step)


def _singles(facts: np.ndarray, moves: list[list[_Moves]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every single change of every case: whose it is, the changed row, its cost."""
    flat = [(row, move) for row, several in enumerate(moves) for move in several]
    lengths = [len(move.values) for _, move in flat]
    owner = np.repeat([row for row, _ in flat], lengths).astype(int)
    changed = facts[owner].copy()
    if len(owner):
        at = np.repeat([move.at for _, move in flat], lengths)
        changed[np.arange(len(owner)), at] = np.concatenate([move.values for _, move in flat])
    return owner, changed, np.concatenate([move.costs for _, move in flat] or [np.zeros(0)])


def _lead(scores: np.ndarray, now: np.ndarray) -> np.ndarray:
    """By how much the present recommendation still leads the best other action."""
    rows = np.arange(len(now))
    others = scores.copy()
    others[rows, now] = -np.inf
    return scores[rows, now] - others.max(axis=1) if len(now) else np.zeros(0)


def _pairs(
    facts: np.ndarray, moves: list[list[_Moves]], stuck: list[int], owner: np.ndarray, lead: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For cases that no single change tips: the most promising changes of two features at once."""
    rows, owners, costs = [], [], []
    starts = np.searchsorted(owner, stuck)
    for row, start in zip(stuck, starts, strict=True):
        best = []
        for move in moves[row]:
            mine = lead[start : start + len(move.values)]
            start += len(move.values)
            best.append((move, np.argsort(mine, kind="stable")[:PAIR_VALUES], mine))
        tried = [
            (mine[i] + other_mine[j], move.costs[i] + other.costs[j], move.at, move.values[i], other.at, other.values[j])
            for (move, some, mine), (other, more, other_mine) in combinations(best, 2)
            for i in some
            for j in more
        ]  # fmt: skip
        for _, cost, at, value, other_at, other_value in sorted(tried)[:MOST_PAIRS]:
            changed = facts[row].copy()
            changed[at], changed[other_at] = value, other_value
            rows.append(changed)
            owners.append(row)
            costs.append(cost)
    return np.asarray(owners, int), np.asarray(rows, float).reshape(-1, facts.shape[1]), np.asarray(costs)


def _cheapest(owner: np.ndarray, action: np.ndarray, cost: np.ndarray, now: np.ndarray) -> dict[int, int]:
    """For each case the row of its cheapest change that tips the recommendation."""
    tips = np.flatnonzero(action != now[owner]) if len(owner) else np.zeros(0, int)
    order = tips[np.lexsort((cost[tips], owner[tips]))]
    first = np.unique(owner[order], return_index=True)[1]
    return {int(owner[order[at]]): int(order[at]) for at in first}


def _change(model: Model, now: np.ndarray, then: np.ndarray, scores: np.ndarray) -> Change:
    columns = model.encoding.columns
    moved = np.flatnonzero((now != then) & ~np.isnan(now))
    steps = tuple(
        Step(columns[at].name, columns[at].plain(now[at]), columns[at].plain(then[at])) for at in moved
    )
    p = softmax(scores)
    return Change(steps, model.actions[int(p.argmax())], float(p.max()))
