"""Where exactly a segment ends: boundaries by likelihood, drawn no wider and no finer than the cases tell.

For a given correction each case has a gain in log likelihood, positive where the correction foretells it
better. The best range of a number is then the stretch of greatest sum, the best set of levels those with a
positive sum; conditions and correction are improved in turn, each condition over all features.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.fit import apply, sturdy_fit, surprise
from rhml.machine.corrections.profit import LEVEL_COST, profit_of
from rhml.machine.corrections.search import WIDEST
from rhml.machine.corrections.segments import Condition, Facts, Segment

TURNS = 8
FEWEST = 8


@dataclass(frozen=True, eq=False)
class Drawn:
    """A segment with its correction, and its log-likelihood gain less what its boundaries cost."""

    segment: Segment
    parameters: np.ndarray
    profit: float


def draw(start: tuple[Condition, ...], cases: Cases) -> Drawn | None:
    """Improve a segment's conditions and correction in turn until nothing gains; None where nothing stands."""
    held = Segment(start).within(cases.facts)
    outside = sturdy_fit(cases.z[~held], cases.labels[~held])
    plain = surprise(apply(outside, cases.z), cases.labels)
    best: Drawn | None = None
    conditions = list(start)
    for _ in range(TURNS):
        parameters = sturdy_fit(cases.z[held], cases.labels[held])
        gain = plain - surprise(apply(parameters, cases.z), cases.labels)
        before, conditions = conditions, _redrawn(conditions, gain, cases)
        if not conditions:
            return best
        segment = Segment(tuple(conditions))
        held = segment.within(cases.facts)
        if held.sum() < FEWEST or held.sum() > WIDEST * len(held):
            return best
        found = Drawn(segment, parameters, profit_of(segment, held, gain, parameters, outside, cases))
        if best is not None and found.profit <= best.profit + 1e-6:
            return best
        best = found
        if conditions == before:
            return best
    return best


def _redrawn(conditions: list[Condition], gain: np.ndarray, cases: Cases) -> list[Condition]:
    """Each condition drawn anew over all features while the other one stands; what gains nothing goes."""
    for place in (0, 1):
        others = [c for i, c in enumerate(conditions) if i != place]
        within = Segment(tuple(others)).within(cases.facts) if others else np.ones(len(gain), bool)
        found, profit = _best(gain, within, cases, {c.feature for c in others})
        # Without the condition all of the others' cases are in, at no cost.
        kept = [found] if found and profit > gain[within].sum() * bool(others) else []
        conditions = [*others[:place], *kept, *others[place:]]
    return conditions


def _best(
    gain: np.ndarray, within: np.ndarray, cases: Cases, taken: set[str]
) -> tuple[Condition | None, float]:
    """The condition on one feature whose cases gain most, less its cost."""
    bound = log(max(within.sum(), 2)) / 2
    choice = log(len(cases.facts))
    best, most = None, -np.inf
    for name, facts in cases.facts.items():
        if name in taken:
            continue
        for condition, profit in _conditions(name, facts, gain, within, cases, bound):
            if profit - choice > most:
                best, most = condition, profit - choice
    return best, most


def _conditions(
    name: str, facts: Facts, gain: np.ndarray, within: np.ndarray, cases: Cases, bound: float
) -> list[tuple[Condition, float]]:
    kind, found = cases.kinds[name], []
    if facts.levels:
        codes = facts.values[within]
        sums = np.bincount(codes[codes >= 0], gain[within][codes >= 0], minlength=len(facts.levels))
        chosen = np.flatnonzero(sums > LEVEL_COST)
        if 0 < len(chosen) < len(sums):
            names = tuple(sorted(facts.levels[i] for i in chosen))
            found.append((Condition(name, kind, levels=names), float((sums[chosen] - LEVEL_COST).sum())))
    else:
        found += _ranges(name, kind, facts, gain, within, cases.orders[name], bound)
    if facts.absent.any():
        profit = float(gain[within & facts.absent].sum()) - bound
        found.append((Condition(name, kind, missing=True), profit))
    return found


def _ranges(
    name: str, kind: str, facts: Facts, gain: np.ndarray, within: np.ndarray, order: np.ndarray, bound: float
) -> list[tuple[Condition, float]]:
    """The best range with one end, and the best with two."""
    values, sums = by_value(facts, gain, within, order)
    if len(values) < 2:
        return []
    run = np.concatenate([[0.0], np.cumsum(sums)])
    inner = run[1:-1]
    up, down = int(inner.argmax()) + 1, int(inner.argmin()) + 1
    found = [
        (Condition(name, kind, high=between(values, up)), float(run[up]) - bound),
        (Condition(name, kind, low=between(values, down)), float(run[-1] - run[down]) - bound),
    ]
    lowest = np.minimum.accumulate(run)
    end = int((run - lowest).argmax())
    start = int(run[: end + 1].argmin())
    if 0 < start < end < len(values):
        condition = Condition(name, kind, low=between(values, start), high=between(values, end))
        found.append((condition, float(run[end] - run[start]) - 2 * bound))
    return found


def by_value(
    facts: Facts, gain: np.ndarray, within: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The distinct values of the cases within, ascending, and the sum of gains at each."""
    order = order[within[order]]
    values = facts.values[order]
    if not len(values):
        return values, values
    starts = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    return values[starts], np.add.reduceat(gain[order], starts)


def between(values: np.ndarray, place: int) -> float:
    """The middle between a value and the one before it."""
    return float((values[place - 1] + values[place]) / 2)
