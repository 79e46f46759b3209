"""How likely this person is to call a case right, before they have: the case's difficulty against their ability.

logit P(right) = a + γ·logit(the model's probability of what proved right, said before it was known) + what calls
on this very case add + the person. Each term is drawn towards the team's, by as much as few calls deserve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

START = np.array([0.7, 0.4])
"""What is believed of (a, γ) before any call was seen: two in three right, more where the model is sure."""

SPREAD = np.array([1.0, 0.3])
CASE, PERSON = 1.0, 0.5
"""Variances in logits: how much cases differ beyond the model's margin, and people from each other."""

WIDEST = 0.98


@dataclass(frozen=True)
class Difficulty:
    """The team's line from the model's margin to the chance of a right call."""

    level: float
    slope: float

    @classmethod
    def fit(cls, calls: pd.DataFrame) -> Difficulty:
        """From anybody's unaided calls: right (bool), margin (logits, NaN where no model spoke)."""
        design = np.column_stack([np.ones(len(calls)), _known(calls["margin"])])
        right = calls["right"].to_numpy(float)
        at = START.copy()
        for _ in range(12):
            p = expit(design @ at)
            slope = design.T @ (right - p) - (at - START) / SPREAD**2
            curve = (design * (p * (1 - p))[:, None]).T @ design + np.diag(1 / SPREAD**2)
            at = at + np.linalg.solve(curve, slope)
        return cls(float(at[0]), float(max(at[1], 0.0)))

    def easiness(self, margin: pd.Series) -> np.ndarray:
        """Logits of a right call by a person like the others."""
        return self.level + self.slope * _known(margin)


def margin(probability: pd.Series) -> np.ndarray:
    """The logit of the model's probability of what proved right, held within 2 and 98 of 100."""
    return logit(np.clip(probability.to_numpy(float), 1 - WIDEST, WIDEST))


def of_cases(cases: pd.DataFrame, calls: pd.DataFrame, team: Difficulty) -> np.ndarray:
    """Easiness of each case in logits: the model's margin, moved by the calls made on that very case.

    cases: case_id, margin. calls: case_id, right, margin.
    """
    base = team.easiness(cases["margin"])
    if calls.empty:
        return base
    p = expit(team.easiness(calls["margin"]))
    by_case = (
        pd.DataFrame({"case_id": calls["case_id"].to_numpy(), "gap": calls["right"].to_numpy(float) - p,
                      "weight": p * (1 - p)})
        .groupby("case_id")[["gap", "weight"]].sum().reindex(cases["case_id"]).fillna(0.0)
    )  # fmt: skip
    return base + CASE * by_case["gap"].to_numpy() / (1 + CASE * by_case["weight"].to_numpy())


def ability(easiness: np.ndarray, right: np.ndarray, *, around: float = 0.0) -> float:
    """A person's logits above the team, from calls of known easiness; few calls stay near `around`."""
    found = around
    for _ in range(12):
        p = expit(easiness + found)
        slope = float((right - p).sum()) - (found - around) / PERSON
        found += slope / (float((p * (1 - p)).sum()) + 1 / PERSON)
    return found


def chance(easiness: np.ndarray, person: float, known: np.ndarray) -> np.ndarray:
    """The chance of a right call; `known` is the chance that the case is remembered (0 where it never came)."""
    return known + (1 - known) * expit(easiness + person)


def _known(margins: pd.Series) -> np.ndarray:
    """Margins with 0, no word for either side, where there is none."""
    return np.nan_to_num(margins.to_numpy(float), nan=0.0)
