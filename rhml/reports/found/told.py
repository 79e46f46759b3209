"""How people and model do on some cases: how often each is right, what its mistakes cost, what people's calls saved."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from rhml.reports import worth
from rhml.reports.calls import Calls
from rhml.reports.found.groups import Group
from rhml.stats.intervals import mean, share
from rhml.stats.measure import Measure


@dataclass(frozen=True)
class Told:
    """Both sides on the same cases; costs a case in the domain's unit, `saved` in all: the model's less the person's."""

    people: Measure
    model: Measure
    people_cost: Measure
    model_cost: Measure
    saved: Measure

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {f.name: getattr(self, f.name).as_dict() for f in fields(self)}


def told(calls: Calls, group: Group, at: np.ndarray, costs: dict[str, np.ndarray]) -> Told:
    """What can be said of the rows at some places of a group."""
    rows = group.rows[at]
    sample = calls.sample(rows)
    person, model = (
        costs[who][rows] if costs else None for who in ("first" if group.own else "final", "recommended")
    )
    saved = _mean(calls, rows, None if person is None else model - person)
    return Told(
        people=share(group.person[at], sample),
        model=share(group.model[at], sample),
        people_cost=_mean(calls, rows, person),
        model_cost=_mean(calls, rows, model),
        saved=saved.scaled(saved.n) if saved.known else saved,
    )


def costs_of(calls: Calls) -> dict[str, np.ndarray]:
    """What each call cost, by whose it was; empty where the domain states neither values nor costs."""
    stated = calls.domain.value
    if not (stated.column or stated.cost):
        return {}
    return {who: calls.costs(getattr(calls, who)) for who in ("first", "recommended", "final")}


def _mean(calls: Calls, rows: np.ndarray, costs: np.ndarray | None) -> Measure:
    if costs is None:
        return Measure.unknown(worth.NO_VALUE)
    keep = ~np.isnan(costs)
    return mean(costs[keep], calls.sample(rows[keep]))
