"""Columns that may have been filled in only afterwards: too telling, filled after one outcome alone, or dated later.

A suspicion is a question to whoever knows the table, with its reason; `rhml.intake.leaks` refuses what is beyond doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from rhml.core.domain import DecisionDomain, Feature
from rhml.intake.drafting.roles import AFTERWARDS, PLANNED, words_of

ROWS, RAREST = 50, 10
"""Cases with an answer, and cases of the rarest one, below which cells say nothing."""

PURE, COVERED, SIDE = 0.985, 0.1, 15
"""One side of a column points to an outcome: nearly all its cases have it, they are a fair part of it, and not few."""

ALONE, APART = 2.1, 0.9
"""How well (in standard units; 2.1 is an area of .93) a column tells by itself, and how far it stands above the rest."""

HINTED = 0.8
"""The area from which a heading that speaks of the end makes a column doubtful."""

LATER = 0.97


@dataclass(frozen=True)
class Suspicion:
    """A feature that may be known only afterwards, and why, in a sentence."""

    name: str
    sentence: str


@dataclass(frozen=True)
class _Told:
    """What one column says about the answers: the area under the curve, and its tell-tale side if it has one."""

    area: float
    side: str = ""


def suspicions(cases: pd.DataFrame, answers: pd.DataFrame | None, domain: DecisionDomain) -> list[Suspicion]:
    """Every feature that may have been written after the end; `answers` as case_id and one action a case."""
    found = {feature.name: sentence for feature, sentence in _later(cases, domain)}
    if answers is None:
        return [Suspicion(name, sentence) for name, sentence in found.items()]
    both = cases.merge(answers[["case_id", "action"]], on="case_id")
    classes, names = pd.factorize(both["action"])
    if len(both) < ROWS or len(names) < 2 or np.bincount(classes[classes >= 0]).min() < RAREST:
        return [Suspicion(name, sentence) for name, sentence in found.items()]
    labels = [domain.label(str(key)) for key in names]
    features = [f for f in domain.features if f.name in both and f.kind != "text"]
    told = {f.name: _told(both[f.name], classes, labels, f) for f in features}
    apart = _apart({name: one.area for name, one in told.items() if not one.side and name not in found})
    for feature in features:
        one = told[feature.name]
        hinted = bool(set(words_of(feature.column or feature.name)) & AFTERWARDS) and one.area >= HINTED
        if one.side:
            found[feature.name] = one.side
        elif feature.name in apart:
            found[feature.name] = (
                f"by itself it tells far more than any other column (area under the curve {one.area:.2f})"
            )
        elif hinted and feature.name not in found:
            found[feature.name] = f"its heading speaks of the end, and it tells much (area {one.area:.2f})"
    return [Suspicion(f.name, found[f.name]) for f in domain.features if f.name in found]


def _later(cases: pd.DataFrame, domain: DecisionDomain) -> Iterator[tuple[Feature, str]]:
    """Dates that lie after the arrival of the case nearly always, and are no plans."""
    arrived = cases["received_at"]
    for feature in domain.features:
        words = set(words_of(feature.column or feature.name))
        if feature.kind != "date" or feature.name not in cases or words & PLANNED:
            continue
        both = cases[feature.name].notna() & arrived.notna()
        if both.sum() >= SIDE and (cases[feature.name][both] >= arrived[both]).mean() >= LATER:
            gap = (cases[feature.name][both] - arrived[both]).dt.days
            if gap.median() >= 1:
                yield feature, "it lies after the arrival of the case, so it was probably written later"


def _told(values: pd.Series, classes: np.ndarray, labels: list[str], feature: Feature) -> _Told:
    empty = values.isna().to_numpy()
    side = ""
    if 0.01 <= empty.mean() <= 0.99:
        side = _pure(~empty, classes, labels, "it is filled in") or _pure(
            empty, classes, labels, "it is empty"
        )
    if not side and feature.kind == "number":
        usual = values.mode()
        share = (values == usual.iloc[0]).mean() if len(usual) else 0.0
        if 0.2 <= share <= 0.98:
            other = (values != usual.iloc[0]).to_numpy() & ~empty
            side = _pure(other, classes, labels, f"it is not {usual.iloc[0]:,.6g}")
    if not side and feature.kind in ("category", "yes_no"):
        for level in values.dropna().unique()[:200]:
            side = side or _pure(
                (values == level).to_numpy(), classes, labels, f"it says {_spoken(level)}", level=True
            )
    return _Told(_area(values, classes, feature), side)


def _spoken(level: object) -> str:
    return {1.0: "yes", 0.0: "no"}[level] if isinstance(level, float) else repr(str(level)[:40])


def _pure(side: np.ndarray, classes: np.ndarray, labels: list[str], what: str, *, level: bool = False) -> str:
    """A sentence where nearly all cases of one side end in the same way, which is not how most end anyway."""
    count, least = int(side.sum()), SIDE * (2 if level else 1)
    if count < least or count > 0.9 * len(classes):
        return ""
    ended = np.bincount(classes[side], minlength=len(labels))
    most = int(ended.argmax())
    base = float((classes == most).mean())
    pure, covered = ended[most] / count, ended[most] / (classes == most).sum()
    if pure < (0.99 if level else PURE) or covered < COVERED or base > 0.8 or base**count > 1e-4:
        return ""
    return f"where {what}, {labels[most]!r} is the answer in {ended[most]:,} of {count:,} cases"


def _area(values: pd.Series, classes: np.ndarray, feature: Feature) -> float:
    """The largest area under the curve with which a column tells one answer from the others, at least a half."""
    if feature.kind == "category":
        return max(_ranked(_rates(values, classes == c), classes == c) for c in range(classes.max() + 1))
    numbers = (
        values.astype("int64").where(values.notna()) if values.dtype.kind == "M" else values.astype(float)
    )
    filled = numbers.notna().to_numpy()
    if filled.sum() < ROWS:
        return 0.5
    areas = [
        _ranked(numbers[filled].to_numpy(dtype=float), classes[filled] == c) for c in range(classes.max() + 1)
    ]
    return max(max(area, 1 - area) for area in areas)


def _rates(values: pd.Series, ended: np.ndarray) -> np.ndarray:
    """For each case how often the other cases of its level ended so: its own end must not speak for itself."""
    codes, _ = pd.factorize(values, use_na_sentinel=False)
    counts, hits = np.bincount(codes), np.bincount(codes, weights=ended)
    return (hits[codes] - ended + ended.mean()) / counts[codes]


def _ranked(values: np.ndarray, ended: np.ndarray) -> float:
    ones, zeros = int(ended.sum()), int((~ended).sum())
    if min(ones, zeros) < RAREST:
        return 0.5
    ranks = pd.Series(values).rank().to_numpy()
    return float((ranks[ended].sum() - ones * (ones + 1) / 2) / (ones * zeros))


def _apart(areas: dict[str, float]) -> set[str]:
    """The columns that tell by far more than the others: those above the widest gap near the top."""
    ranked = sorted(areas, key=lambda name: -areas[name])
    heights = [float(np.sqrt(2) * norm.ppf(min(areas[name], 1 - 1e-6))) for name in ranked]
    if len(ranked) < 4:
        return set()
    first = range(min(4, len(ranked) // 3 + 1))
    gaps = {
        at: heights[at] - heights[at + 1] for at in first if at + 1 < len(heights) and heights[at] >= ALONE
    }
    if not gaps:
        return set()
    widest = max(gaps, key=lambda at: gaps[at])
    return set(ranked[: widest + 1]) if gaps[widest] >= APART else set()
