"""What is held alike when one kind of case is compared with the rest: the advice, the facts, the card and the time.

Unlike `case_mix`, which compares periods, nothing here comes from the protected columns themselves, nor from other
segments: only what the model may read, what was shown, and how and when.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.case_mix import dummies, says_when
from rhml.reports.treated import ADVICE, FACTS, TRUTH

BANDS, LEVELS, MOST_FACTS, FARTHEST = 10, 8, 40, 4.0
PERIODS = 4
LEAST_ROWS = 500


@dataclass(frozen=True, eq=False)
class HeldAlike:
    """Columns of numbers (n, k) for each of `treated.ADVICE`, `TRUTH` and `FACTS`, and what they are, in words."""

    columns: dict[str, np.ndarray]
    words: tuple[str, ...]


def held_alike(calls: Calls) -> HeldAlike:
    """The columns of all rows; facts are taken from the frame of decisions where it holds them."""
    facts, words = _facts(calls.rows, calls.domain)
    plain = np.hstack([facts, _card(calls.rows)])
    said = ["who decides"]
    advice = plain
    if (calls.recommended >= 0).any():
        stated = calls.column("recommended_confidence").to_numpy(float)
        advice = np.hstack([plain, _advice(calls.recommended, stated), *_usual(calls, facts)])
        said.append("the recommendation and its confidence in ten bands")
    said += [*words, "the card, the model version and the quarter of the log"]
    found = {FACTS: plain, ADVICE: advice, TRUTH: advice}
    if (calls.right >= 0).any():
        width = len(calls.domain.action_keys) + 1
        both = dummies(pd.factorize((calls.recommended + 1) * width + calls.right)[0])
        agreed = (calls.recommended == calls.right).astype(float)
        stated = np.nan_to_num(calls.column("recommended_confidence").to_numpy(float))
        found[TRUTH] = np.column_stack([advice, both, agreed * stated])
        said.append("for what came of it: which action proved right")
    return HeldAlike(found, tuple(said))


def _advice(action: np.ndarray, confidence: np.ndarray) -> np.ndarray:
    """A column for each action × band of its confidence, and each action's confidence for what differs in a band."""
    known, band = ~np.isnan(confidence), np.zeros(len(action), np.int64)
    slopes = []
    for one in np.unique(action[known]):
        rows = known & (action == one)
        edges = np.quantile(confidence[rows], np.arange(1, BANDS) / BANDS)
        band[rows] = 1 + np.searchsorted(edges, confidence[rows])
        slopes.append(np.where(rows, confidence, 0.0))
    codes = pd.factorize((action + 1) * (BANDS + 1) + band)[0]
    return np.column_stack([dummies(codes), *slopes])


def _usual(calls: Calls, facts: np.ndarray) -> list[np.ndarray]:
    """How such cases are usually decided, in bands by what was recommended: a prognostic score (Hansen 2008).

    Decisions bend with the facts, which lines and bows alone would leave for the kind of case to explain.
    """
    decided = calls.final >= 0
    if not facts.shape[1] or decided.sum() < LEAST_ROWS:
        return []
    x = np.column_stack([np.ones(len(facts)), facts])
    usual = x @ np.linalg.lstsq(x[decided].T @ x[decided], x[decided].T @ calls.final[decided], rcond=None)[0]
    return [_advice(calls.recommended, usual)]


def _facts(rows: pd.DataFrame, domain: DecisionDomain) -> tuple[np.ndarray, list[str]]:
    """Numbers in standard units with their squares, the commonest levels of categories."""
    parts: list[np.ndarray] = []
    for feature in domain.inputs:
        if feature.name not in rows or says_when(feature):
            continue
        if feature.kind in ("number", "yes_no"):
            parts.extend(_number(pd.to_numeric(rows[feature.name]).to_numpy(float)))
        elif feature.kind == "category":
            parts.extend(_levels(rows[feature.name]).T)
    if not parts:
        return np.zeros((len(rows), 0)), []
    return np.column_stack(parts[:MOST_FACTS]), [
        "the facts that a model may read, in straight lines and bows"
    ]


def _number(values: np.ndarray) -> list[np.ndarray]:
    missing = np.isnan(values)
    spread = float(np.nanstd(values)) if not missing.all() else 0.0
    if spread == 0:
        return [missing.astype(float)] if missing.any() and not missing.all() else []
    z = np.where(missing, 0.0, np.clip((values - np.nanmedian(values)) / spread, -FARTHEST, FARTHEST))
    return [z, z**2, *([missing.astype(float)] if missing.any() else [])]


def _card(rows: pd.DataFrame) -> np.ndarray:
    """How the card was shown, by which version, and in which quarter of the log."""
    times = pd.to_datetime(rows["decided_at"]).rank(pct=True).fillna(0).to_numpy()
    quarter = np.minimum((times * PERIODS).astype(np.int64), PERIODS - 1)
    return np.hstack([_levels(rows["mode"]), _levels(rows["model_version"]), dummies(quarter)])


def _levels(column: pd.Series) -> np.ndarray:
    """A column for each of the commonest levels but one; the rest, and missing, are one."""
    codes, _ = pd.factorize(column)
    counts = np.bincount(codes + 1)
    common = np.argsort(-counts[1:], kind="stable")[: LEVELS - 1]
    place = np.zeros(len(counts), np.int64)
    place[common + 1] = np.arange(1, len(common) + 1)
    return dummies(place[codes + 1])
