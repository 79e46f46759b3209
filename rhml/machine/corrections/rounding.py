"""Boundaries that people can keep in mind: each at the roundest value in the middle of its posterior."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log10

import numpy as np

from rhml.machine.corrections.boundaries import Drawn, between, by_value
from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.fit import apply, sturdy_fit, surprise
from rhml.machine.corrections.segments import Condition, Segment

MIDDLE = (0.3, 0.7)
"""The part of a boundary's posterior in which the roundest value is looked for."""


def readable(drawn: Drawn, cases: Cases) -> Segment:
    """The same segment with each boundary at the roundest value in the middle of its posterior."""
    held = drawn.segment.within(cases.facts)
    outside = sturdy_fit(cases.z[~held], cases.labels[~held])
    gain = surprise(apply(outside, cases.z), cases.labels)
    gain -= surprise(apply(drawn.parameters, cases.z), cases.labels)
    conditions = list(drawn.segment.conditions)
    for place, condition in enumerate(conditions):
        others = tuple(c for i, c in enumerate(conditions) if i != place)
        within = Segment(others).within(cases.facts) if others else np.ones(len(held), bool)
        if not condition.levels and not condition.missing:
            conditions[place] = _rounded(condition, gain, within, cases)
    return Segment(tuple(conditions))


def _rounded(condition: Condition, gain: np.ndarray, within: np.ndarray, cases: Cases) -> Condition:
    name = condition.feature
    values, sums = by_value(cases.facts[name], gain, within, cases.orders[name])
    if len(values) < 2:
        return condition
    run = np.cumsum(sums)[:-1]  # the gain below the cut between value i and i + 1
    for end, sign in (("low", -1.0), ("high", 1.0)):
        other = condition.high if end == "low" else condition.low
        if getattr(condition, end) is None:
            continue
        allowed = np.ones(len(run), bool)
        if other is not None:
            allowed = values[1:] < other if end == "low" else values[:-1] >= other
        if not allowed.any():
            continue
        likelihood = np.where(allowed, sign * run, -np.inf)
        weight = np.exp(likelihood - likelihood.max())
        share = np.cumsum(weight) / weight.sum()
        first, last = (int(np.searchsorted(share, q)) for q in MIDDLE)
        middle = int(np.searchsorted(share, 0.5))
        cut = roundest(values[first], values[min(last + 1, len(values) - 1)], between(values, middle + 1))
        condition = replace(condition, **{end: cut})
    return condition


def roundest(low: float, high: float, near: float) -> float:
    """The roundest number above `low` and up to `high`, nearest to `near` among equals.

    >>> roundest(38_712, 41_204, 39_000), roundest(1.91, 2.33, 2.1), roundest(0.4, 0.4, 0.4)
    (40000.0, 2.0, 0.4)
    """
    if not high > low:
        return float(near)
    top = floor(log10(max(abs(low), abs(high), high - low)))
    for power in range(top, top - 17, -1):
        for unit in (5, 2, 1):
            step = unit * 10.0**power
            k = round(near / step)
            for multiple in (k, k + 1, k - 1):
                value = float(f"{multiple * step:.12g}")
                if low < value <= high:
                    return value
    return float(near)
