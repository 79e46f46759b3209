"""Changed cases to be scored: one feature moved to each of its values, or the most promising two at once."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from rhml.machine.explaining.moves import Moves

PAIR_VALUES = 6
MOST_PAIRS = 60


def singles(
    facts: np.ndarray, moves: list[list[tuple[Moves, np.ndarray]]]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Single changes to the chosen values: whose each is, the changed case, its cost."""
    flat = [(row, move, places) for row, several in enumerate(moves) for move, places in several]
    lengths = [len(places) for *_, places in flat]
    owner = np.repeat([row for row, *_ in flat], lengths).astype(int)
    changed = facts[owner].copy()
    if len(owner):
        at = np.repeat([move.at for _, move, _ in flat], lengths)
        changed[np.arange(len(owner)), at] = np.concatenate([move.values[places] for _, move, places in flat])
    return owner, changed, np.concatenate([move.costs[places] for _, move, places in flat] or [np.zeros(0)])


def pairs(
    facts: np.ndarray, moves: list[list[Moves]], stuck: list[int], owner: np.ndarray, lead: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For cases that no single change tips: the most promising changes of two features at once."""
    rows, owners, costs = [], [], []
    starts = np.searchsorted(owner, stuck)
    for row, start in zip(stuck, starts, strict=True):
        best = []
        for move in moves[row]:
            coarse = move.coarse
            mine = lead[start : start + len(coarse)]
            start += len(coarse)
            chosen = np.argsort(mine, kind="stable")[:PAIR_VALUES]
            best.append((move, coarse[chosen], dict(zip(coarse[chosen], mine[chosen], strict=True))))
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
