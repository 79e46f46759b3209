"""Override rates against the limits of a domain, and whether the overrides were right: what a lead should do about each.

A rate is above a limit where chance would seldom bring so many overrides at a rate equal to it (exact binomial test at
the count of independent decisions the rows are worth, one-sided at 2.5 %, over all rows by Benjamini & Hochberg 1995).
A high rate is not bad in itself: what follows depends on who was right, which is tested over all rows above a limit too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Limit
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE
from rhml.reports.overrides import Overrides
from rhml.stats.intervals import effective_count, share_of
from rhml.stats.measure import Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg
from rhml.stats.summed import over_cases

SURE = 0.025
BELOW, MAY_BE, LOOK, ACT, FEW = "below", "may be above", "above: look", "above: act", "too few to say"
NOT_TOLD = "Look at this dimension to see what came of the overrides."
STANDINGS = (ACT, LOOK, MAY_BE, BELOW, FEW)


@dataclass(frozen=True)
class Row:
    """One rate: of what, the limits, how it stands to them, what came of the overrides, and what that asks for."""

    by: str
    name: str
    advised: int
    overridden: int
    rate: Measure
    look_above: float
    act_above: float
    standing: str
    right: Measure
    net: Measure
    unit: str
    rescued: int
    spoiled: int
    sentence: str

    @property
    def above(self) -> bool:
        """Whether the rate is above a limit."""
        return self.standing in (LOOK, ACT)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def limits(
    rates: Mapping[str, pd.DataFrame],
    outcomes: Mapping[str, Mapping[str, Overrides]],
    *,
    domain: DecisionDomain,
) -> tuple[Row, ...]:
    """A row a name of each dimension, in the order given.

    rates: by dimension name, advised, overridden, cases, aa, ao, oo (sums over cases of decisions and overrides).
    outcomes: by dimension and name what the overrides came to; a dimension that is not there is not told.
    """
    found = [(by, row, _rate(row)) for by, frame in rates.items() for row in frame.itertuples(index=False)]
    limit_of = [domain.override.limit(by) for by, _, _ in found]
    look, act = (
        benjamini_hochberg([_p(rate, worth, getattr(limit, which)) for (_, _, (rate, worth)), limit in zip(found, limit_of, strict=True)])
        for which in ("look_above", "act_above")
    )  # fmt: skip
    rows = [
        _row(by, row, rate, limit, _standing(rate, limit, look[i], act[i]), _came(outcomes, by, str(row.name)), domain)
        for i, ((by, row, (rate, _)), limit) in enumerate(zip(found, limit_of, strict=True))
    ]  # fmt: skip
    sure = benjamini_hochberg([uneven(row.right) if row.above else float("nan") for row in rows])
    return tuple(
        row if not row.above else replace(row, sentence=sentence(row.standing, row.right, row.net, float(p)))
        for row, p in zip(rows, sure, strict=True)
    )


def uneven(right: Measure, level: float = 0.95) -> float:
    """The chance of a share right so far from one half, were it one half: read off Wilson's interval; NaN if none.

    >>> round(uneven(Measure(0.6, 0.5020026, 0.6905987, 100)), 4)
    0.0455
    """
    if not right.known or right.low is None or right.high is None:
        return float("nan")
    end = right.low if right.value > 0.5 else right.high
    if right.value in (end, 0.5):
        return 1.0
    worth = special.ndtri((1 + level) / 2) ** 2 * end * (1 - end) / (right.value - end) ** 2
    return float(2 * special.ndtr(-abs(right.value - 0.5) * 2 * np.sqrt(worth)))


def _rate(row: Any) -> tuple[Measure, float]:
    """The share decided against, with its interval over cases, and how many independent decisions it is worth."""
    found = over_cases(row.advised, row.overridden, row.cases, row.aa, row.ao, row.oo)
    rate = share_of(found)
    if not rate.known or found.cases < 2:
        return rate, 0.0
    p = found.total / found.n
    return rate, effective_count(found.variance / found.n**2, p * (1 - p), found.n, found.cases)


def _p(rate: Measure, worth: float, limit: float) -> float:
    """The chance of so many overrides or more, were the rate the limit: P(X ≥ k) = I_limit(k, n − k + 1)."""
    if not rate.known or worth <= 0:
        return float("nan")
    hits = rate.value * worth
    return 1.0 if hits <= 0 else float(special.betainc(hits, worth - hits + 1, limit))


def _standing(rate: Measure, limit: Limit, p_look: float, p_act: float) -> str:
    if not rate.known or np.isnan(p_look):
        return FEW
    if p_act < SURE:
        return ACT
    if p_look < SURE:
        return LOOK
    return BELOW if rate.high <= limit.look_above else MAY_BE


def _row(
    by: str,
    row: Any,
    rate: Measure,
    limit: Limit,
    standing: str,
    came: Overrides | str,
    domain: DecisionDomain,
) -> Row:
    head = (by, str(row.name), int(row.advised), int(row.overridden), rate, limit.look_above, limit.act_above)
    if isinstance(came, str):
        nothing, unit = Measure.unknown(came), domain.value.unit or domain.terms.many
        return Row(*head, standing, nothing, nothing, unit, 0, 0, sentence(standing, nothing, nothing))
    right, net = came.precision, came.value
    return Row(
        *head, standing, right, net, came.unit, came.rescued, came.spoiled, sentence(standing, right, net)
    )


def _came(outcomes: Mapping[str, Mapping[str, Overrides]], by: str, name: str) -> Overrides | str:
    """What the overrides came to, or why it is not told: the dimension was not asked for, or there are none."""
    return outcomes[by].get(name, too_few(0)) if by in outcomes else NOT_TOLD


def sentence(standing: str, right: Measure, net: Measure, uneven: float = 0.0) -> str:
    """What a rate and what came of it ask of a lead; `uneven` is the chance of a share right so far from one half."""
    match standing:
        case "below":
            return "Below the limit."
        case "may be above":
            return "More decisions are needed to tell whether it is above the limit."
        case "too few to say":
            return "Too few decisions to say."
    return f"Above the limit{_and(right, net, uneven)}"


def _and(right: Measure, net: Measure, uneven: float) -> str:
    if right.why == NOT_TOLD:
        return "."
    if not right.known or right.low is None or right.high is None:
        hidden = right.why in (SELECTIVE, NO_OUTCOMES)
        return (
            "; who was right cannot be known." if hidden else "; too few outcomes yet to say who was right."
        )
    gained, lost = net.low is not None and net.low > 0, net.high is not None and net.high < 0
    if uneven >= 2 * SURE:
        return "; whether they were right more often than not cannot be told yet."
    if right.low > 0.5:
        return (
            ", and right more often than not; yet what went wrong weighed more: look at what it cost."
            if lost
            else ", and right more often than not: the model should learn this."
        )
    if right.high < 0.5:
        return (
            ", and wrong more often than not; yet what went right weighed more: look before you talk."
            if gained
            else ", and wrong more often than not: talk about it."
        )
    return "; whether they were right more often than not cannot be told yet."
