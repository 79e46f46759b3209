"""Whether a manager's "8 in 10" means eight in ten, beside the model's on cases of the same person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import judged
from rhml.stats.calibration import calibration_error, calibration_table
from rhml.stats.measure import MINIMUM, Measure, too_few

MANY = 200
"""Judged confidences from which ten bands say more than five."""


@dataclass(frozen=True)
class Band:
    """One band of confidence: what was said on average, how often it came true, and that in a sentence."""

    said: float
    came_true: float
    low: float
    high: float
    n: int
    words: str

    @property
    def spoken(self) -> bool:
        """Whether there are enough calls to say anything."""
        return self.n >= MINIMUM


@dataclass(frozen=True)
class Calibration:
    """Bands of confidence from low to high, the mean gap over them, and why there is nothing."""

    bands: tuple[Band, ...]
    gap: Measure
    n: int
    why: str = ""


def calibration(decisions: pd.DataFrame, *, domain: DecisionDomain, who: str) -> Calibration:
    """How honest the stated confidences of one manager (`who="human"`) or of the model are.

    A manager's confidence is that of the own call where one was made, else of the final decision.
    """
    rows, why = judged(decisions, domain)
    if why:
        return Calibration((), Measure.unknown(why), 0, why)
    action, confidence = _stated(rows, who)
    keep = (action.notna() & confidence.notna()).to_numpy(bool)
    n = int(keep.sum())
    if not n:
        return Calibration((), Measure.unknown(too_few(0)), 0, _NOTHING[who])
    p = confidence[keep].to_numpy(float)
    right = (action[keep] == rows.loc[keep, "right_action"]).to_numpy(bool)
    table = calibration_table(p, right, cases=rows.loc[keep, "case_id"], bins=10 if n >= MANY else 5)
    bands = tuple(_band(row, who) for row in table.to_dict("records"))
    return Calibration(bands, calibration_error(p, right), n, "" if n >= MINIMUM else too_few(n))


_NOTHING = {
    "human": "None of your calls with an outcome says how sure you were.",
    "model": "No recommendation with an outcome says how sure the model was.",
}


def _stated(rows: pd.DataFrame, who: str) -> tuple[pd.Series, pd.Series]:
    if who == "model":
        return rows["recommended_action"], rows["recommended_confidence"].astype(float)
    own = rows["first_action"].notna()
    action = rows["first_action"].where(own, rows["final_action"])
    return action, rows["first_confidence"].astype(float).where(own, rows["final_confidence"].astype(float))


def _band(row: dict, who: str) -> Band:
    n = int(row["n"])
    speaker = "you" if who == "human" else "the model"
    said = f"When {speaker} said about {_tenths(row['said'])} in 10"
    if n < MINIMUM:
        words = f"{said}: only {n} {'call' if n == 1 else 'calls'} so far; too few to say."
    else:
        was = "you were" if who == "human" else "it was"
        words = (
            f"{said}, {was} right {_tenths(row['came_true'])} in 10 "
            f"(between {_tenths(row['low'])} and {_tenths(row['high'])}; {n} calls)."
        )
    return Band(row["said"], row["came_true"], row["low"], row["high"], n, words)


def _tenths(share: float) -> str:
    """A share as so many in ten, with a decimal only where it says something: 6, 7.5."""
    return f"{np.round(share * 10, 1):g}"
