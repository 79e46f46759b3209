"""What an intent was worth once outcomes are known: the recommendations it moved against the likeliest ones, on the same cases.

Both cost what the domain says, on the decided cases whose recommendation the intent moved; cases alone may speak whose
outcome would have been seen whatever was decided. The difference is paired case by case. An intent's decisions are the newest
of the log: where late outcomes end otherwise, those known early would speak for one kind of mistake alone, and do not count.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.stats.intervals import amount
from rhml.stats.measure import MINIMUM, Measure, too_few


@dataclass(frozen=True)
class Realised:
    """What the moved recommendations of an intent came to.

    moved: decided cases; known: of these with an outcome that may speak. with_intent, without, decided: what following
    the recommendation, following the likeliest action, and the final decisions would have cost or did cost, in `unit`.
    saved: a case, without minus with; its interval is over cases, as nobody's decision enters it.
    """

    moved: int
    followed: int
    known: int
    with_intent: float
    without: float
    decided: float
    unit: str
    saved: Measure
    sentence: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self) | {"saved": self.saved.as_dict()}


def realised(
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    seed: int,
    aside: frozenset[str] = frozenset(),
    late: str = "",
) -> Realised:
    """Judge the decisions whose recommendation an intent moved; decisions: as `frames.decided`, those alone.

    aside: cases whose known outcome does not count yet (`reports.late_outcomes`); late: the sentence that says so.
    """
    early = decisions["case_id"].isin(aside) & decisions["right_action"].notna()
    calls = Calls.of(decisions.assign(right_action=decisions["right_action"].mask(early)), domain)
    final = calls.final >= 0
    followed = int((final & (calls.final == calls.recommended)).sum())
    judged, why = calls.judged()
    likeliest = Calls.of(
        decisions.assign(recommended_action=decisions["likeliest_action"]), domain
    ).recommended
    under, usual, done = (calls.costs(call) for call in (calls.recommended, likeliest, calls.final))
    rows = np.flatnonzero(judged & final & ~np.isnan(under) & ~np.isnan(usual))
    unit = domain.value.priced_in
    saved = Measure.unknown(why or too_few(len(rows)), len(rows))
    if len(rows) >= MINIMUM:
        saved = amount((usual - under)[rows], calls.sample(rows, managers=False), seed=seed)
    sums = [float(each[rows].sum()) for each in (under, usual, done)]
    said = _sentence(domain, len(rows), sums, unit, saved) + (f" {late}" if early.any() else "")
    return Realised(int(final.sum()), followed, len(rows), *sums, unit, saved, said)


def _sentence(domain: DecisionDomain, known: int, sums: list[float], unit: str, saved: Measure) -> str:
    if not known:
        return f"No outcome of a {domain.terms.case} whose recommendation the intent moved is known that may speak."
    many = domain.terms.case if known == 1 else domain.terms.many
    said = (
        f"On {known:,} {many} whose recommendation it moved, following it would have cost {sums[0]:,.0f} {unit}".rstrip()
        + f" and following the likeliest action {sums[1]:,.0f} {unit}".rstrip()
    )
    if not saved.known or saved.low is None or saved.high is None:
        return f"{said}; that is too few to say more."
    value, low, high = (_number(end, saved) for end in (saved.value, saved.low, saved.high))
    between = f"between {low} and {high}"
    if saved.low <= 0 <= saved.high:
        return f"{said}: no difference is shown ({value} saved a {domain.terms.case}, {between})."
    what, by = ("saved", value) if saved.value > 0 else ("cost", value.removeprefix("−"))
    between = (
        between
        if saved.value > 0
        else f"between {_number(-saved.high, saved)} and {_number(-saved.low, saved)}"
    )
    return f"{said}: it {what} {by} {unit}".rstrip() + f" a {domain.terms.case} ({between})."


def _number(amount: float, beside: Measure) -> str:
    """With decimals where the ends are so close that without they would look alike."""
    apart = (beside.high or 0.0) - (beside.low or 0.0)
    told = f"{amount:,.{1 if apart >= 1 else 3}f}"
    return told.replace("-", "−") if float(told.replace(",", "")) else told.removeprefix("-")
