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
    edges: tuple[float, float] = (0.0, 1.0)

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
    action, confidence = stated(rows, who)
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


def stated(rows: pd.DataFrame, who: str) -> tuple[pd.Series, pd.Series]:
    """What one side called and how sure it said to be: a person's own call, else the final decision."""
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
    edges = (row["from"], row["to"])
    return Band(row["said"], row["came_true"], row["low"], row["high"], n, words, edges)


def in_one_sentence(decisions: pd.DataFrame, *, domain: DecisionDomain) -> str:
    """A manager's most telling band of confidence, and the model's word where it was as sure.

    The band is that where what was said most clearly missed what came true; where none did, the one most used.

    "When you said about 8 in 10, you were right 6 in 10 (…); when the model said so, it was right 8 in 10 (…)."
    """
    mine = calibration(decisions, domain=domain, who="human")
    spoken = [band for band in mine.bands if band.spoken]
    if mine.why:
        return mine.why
    if not spoken:
        return _over_all(decisions, domain)
    missed = [b for b in spoken if not b.low <= b.said <= b.high]
    # By how many standard errors: a wide gap in few calls tells less than a narrow one in many.
    band = max(missed or spoken, key=lambda b: abs(b.said - b.came_true) * np.sqrt(b.n) if missed else b.n)
    model = _as_sure(judged(decisions, domain)[0], band)
    return f"{band.words[:-1]}; {model} {_verdict(band)}"


def _over_all(decisions: pd.DataFrame, domain: DecisionDomain) -> str:
    """Where no one degree of sureness has enough calls: what was said on average, and how often it came true."""
    rows, _ = judged(decisions, domain)
    said = []
    for who, start in (("human", "Over all, you said"), ("model", "the model said")):
        action, confidence = stated(rows, who)
        keep = (action.notna() & confidence.notna()).to_numpy(bool)
        if keep.sum() < MINIMUM:
            continue
        row = _one_band(rows[keep], action[keep], confidence[keep])
        said.append(f"{start} {_tenths(row['said'])} in 10 on average and {_came_true(row, who)}")
    return f"{'; '.join(said)}. So far too few calls to say it for one degree of sureness."


def _one_band(rows: pd.DataFrame, action: pd.Series, confidence: pd.Series) -> dict:
    right = (action == rows["right_action"]).to_numpy(bool)
    [row] = calibration_table(confidence.to_numpy(float), right, cases=rows["case_id"], bins=1).to_dict(
        "records"
    )
    return row


def _came_true(row: dict, who: str) -> str:
    """'it was right 8 in 10 (between 7 and 9; 60 calls)'."""
    was = "were" if who == "human" else "was"
    between = f"between {_tenths(row['low'])} and {_tenths(row['high'])}"
    return f"{was} right {_tenths(row['came_true'])} in 10 ({between}; {int(row['n'])} calls)"


def _as_sure(rows: pd.DataFrame, band: Band) -> str:
    """How often the model was right on this person's cases where it was as sure as the band says."""
    action, confidence = stated(rows, "model")
    p, (low, high) = confidence.to_numpy(float), band.edges
    there = action.notna().to_numpy(bool) & (p >= low) & ((p < high) | ((high >= 1) & (p <= 1)))
    n = int(there.sum())
    if n < MINIMUM:
        times = "never" if not n else f"only {n} time{'s' if n > 1 else ''}, too few to say"
        return f"the model said so {times}."
    row = _one_band(rows[there], action[there], confidence[there])
    return f"when the model said so, it {_came_true(row, 'model')}."


def _verdict(band: Band) -> str:
    if band.low <= band.said <= band.high:
        return "What you say is what comes true, as far as these calls can tell."
    return "You were too sure there." if band.said > band.high else "You were too modest there."


def _tenths(share: float) -> str:
    """A share as so many in ten, with a decimal only where it says something: 6, 7.5."""
    return f"{np.round(share * 10, 1):g}"
