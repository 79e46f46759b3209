"""Which factors people mark as irrelevant or as counting the wrong way, in overrides that proved right.

A factor is put forward where two things go beyond chance at once: the marked overrides prove right more often
than a coin, and the mark falls on this factor more often than on an average one. Benjamini–Hochberg over
everything tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Feature
from rhml.machine.proposing.edits import Apart, Drop, Edit, Monotone
from rhml.stats.multiplicity import benjamini_hochberg

IRRELEVANT, WRONG_WAY = "irrelevant here", "wrong direction"
FEWEST = 8
"""Overrides with a mark, by at least two people where several marked."""

FALSE_ALARMS = 0.05


@dataclass(frozen=True)
class Marked:
    """An edit that marks speak for, and its support: overrides marked, by how many people, how many resolved
    and right, among how many overrides; `p` is adjusted for everything tested."""

    edit: Edit
    mark: str
    support: dict[str, int]
    p: float


def marked(
    overrides: pd.DataFrame, marks: pd.DataFrame, cases: pd.DataFrame, *, domain: DecisionDomain
) -> list[Marked]:
    """Edits that marks speak for; `overrides` are rows of the decided frame, `marks` decision_id, factor, mark."""
    read = {f.name: f for f in domain.inputs}
    mine = marks[marks["decision_id"].isin(overrides["decision_id"]) & marks["factor"].isin(read)]
    mine = mine.drop_duplicates(["decision_id", "factor"], keep="last")
    found: list[tuple[Edit, str, dict[str, int], float]] = []
    for mark in (IRRELEVANT, WRONG_WAY):
        of_kind = mine[mine["mark"] == mark]
        for name, rows in of_kind.groupby("factor", sort=True):
            some = overrides[overrides["decision_id"].isin(rows["decision_id"])]
            edit, sure = _edit(read[name], mark, some, cases, domain)
            often = stats.binomtest(len(rows), len(of_kind), 1 / len(read), alternative="greater").pvalue
            if edit is not None and (support := _support(some, overrides, of_kind, overrides)):
                found.append((edit, mark, support, max(_right(support), float(often), sure)))
    found += _pairs(mine[mine["mark"].isin((IRRELEVANT, WRONG_WAY))], overrides, read)
    adjusted = benjamini_hochberg([p for *_, p in found])
    return [
        Marked(edit, mark, support, float(q))
        for (edit, mark, support, _), q in zip(found, adjusted, strict=True)
        if q < FALSE_ALARMS
    ]


def _support(
    some: pd.DataFrame, overrides: pd.DataFrame, of_kind: pd.DataFrame, everyone: pd.DataFrame
) -> dict[str, int]:
    """How many, by whom, how often right; empty where too few or too few people stand behind it."""
    markers = everyone.loc[everyone["decision_id"].isin(of_kind["decision_id"]), "manager"].nunique()
    people = int(some["manager"].nunique())
    if len(some) < FEWEST or people < min(2, markers):
        return {}
    known = some["right_action"].notna()
    right = int((some["final_action"] == some["right_action"])[known].sum())
    return {
        "overrides": len(some),
        "of": len(overrides),
        "people": people,
        "resolved": int(known.sum()),
        "right": right,
    }


def _right(support: dict[str, int]) -> float:
    """The chance that so many proved right if each were a coin's throw."""
    if not support["resolved"]:
        return 1.0
    return float(stats.binomtest(support["right"], support["resolved"], alternative="greater").pvalue)


def _edit(
    feature: Feature, mark: str, some: pd.DataFrame, cases: pd.DataFrame, domain: DecisionDomain
) -> tuple[Edit | None, float]:
    """What the mark asks for on this factor, and the chance that a direction so clear is none."""
    if mark == IRRELEVANT:
        return Drop(feature.name), 0.0
    if feature.kind not in ("number", "yes_no", "date") or len(domain.actions) != 2:
        return None, 1.0
    ways = _ways(feature.name, some, cases, domain.action_keys[0])
    if not len(ways):
        return None, 1.0
    effect = "increasing" if ways.mean() > 0 else "decreasing"
    if effect == feature.effect:
        return None, 1.0
    p = stats.binomtest(int((ways == np.sign(ways.mean())).sum()), len(ways)).pvalue
    return Monotone(feature.name, effect), float(p)


def _ways(name: str, some: pd.DataFrame, cases: pd.DataFrame, first: str) -> np.ndarray:
    """+1 where a high value was taken to speak for the first action, or a low one against it; else −1."""
    column = cases[name]
    if column.dtype.kind == "M":
        column = (column - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    values = pd.to_numeric(column, errors="coerce")
    own = some["case_id"].map(pd.Series(values.to_numpy(), index=cases["case_id"])).to_numpy(float)
    high = np.sign(own - np.nanmean(values)) if np.isfinite(own).any() else np.zeros(0)
    toward = np.where(some["final_action"] == first, 1, -1)
    ways = high * toward if len(high) else high
    return ways[np.isfinite(ways) & (ways != 0)]


def _pairs(
    mine: pd.DataFrame, overrides: pd.DataFrame, read: dict[str, Any]
) -> list[tuple[Edit, str, dict[str, int], float]]:
    """Factors that are marked together far more often than each by itself would bring about."""
    together = mine.groupby("decision_id", sort=True)["factor"].agg(lambda names: tuple(sorted(names)))
    alone = mine["factor"].value_counts()
    counts: dict[tuple[str, str], list[str]] = {}
    for decision, names in together.items():
        for pair in combinations(names, 2):
            counts.setdefault(pair, []).append(decision)
    found = []
    for pair, ids in sorted(counts.items()):
        some = overrides[overrides["decision_id"].isin(ids)]
        support = _support(some, overrides, mine, overrides)
        if support:
            a, b = (int(alone[name]) for name in pair)
            often = stats.hypergeom.sf(len(ids) - 1, len(overrides), a, b)
            found.append((Apart(*pair), "marked together", support, max(_right(support), float(often))))
    return found
