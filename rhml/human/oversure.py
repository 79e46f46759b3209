"""Where a person is surer than it turns out: the ground on which looking twice is worth most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import confidence_word
from rhml.human.calibration import stated
from rhml.human.feedback import judged
from rhml.human.strengths import segment_names
from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg, p_value
from rhml.stats.sample import Sample

FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Ground:
    """Cases of one segment, or on which the model is *clear*, *leaning* or a *toss-up* (then `column` is None).

    `gap` is by how much what the person said exceeds what came true there.
    """

    column: str | None
    level: str
    gap: Measure
    said: float
    came_true: float


@dataclass(frozen=True)
class Oversure:
    """The ground on which a person is most clearly too sure, of those compared; None with the reason why."""

    ground: Ground | None
    compared: int
    why: str = ""


def oversure(decisions: pd.DataFrame, *, domain: DecisionDomain) -> Oversure:
    """Compare what was said with what came true on every ground with at least 20 calls (false discoveries held)."""
    rows, why = judged(decisions, domain)
    action, said = stated(rows, "human")
    keep = (action.notna() & said.notna()).to_numpy(bool)
    if why or keep.sum() < MINIMUM:
        return Oversure(None, 0, why or too_few(int(keep.sum())))
    rows, said = rows[keep].reset_index(drop=True), said[keep].to_numpy(float)
    right = (action[keep].to_numpy() == rows["right_action"].to_numpy()).astype(float)
    grounds = [
        _ground(column, level, said[there], right[there], Sample.of(rows.loc[there, "case_id"]))
        for column, level, there in _grounds(rows, domain)
        if not there.all() and rows.loc[there, "case_id"].nunique() >= MINIMUM
    ]
    if not grounds:
        return Oversure(None, 0, f"No kind of case has {MINIMUM} of your calls yet; too few to compare.")
    chance = benjamini_hochberg([p_value(g.gap) for g in grounds])
    sure = [g for g, q in zip(grounds, chance, strict=True) if q < FALSE_DISCOVERIES and g.gap.value > 0]
    if not sure:
        return Oversure(None, len(grounds), "")
    return Oversure(max(sure, key=lambda g: g.gap.low), len(grounds))


def _ground(column: str | None, level: str, said: np.ndarray, right: np.ndarray, sample: Sample) -> Ground:
    """What was said is known, so the interval of what came true is that of the gap, too (Wilson)."""
    true, mean = share(right, sample), float(said.mean())
    gap = Measure.of(mean - true.value, mean - true.high, mean - true.low, true.n)
    return Ground(column, level, gap, mean, true.value)


def _grounds(rows: pd.DataFrame, domain: DecisionDomain) -> list[tuple[str | None, str, np.ndarray]]:
    """Levels of the domain's segments (protected ones left out), and how sure the model was."""
    words = rows["recommended_confidence"].map(
        lambda p: confidence_word(p, len(domain.actions)) if pd.notna(p) else None
    )
    columns = [*segment_names(rows, domain), (None, words)]
    return [
        (column, level, (names == level).to_numpy(bool))
        for column, names in columns
        for level in sorted(names.dropna().unique())
    ]
