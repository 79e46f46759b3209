"""Boundaries that people can keep in mind: drawn on all earlier cases, then set at the roundest number nearby."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from rhml.human.lessons.rule import Condition, Rule
from rhml.human.lessons.search import FEWEST, SMALLEST, WIDEST
from rhml.stats.round_numbers import roundest

SLACK = 1.0
"""A boundary may move to a rounder number while the rule's gain (twice the log likelihood) falls by no more."""

A_LEVEL = 8.0
"""What another level of a category must add to the gain."""


def refined(rule: Rule, facts: pd.DataFrame, beyond: np.ndarray, live: np.ndarray) -> Rule:
    """The rule with each boundary moved to where it explains most of the rows `live`, then rounded."""
    facts, lean = facts[live].reset_index(drop=True), beyond[live] - beyond[live].mean()
    spread = max(float(lean.var()), 1e-9)
    conditions = list(rule.conditions)
    for last in (False, True):
        for at, condition in enumerate(conditions):
            rest = Rule(tuple(c for i, c in enumerate(conditions) if i != at)).covers(facts)
            column = facts.loc[rest, condition.feature]
            if condition.op in ("<=", ">="):
                conditions[at] = _boundary(condition, column, lean[rest], len(lean), spread, rounded=last)
            elif isinstance(condition.value, str) or condition.op == "in":
                conditions[at] = _levels(condition, column, lean[rest], len(lean), spread)
    return Rule(tuple(conditions))


def _gains(sums: np.ndarray, counts: np.ndarray, n: int, spread: float) -> np.ndarray:
    fits = (counts >= max(FEWEST, SMALLEST * n)) & (counts <= WIDEST * n)
    safe = np.where(fits, counts, 1.0)
    return np.where(fits, sums**2 / (safe * np.maximum(1 - safe / n, 1e-9) * spread), -np.inf)


def _boundary(
    condition: Condition, column: pd.Series, lean: np.ndarray, n: int, spread: float, *, rounded: bool
) -> Condition:
    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    known = np.isfinite(values)
    side = 1.0 if condition.op == "<=" else -1.0
    order = np.argsort(side * values[known], kind="stable")
    ranked, run = (side * values[known])[order], np.cumsum(lean[known][order])
    ends = np.flatnonzero(np.diff(ranked, append=np.inf) > 0)[
        :-1
    ]  # a cut after each different value but the last
    if not len(ends):
        return condition
    sums, counts = run[ends], ends + 1.0
    same = np.sign(sums) == np.sign(sums[np.argmin(np.abs(ranked[ends] - side * condition.value))])
    gains = np.where(same, _gains(sums, counts, n, spread), -np.inf)
    best = int(np.argmax(gains))
    if not np.isfinite(gains[best]):
        return condition
    first = last = best
    while rounded and first > 0 and gains[first - 1] >= gains[best] - SLACK:
        first -= 1
    while rounded and last < len(ends) - 1 and gains[last + 1] >= gains[best] - SLACK:
        last += 1
    low, high = side * ranked[ends[first]], side * ranked[ends[last] + 1]
    near = float(side * ranked[ends[best]])
    return replace(condition, value=_between(low, high, near) if rounded else near)


def _between(low: float, high: float, near: float) -> float:
    """The roundest number between, both ends of which leave the cases on their sides: the far end is not taken."""
    if low < high:  # at most: from the value itself up to just below the next
        found = roundest(np.nextafter(low, -np.inf), np.nextafter(high, -np.inf), near)
    else:  # at least: from just above the next lower value up to the value itself
        found = roundest(high, low, near)
    return float(found)


def _levels(condition: Condition, column: pd.Series, lean: np.ndarray, n: int, spread: float) -> Condition:
    """One level, or as many as each add to what the rule explains."""
    codes, levels = pd.factorize(column.astype(object), sort=True)
    held = [str(x) for x in (condition.value if condition.op == "in" else (condition.value,))]
    sums = np.bincount(codes[codes >= 0], lean[codes >= 0], len(levels))
    counts = np.bincount(codes[codes >= 0], minlength=len(levels)).astype(float)
    inside = np.isin([str(level) for level in levels], held)
    side = np.sign(sums[inside].sum()) or 1.0
    order = np.argsort(-side * sums / np.maximum(counts, 1), kind="stable")
    order = np.array([*order[inside[order]], *order[~inside[order]]])
    gains = _gains(np.cumsum(sums[order]), np.cumsum(counts[order]), n, spread)
    gains = gains - A_LEVEL * np.arange(len(order))
    start = int(inside.sum())
    size = start + int(np.argmax(gains[start - 1 : max(start, len(order) - 1)])) if start else 1
    chosen = tuple(sorted(str(levels[at]) for at in order[:size]))
    if len(chosen) < 2:
        return condition
    return Condition(condition.feature, "in", chosen)
