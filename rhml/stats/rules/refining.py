"""Boundaries that people can keep in mind: drawn on all earlier cases, then set at the roundest number nearby."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from rhml.stats.round_numbers import roundest
from rhml.stats.rules.rule import Condition, Rule, numbers
from rhml.stats.rules.search import USUAL, Limits

SLACK = 1.0
"""A boundary may move to a rounder number while the rule's gain (twice the log likelihood) falls by no more."""

A_LEVEL = 8.0
"""What another level of a category must add to the gain."""

Gains = Callable[[np.ndarray, np.ndarray], np.ndarray]


def refined(
    rule: Rule, facts: pd.DataFrame, beyond: np.ndarray, live: np.ndarray, limits: Limits = USUAL
) -> Rule:
    """The rule with each boundary moved to where it explains most of the rows `live`, then rounded."""
    facts = facts[list(dict.fromkeys(c.feature for c in rule.conditions))]
    facts, lean = facts[live].reset_index(drop=True), beyond[live] - beyond[live].mean()
    spread, n = max(float(lean.var()), 1e-9), len(lean)

    def gains(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
        fits = limits.fits(counts, n)
        safe = np.where(fits, counts, 1.0)
        return np.where(fits, sums**2 / (safe * np.maximum(1 - safe / n, 1e-9) * spread), -np.inf)

    conditions = list(rule.conditions)
    met = [c.holds(facts) for c in conditions]
    for last in (False, True):
        for at, condition in enumerate(conditions):
            rest = np.logical_and.reduce([np.ones(n, bool), *(m for i, m in enumerate(met) if i != at)])
            column = facts[condition.feature][rest]
            if condition.op in ("<=", ">="):
                conditions[at] = _boundary(condition, column, lean[rest], gains, rounded=last)
            elif isinstance(condition.value, str) or condition.op == "in":
                conditions[at] = _levels(condition, column, lean[rest], gains)
            if conditions[at] != condition:
                met[at] = conditions[at].holds(facts)
    return Rule(tuple(conditions))


def _boundary(
    condition: Condition, column: pd.Series, lean: np.ndarray, gains_of: Gains, *, rounded: bool
) -> Condition:
    values = numbers(column)
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
    gains = np.where(same, gains_of(sums, counts), -np.inf)
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


def _levels(condition: Condition, column: pd.Series, lean: np.ndarray, gains_of: Gains) -> Condition:
    """One level, or as many as each add to what the rule explains."""
    codes, levels = pd.factorize(column.astype(object), sort=True)
    held = [str(x) for x in (condition.value if condition.op == "in" else (condition.value,))]
    sums = np.bincount(codes[codes >= 0], lean[codes >= 0], len(levels))
    counts = np.bincount(codes[codes >= 0], minlength=len(levels)).astype(float)
    inside = np.isin([str(level) for level in levels], held)
    side = np.sign(sums[inside].sum()) or 1.0
    order = np.argsort(-side * sums / np.maximum(counts, 1), kind="stable")
    order = np.array([*order[inside[order]], *order[~inside[order]]])
    gains = gains_of(np.cumsum(sums[order]), np.cumsum(counts[order]))
    gains = gains - A_LEVEL * np.arange(len(order))
    start = int(inside.sum())
    size = start + int(np.argmax(gains[start - 1 : max(start, len(order) - 1)])) if start else 1
    chosen = tuple(sorted(str(levels[at]) for at in order[:size]))
    if len(chosen) < 2:
        return condition
    return Condition(condition.feature, "in", chosen)
