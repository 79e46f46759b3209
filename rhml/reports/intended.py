"""What an intent was worth once outcomes are known: the recommendations it moved against the likeliest ones, on the same cases.

Both cost what the domain says, on the decided cases whose recommendation the intent moved; cases alone may speak whose
outcome would have been seen whatever was decided. The difference is paired case by case.
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
    saved: a case, without minus with; its interval is for these managers.
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


def realised(decisions: pd.DataFrame, *, domain: DecisionDomain, seed: int) -> Realised:
    """Judge the decisions whose recommendation an intent moved; decisions: as `frames.decided`, those alone."""
    calls = Calls.of(decisions, domain)
    final = calls.final >= 0
    followed = int((final & (calls.final == calls.recommended)).sum())
    judged, why = calls.judged()
    likeliest = Calls.of(
        decisions.assign(recommended_action=decisions["likeliest_action"]), domain
    ).recommended
    under, usual, done = (calls.costs(call) for call in (calls.recommended, likeliest, calls.final))
    rows = np.flatnonzero(judged & final & ~np.isnan(under) & ~np.isnan(usual))
    unit = domain.value.unit if domain.value.column or domain.value.cost else ""
    saved = Measure.unknown(why or too_few(len(rows)), len(rows))
    if len(rows) >= MINIMUM:
        saved = amount((usual - under)[rows], calls.sample(rows), seed=seed)
    sums = [float(each[rows].sum()) for each in (under, usual, done)]
    return Realised(
        int(final.sum()), followed, len(rows), *sums, unit, saved, _sentence(domain, len(rows), sums, unit, saved)
    )  # fmt: skip


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
    per = f"{abs(saved.value):,.1f} {unit}".rstrip()
    between = f"between {saved.low:,.1f} and {saved.high:,.1f}"
    if saved.low <= 0 <= saved.high:
        return f"{said}: no difference is shown ({saved.value:,.1f} saved a {domain.terms.case}, {between})."
    what = "saved" if saved.value > 0 else "cost"
    return f"{said}: it {what} {per} a {domain.terms.case} ({between})."
