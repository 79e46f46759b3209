"""What mistakes cost and what overrides were worth, in the domain's own unit."""

from __future__ import annotations

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.stats.intervals import amount
from rhml.stats.measure import Measure

NO_VALUE = "The domain file states no value and no costs."


def measures(calls: Calls, judged: np.ndarray, why: str, *, seed: int) -> dict[str, object]:
    """Mean cost a case of first call, recommendation and final decision; net value of the overrides."""
    stated = calls.domain.value
    none = why or ("" if stated.column or stated.cost else NO_VALUE)
    rows = judged & calls.three
    cost = {
        f"{name}_cost": Measure.unknown(none) if none else _mean(calls, rows, calls.costs(call), seed)
        for name, call in (("human", calls.first), ("model", calls.recommended), ("team", calls.final))
    }
    value = Measure.unknown(why) if why else net(calls, judged & calls.overridden, seed=seed)
    return {**cost, "override_value": value, "unit": unit(calls)}


def unit(calls: Calls) -> str:
    """What values count: the domain's unit, else its cases."""
    return unit_of(calls.domain)


def unit_of(domain: DecisionDomain) -> str:
    """The same of a domain, where no call is at hand."""
    return domain.value.priced_in or domain.terms.many


def net(calls: Calls, rows: np.ndarray, *, seed: int) -> Measure:
    """Rescued − spoiled over some overrides: the sum of what the mistakes would have and did cost."""
    saved = override_values(calls)
    found = _mean(calls, rows, saved, seed)
    return found.scaled(found.n) if found.known else found


def override_values(calls: Calls) -> np.ndarray:
    """What each override saved (rescued, above 0) or lost (spoiled, below 0); both wrong counts 0."""
    saved = calls.costs(calls.recommended) - calls.costs(calls.final)
    decided = calls.hits("final") | calls.hits("recommended")
    return np.where(decided | np.isnan(saved), saved, 0.0)


def _mean(calls: Calls, rows: np.ndarray, scores: np.ndarray, seed: int) -> Measure:
    keep = rows & ~np.isnan(scores)
    found = amount(scores[keep], calls.sample(keep), seed=seed)
    missing = int(rows.sum() - keep.sum())
    if missing and not found.why:
        return Measure(found.value, found.low, found.high, found.n, f"{missing} without a value left out.")
    return found
