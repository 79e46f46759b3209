"""Where one manager's decisions prove right most and least often, and whether chance could explain it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import judged
from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg
from rhml.stats.sample import Sample

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Skill:
    """One segment: how often the manager's decisions there proved right, and if that is beyond chance."""

    column: str
    segment: str
    right: Measure
    beyond_chance: bool


@dataclass(frozen=True)
class Strengths:
    """The strongest and the weakest segment of those with enough cases; None with the reason why."""

    strongest: Skill | None
    weakest: Skill | None
    compared: int
    why: str = ""


def strengths(decisions: pd.DataFrame, *, domain: DecisionDomain) -> Strengths:
    """Compare every segment with at least 20 judged cases with all others (Fisher, false discoveries held).

    Segments are the levels of the domain's segment columns, protected ones left out.
    """
    rows, why = judged(decisions, domain)
    rows = rows[rows["final_action"].notna()].reset_index(drop=True)
    if why or rows["case_id"].nunique() < MINIMUM:
        return Strengths(None, None, 0, why or too_few(rows["case_id"].nunique()))
    right = (rows["final_action"] == rows["right_action"]).to_numpy(bool)
    found = [
        (column, name, (names == name).to_numpy(bool))
        for column, names in segment_names(rows, domain)
        for name in sorted(names.dropna().unique())
    ]
    found = [(c, n, there) for c, n, there in found if rows.loc[there, "case_id"].nunique() >= MINIMUM]
    if len(found) < 2:
        return Strengths(None, None, len(found), _TOO_FEW_SEGMENTS)
    p = benjamini_hochberg([_fisher(right, there) for _, _, there in found])
    skills = [
        Skill(c, n, share(right[there], Sample.of(rows.loc[there, "case_id"])), bool(q < FALSE_DISCOVERIES))
        for (c, n, there), q in zip(found, p, strict=True)
    ]
    skills.sort(key=lambda s: s.right.value)
    return Strengths(skills[-1], skills[0], len(skills))


_TOO_FEW_SEGMENTS = (
    f"Fewer than two segments have {MINIMUM} of your cases with an outcome; too few to compare."
)


def segment_names(rows: pd.DataFrame, domain: DecisionDomain) -> list[tuple[str, pd.Series]]:
    """Segment columns whose levels are names: categories and yes/no."""
    kinds = {f.name: f.kind for f in domain.features}
    named = [c for c in domain.segments.columns if kinds.get(c) in ("category", "yes_no") and c in rows]
    yes_no = {1.0: "yes", 0.0: "no"}
    return [(c, rows[c].map(yes_no) if kinds[c] == "yes_no" else rows[c]) for c in named]


def _fisher(right, there) -> float:
    table = [
        [int((right & there).sum()), int((~right & there).sum())],
        [int((right & ~there).sum()), int((~right & ~there).sum())],
    ]
    return float(stats.fisher_exact(table)[1])
