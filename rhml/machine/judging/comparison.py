"""Two models on the same cases: which serves better, by how much, and for whom.

Intervals are 90 % two-sided, so that each end alone holds at 95 %: a gate asks about one end. A version that
is judged again and again would be let in by chance at last, so all its later looks together may err in another
5 % only: look k holds each end at 1 − .05/(k(k − 1)), which add up to that.

>>> [round(level_of(k), 3) for k in (1, 2, 3, 4)]
[0.9, 0.95, 0.983, 0.992]
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg
from rhml.stats.paired import difference, mcnemar

LEVEL = 0.90
SEGMENT_CASES = 30
FALSE_ALARMS = 0.05
EARLIER = "earlier"
"""The segment of cases whose outcome was on record when the champion was trained."""
CONTRADICTED = 0.01


def level_of(look: int) -> float:
    """The two-sided level of the intervals at the k-th look at a version; the first is its training."""
    return LEVEL if look <= 1 else 1 - 2 * (1 - LEVEL) / 2 / (look * (look - 1))


@dataclass(frozen=True)
class Comparison:
    """The challenger against one rival: positive `gain` and negative `brier` speak for the challenger."""

    gain: Measure
    accuracy: Measure
    brier: Measure
    only_challenger_right: int
    only_rival_right: int
    p: float
    spread: float
    brier_spread: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def right(scores: pd.DataFrame, who: str) -> np.ndarray:
    """1 where the action of this model proved right, else 0; a mean over twins where that is given."""
    if f"{who}_right" in scores:
        return scores[f"{who}_right"].to_numpy(dtype=float)
    return (scores[f"{who}_action"] == scores["right_action"]).to_numpy(dtype=float)


def brier(scores: pd.DataFrame, who: str, domain: DecisionDomain) -> np.ndarray | None:
    """Half the squared error over all actions, 0 best and 1 worst (Brier 1950); None without chances."""
    if f"{who}_brier" in scores:
        return scores[f"{who}_brier"].to_numpy(dtype=float)
    columns = [f"{who}_p_{action}" for action in domain.action_keys]
    if not set(columns) <= set(scores.columns):
        return None
    proved = np.column_stack([scores["right_action"] == action for action in domain.action_keys])
    return ((scores[columns].to_numpy(dtype=float) - proved) ** 2).sum(axis=1) / 2


def saved(scores: pd.DataFrame, who: str, domain: DecisionDomain) -> np.ndarray:
    """Minus what the mistakes cost, as a fraction of what is at stake in an average case."""
    stake = scores["value"].to_numpy(dtype=float) if "value" in scores else np.full(len(scores), np.nan)
    average = np.nanmean(stake) if np.isfinite(stake).any() else 1.0
    stake = np.where(np.isfinite(stake), stake / average, 1.0) if average > 0 else np.ones(len(scores))
    pairs = zip(scores[f"{who}_action"], scores["right_action"], strict=True)
    return -stake * np.array([domain.cost_of(chosen, proved) for chosen, proved in pairs], dtype=float)


def counts_cost(domain: DecisionDomain) -> bool:
    """Whether mistakes are weighed by the domain's cost table rather than counted."""
    return bool(domain.value.cost) and domain.outcome is not None


def compare(scores: pd.DataFrame, rival: str, *, domain: DecisionDomain, level: float = LEVEL) -> Comparison:
    """The challenger against a rival on resolved cases, paired case by case."""
    mine, theirs = right(scores, "challenger"), right(scores, rival)
    accuracy = difference(mine, theirs, level=level)
    gain, each = accuracy, mine - theirs
    if counts_cost(domain):
        a, b = saved(scores, "challenger", domain), saved(scores, rival, domain)
        gain, each = _open_ended(difference(a, b, level=level), accuracy), a - b
    p, q = brier(scores, "challenger", domain), brier(scores, rival, domain)
    quality = (
        Measure.unknown("No probabilities to compare.") if p is None or q is None else _brier(p, q, level)
    )
    split = mcnemar(mine == 1, theirs == 1)
    return Comparison(
        gain=gain,
        accuracy=accuracy,
        brier=quality,
        only_challenger_right=split.only_first,
        only_rival_right=split.only_second,
        p=split.p,
        spread=float(np.sqrt(((each**2).sum() + 1) / (len(each) + 2))),
        brier_spread=0.0 if p is None or q is None or not len(p) else float(np.std(p - q)),
    )


def _brier(mine: np.ndarray, theirs: np.ndarray, level: float) -> Measure:
    found = difference(mine, theirs, level=level)
    if found.known and found.low is None and np.ptp(mine - theirs) == 0:
        # The same probabilities in every case: no chance is left that the two differ on these cases.
        return Measure(found.value, found.value, found.value, found.n)
    return found


def _open_ended(cost: Measure, accuracy: Measure) -> Measure:
    """Where no case differs in cost, the interval of the accuracy bounds what was not seen yet."""
    if cost.known and cost.low is None:
        return Measure(cost.value, accuracy.low, accuracy.high, cost.n)
    return cost


def segments(scores: pd.DataFrame, *, domain: DecisionDomain) -> list[dict[str, Any]]:
    """Each segment of at least 30 cases: the difference to the champion, and whether it is harmed.

    One-sided exact sign test on the cases where only one was right; Benjamini–Hochberg over all segments.
    Cases whose outcome was on record when the champion was trained (column `earlier`) come last, on their own.
    """
    gain = right(scores, "challenger") - right(scores, "champion")
    found: list[dict[str, Any]] = []
    for column in domain.segment_columns:
        if column not in scores:
            continue
        for value, rows in scores.groupby(scores[column].astype(object), sort=True).indices.items():
            if len(rows) >= SEGMENT_CASES:
                plain = value.item() if isinstance(value, np.generic) else value
                found.append(_segment(column, str(plain), gain[rows]))
    adjusted = benjamini_hochberg([row["p"] for row in found])
    for row, q in zip(found, adjusted, strict=True):
        row |= {"adjusted_p": float(q), "harmed": bool(q < FALSE_ALARMS)}
    return found + _earlier(scores, gain)


def _earlier(scores: pd.DataFrame, gain: np.ndarray) -> list[dict[str, Any]]:
    """What was known before, held against what came since.

    Harmed where the challenger is worse there beyond chance, or worse at all while it gains elsewhere by more
    than chance lets the two differ: then newer outcomes contradict the earlier ones (a changed world, or a burst
    of wrong outcomes), and their sum says nothing of either.
    """
    if EARLIER not in scores:
        return []
    earlier = scores[EARLIER].to_numpy(dtype=bool)
    old, new = gain[earlier], gain[~earlier]
    if len(old) < SEGMENT_CASES or not len(new):
        return []
    row = _segment(EARLIER, "", old)
    apart = 1.0
    if len(new) >= SEGMENT_CASES and old.mean() < 0:
        error = np.sqrt(old.var() / len(old) + (new.var() + 1 / len(new)) / len(new))
        apart = float(stats.norm.sf((new.mean() - old.mean()) / error))
    harmed = row["p"] < FALSE_ALARMS or apart < CONTRADICTED
    return [row | {"adjusted_p": row["p"], "apart_p": apart, "harmed": bool(harmed)}]


def _segment(column: str, value: str, gain: np.ndarray) -> dict[str, Any]:
    worse, better = int((gain < 0).sum()), int((gain > 0).sum())
    p = stats.binomtest(worse, worse + better, alternative="greater").pvalue if worse else 1.0
    return {"segment": column, "is": value, "n": len(gain), "better": better, "worse": worse,
            "difference": float(gain.mean()), "p": float(p)}  # fmt: skip
