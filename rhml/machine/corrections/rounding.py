"""Boundaries that people can keep in mind: each at the roundest value in the middle of its posterior."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rhml.machine.corrections.boundaries import Drawn, between, by_value
from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.fit import apply, sturdy_fit, surprise
from rhml.machine.corrections.segments import Condition, Segment
from rhml.stats.round_numbers import roundest

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
