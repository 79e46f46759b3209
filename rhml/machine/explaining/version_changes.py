"""What changed between two versions of a model, and which waiting cases changed with it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.machine.encoding import Column
from rhml.machine.explaining.explanation import Scored, explain
from rhml.machine.explaining.global_view import BANDS, SAMPLE, average, bands, level_name
from rhml.machine.model import Model
from rhml.stats.intervals import wilson
from rhml.stats.measure import Measure

FEWEST = 30
"""Cases of a part of which a shift is told."""

MOST_SHIFTS = 12
MOST_CASES = 500
CHUNK = 2_000


@dataclass(frozen=True)
class Heavier:
    """How much a factor weighs in each version, and the difference on the same cases."""

    feature: str
    before: float
    after: float
    difference: Measure


@dataclass(frozen=True)
class Shift:
    """By how much the probability of the first action moved in a part of the cases.

    `factor` is a feature or a segment's column; `name` a level or segment, else `low` to `high`.
    """

    factor: str
    name: str | None
    low: float | None
    high: float | None
    moved: Measure


@dataclass(frozen=True)
class Moved:
    """A waiting case with another recommendation: both, and the factor that moved it most."""

    case_id: str
    before: str
    before_probability: float
    after: str
    after_probability: float
    factor: str | None
    points: float


@dataclass(frozen=True)
class VersionChanges:
    """From one version to another: on a sample of cases, and on all that wait."""

    n: int
    overall: Measure
    different: Measure
    weights: tuple[Heavier, ...]
    shifts: tuple[Shift, ...]
    looked_at: int
    waiting: int
    changed: int
    cases: tuple[Moved, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def version_changes(
    before: Model, after: Model, cases: pd.DataFrame, waiting: pd.DataFrame, segments: pd.DataFrame
) -> VersionChanges:
    """Compare two versions on the same cases; `segments` (rows as `cases`) holds a column of names a split.

    Every waiting case counts; only those whose card shows its recommendation at once are listed by name.
    """
    places = np.arange(0, len(cases), max(1, -(-len(cases) // SAMPLE)))
    some, names = cases.iloc[places], segments.iloc[places]
    old, new = explain(before, some), explain(after, some)
    first = after.actions[0]
    moved = _probability(new, first) - _probability(old, first)
    differs = _recommended(old) != _recommended(new)
    low, high = wilson(int(differs.sum()), len(differs)) if len(differs) else (np.nan, np.nan)
    shifts, looked_at = _shifts(after, some, names, moved)
    changed = _changed(before, after, waiting)
    changed.sort(key=lambda case: -abs(case.points))
    open_ids = set(waiting.loc[waiting["mode"] == "assisted", "case_id"].astype(str))
    return VersionChanges(
        n=len(some),
        overall=average(moved),
        different=Measure.of(differs.mean() if len(differs) else np.nan, low, high, len(differs)),
        weights=_weights(old, new),
        shifts=shifts,
        looked_at=looked_at,
        waiting=len(waiting),
        changed=len(changed),
        cases=tuple(case for case in changed if case.case_id in open_ids)[:MOST_CASES],
    )


def _probability(scored: Scored, action: str) -> np.ndarray:
    if action not in scored.actions:
        return np.zeros(len(scored.probabilities))
    return scored.probabilities[:, scored.actions.index(action)]


def _recommended(scored: Scored) -> np.ndarray:
    return np.asarray(scored.actions, dtype=object)[scored.action_index]


def _weights(old: Scored, new: Scored) -> tuple[Heavier, ...]:
    found = []
    for feature in dict.fromkeys((*new.features, *old.features)):
        was, now = (np.abs(_points(scored, feature)) for scored in (old, new))
        found.append(
            Heavier(feature, _mean(was), _mean(now), average(now - was))
        )  # fmt: skip
    return tuple(sorted(found, key=lambda h: -abs(h.after - h.before)))


def _points(scored: Scored, feature: str) -> np.ndarray:
    if feature not in scored.features:
        return np.zeros(len(scored.points))
    return scored.points[:, scored.features.index(feature)]


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else 0.0


def _shifts(
    model: Model, cases: pd.DataFrame, names: pd.DataFrame, moved: np.ndarray
) -> tuple[tuple[Shift, ...], int]:
    """The parts that moved furthest, with intervals that hold for all parts looked at together (Bonferroni)."""
    parts = [
        (str(column), str(name), None, None, (names[column] == name).to_numpy())
        for column in names.columns
        for name in names[column].unique()
    ]
    values = model.encoding.values(cases)
    for at, column in enumerate(model.encoding.columns):
        if column.kind != "text" and column.name not in names.columns:
            parts += [(column.name, *part) for part in _parts(column, values[:, at])]
    parts = [part for part in parts if part[-1].sum() >= FEWEST]
    level = 1 - 0.05 / max(1, len(parts))
    found = [Shift(*part, average(moved[here], level)) for *part, here in parts]
    found.sort(key=lambda shift: -abs(shift.moved.value or 0.0))
    return tuple(found[:MOST_SHIFTS]), len(parts)


def _parts(
    column: Column, values: np.ndarray
) -> list[tuple[str | None, float | None, float | None, np.ndarray]]:
    known = values[~np.isnan(values)]
    if column.levels or column.kind == "yes_no":
        return [(level_name(column, kind), None, None, values == kind) for kind in np.unique(known)]
    return [(None, low, high, (values >= low) & (values <= high)) for low, high in bands(known, BANDS // 2)]


def _changed(before: Model, after: Model, waiting: pd.DataFrame) -> list[Moved]:
    """Every waiting case for which the two versions recommend different actions."""
    found = []
    for start in range(0, len(waiting), CHUNK):
        part = waiting.iloc[start : start + CHUNK]
        was, now = before.probabilities(part), after.probabilities(part)
        old, new = (
            np.asarray(m.actions, dtype=object)[p.argmax(axis=1)] for m, p in ((before, was), (after, now))
        )
        rows = np.flatnonzero(old != new)
        if len(rows):
            found += _told(explain(before, part.iloc[rows]), explain(after, part.iloc[rows]), part.iloc[rows])
    return found


def _told(old: Scored, new: Scored, cases: pd.DataFrame) -> list[Moved]:
    features = tuple(dict.fromkeys((*new.features, *old.features)))
    before, after = _recommended(old), _recommended(new)
    found = []
    for row, case_id in enumerate(cases["case_id"]):
        action = str(after[row])
        apart = {f: _of(new, row, action, f) - _of(old, row, action, f) for f in features}
        factor = max(apart, key=lambda f: apart[f]) if apart else None
        found.append(
            Moved(
                str(case_id), str(before[row]), float(old.probabilities[row].max()), action,
                float(new.probabilities[row].max()), factor, float(apart[factor]) if factor else 0.0,
            )
        )  # fmt: skip
    return found


def _of(scored: Scored, row: int, action: str, feature: str) -> float:
    """A feature's points for an action in one case; 0 where the version knows neither."""
    if action not in scored.actions or feature not in scored.features:
        return 0.0
    return float(scored.by_action[row, scored.actions.index(action), scored.features.index(feature)])
