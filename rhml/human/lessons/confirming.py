"""What later cases say about a rule: each counts once, and chance is held to account over all rules asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.human.lessons.calls import Duels
from rhml.stats.measure import MINIMUM
from rhml.stats.rules.later import contrast, signs

HALF_HOPED = 0.4
"""Where no rule stood out, weights are not raised to one on average: hopeless questions do not vouch for each other."""


@dataclass(frozen=True)
class Evidence:
    """Counts inside a rule: decisions, where the two differed, where the person and where the model was right then.

    `inside` and `outside` are the mean leads of the model over the person there and elsewhere, `p` the chance of
    so much in the lesson's direction if there were nothing. `cases` counts different cases.
    """

    n: int
    cases: int
    differed: int
    person_right: int
    model_right: int
    inside: float
    outside: float
    error: float
    p: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return dict(vars(self))


def evidence(duels: Duels, inside: np.ndarray, sign: int) -> Evidence:
    """What some decisions say about a rule covering the rows `inside`; `sign` 1 where the model should lead."""
    lead = duels.lead[inside]
    # Several people on one case are no several cases: each case counts by its mean lead.
    own, rest = (
        pd.Series(duels.lead[rows]).groupby(duels.case[rows]).mean().to_numpy() for rows in (inside, ~inside)
    )
    sure = len(own) > 1
    p = max(signs(own * sign), contrast(own * sign, rest * sign) if sure and len(rest) > 1 else 0.0)
    return Evidence(
        n=len(lead),
        cases=len(own),
        differed=int(duels.differed[inside].sum()),
        person_right=int((lead < 0).sum()),
        model_right=int((lead > 0).sum()),
        inside=float(lead.mean()) if len(lead) else 0.0,
        outside=float(duels.lead[~inside].mean()) if len(rest) else 0.0,
        error=float(own.std(ddof=1) / np.sqrt(len(own))) if sure else 1.0,
        p=p if sure else 1.0,
    )


def enough(found: Evidence) -> bool:
    """Whether there are cases enough to confirm anything."""
    return found.cases >= MINIMUM


def confirmed(p_values: np.ndarray, weights: np.ndarray, level: float) -> np.ndarray:
    """Which rules hold: weighted Benjamini–Hochberg (Genovese, Roeder & Wasserman 2006).

    `weights` (0 to 1) come from the earlier cases alone: a rule that stood out more there is asked less here.
    """
    if not len(p_values):
        return np.zeros(0, bool)
    weighted = p_values * max(float(weights.mean()), HALF_HOPED) / weights
    order = np.argsort(weighted)
    passed = weighted[order] <= level * np.arange(1, len(order) + 1) / len(order)
    last = np.flatnonzero(passed)
    kept = np.zeros(len(p_values), bool)
    if len(last):
        kept[order[: last[-1] + 1]] = True
    return kept
