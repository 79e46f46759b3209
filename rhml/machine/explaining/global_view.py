"""What moves a model, over many cases: which factors, in which way, which two together, and in which segment.

Everything is in points of probability, as on a case's card: of the recommended action for how much a factor
weighs, of each action for how it bears on a value.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from rhml.machine.encoding import Column
from rhml.machine.explaining.explanation import Scored, explain, slopes_of
from rhml.machine.model import Model
from rhml.stats.intervals import mean
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample

SAMPLE = 2_000
SHOWN = 300
"""Cases drawn as marks in a picture of dependence."""

BANDS = 10
FEWEST = 10
"""A band or level of fewer cases has no median of its own."""

MOST_LEVELS = 20
MOST_PAIRS = 15
MOST_SEGMENTS = 40
PAIR_WORK = 2_000_000
"""Trees × features × cases: interactions take about five microseconds of each."""


@dataclass(frozen=True)
class Part:
    """A band of values, or one level, with the median and the middle half of the points of each action."""

    name: str | None
    low: float | None
    high: float | None
    n: int
    middle: tuple[float, ...]
    quarter: tuple[float, ...]
    three_quarters: tuple[float, ...]


@dataclass(frozen=True)
class Dependence:
    """How a factor's points go with its value: some cases as marks, and all of them by parts."""

    feature: str
    values: tuple[float | str | bool | None, ...]
    points: tuple[tuple[float, ...], ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Weight:
    """By how many points one factor, or two together beyond each alone, move an average case."""

    features: tuple[str, ...]
    points: Measure


@dataclass(frozen=True)
class InSegment:
    """What moves the cases of one segment most, and how likely the first action is there."""

    column: str
    name: str
    first_action: Measure
    weights: tuple[Weight, ...]


@dataclass(frozen=True)
class GlobalView:
    """The whole picture of a model over a sample of cases."""

    actions: tuple[str, ...]
    n: int
    weights: tuple[Weight, ...]
    dependence: tuple[Dependence, ...]
    pairs: tuple[Weight, ...]
    pairs_n: int
    segments: tuple[InSegment, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def global_view(model: Model, cases: pd.DataFrame, segments: pd.DataFrame) -> GlobalView:
    """Explain a sample of the cases; `segments` (same rows) holds a column of names for each split."""
    places = np.arange(0, len(cases), max(1, -(-len(cases) // SAMPLE)))
    some, names = cases.iloc[places], segments.iloc[places]
    scored = explain(model, some)
    pairs, pairs_n = interactions(model, some)
    return GlobalView(
        actions=model.actions,
        n=len(some),
        weights=weights(model.features, np.abs(scored.points)),
        dependence=dependence(model, some, scored),
        pairs=pairs,
        pairs_n=pairs_n,
        segments=by_segment(model.features, scored, names),
    )


def weights(features: tuple[str, ...], moved: np.ndarray) -> tuple[Weight, ...]:
    """The mean of each column (n, d) with its interval, the largest first."""
    order = np.argsort(-moved.mean(axis=0), kind="stable") if len(moved) else range(len(features))
    return tuple(Weight((features[at],), average(moved[:, at])) for at in order)


def average(values: np.ndarray, level: float = 0.95) -> Measure:
    """A mean over cases with its interval."""
    return mean(values, Sample.rows(len(values)), level=level)


def dependence(model: Model, cases: pd.DataFrame, scored: Scored) -> tuple[Dependence, ...]:
    """For every feature its points against its values; a text has no values to put in order."""
    values = model.encoding.values(cases)
    marks = np.arange(0, len(cases), max(1, -(-len(cases) // SHOWN)))
    return tuple(
        Dependence(
            column.name,
            tuple(column.plain(v) for v in values[marks, at]),
            tuple(tuple(np.round(p, 5).tolist()) for p in scored.by_action[marks, :, at]),
            _parts(column, values[:, at], scored.by_action[:, :, at]),
        )
        for at, column in enumerate(model.encoding.columns)
        if column.kind != "text"
    )


def _parts(column: Column, values: np.ndarray, points: np.ndarray) -> tuple[Part, ...]:
    """Levels, the most frequent first, or bands of equally many cases in order; missing ones last."""
    known = values[~np.isnan(values)]
    found = []
    if column.levels or column.kind == "yes_no":
        kinds, counts = np.unique(known, return_counts=True)
        for kind in kinds[np.argsort(-counts, kind="stable")][:MOST_LEVELS]:
            found.append(_part(level_name(column, kind), None, None, points[values == kind]))
    elif len(known):
        for low, high in bands(known, BANDS):
            found.append(_part(None, low, high, points[(values >= low) & (values <= high)]))
    return tuple(
        part for part in (*found, _part("not given", None, None, points[np.isnan(values)])) if part.n
    )


def bands(known: np.ndarray, count: int) -> list[tuple[float, float]]:
    """The lowest and highest value of bands of about equally many cases; few values stand alone."""
    values = np.unique(known)
    if len(values) > count:
        edges = np.unique(np.quantile(known, np.arange(1, count) / count, method="nearest"))
        groups = [band for band in np.split(values, np.searchsorted(values, edges)) if len(band)]
        return [(float(band[0]), float(band[-1])) for band in groups]
    return [(float(value), float(value)) for value in values]


def level_name(column: Column, code: float) -> str:
    """A level as people read it."""
    return ("yes" if code else "no") if column.kind == "yes_no" else str(column.plain(code))


def _part(name: str | None, low: float | None, high: float | None, points: np.ndarray) -> Part:
    quarters = ((), (), ())
    if len(points) >= FEWEST:
        quarters = tuple(
            tuple(q) for q in np.round(np.quantile(points, (0.25, 0.5, 0.75), axis=0), 5).tolist()
        )
    return Part(name, low, high, len(points), quarters[1], quarters[0], quarters[2])


def interactions(model: Model, cases: pd.DataFrame) -> tuple[tuple[Weight, ...], int]:
    """The strongest pairs: by how much two factors together move an average case beyond each alone.

    Exact Shapley interaction values of a sample, in points along the same line as the factors' own.
    """
    matrix = model.encoding.matrix(cases)
    d, actions = len(model.features), len(model.actions)
    if not len(cases) or d < 2 or matrix.shape[1] != d:  # the columns of a text are no factors
        return (), 0
    rows = int(np.clip(PAIR_WORK // (model.booster.num_boosted_rounds() * d * max(1, actions - 1)), 30, 400))
    matrix = matrix[:: max(1, -(-len(cases) // rows))]
    raw = model.booster.predict(model.data(matrix), pred_interactions=True).astype(np.float64)
    raw = raw.reshape(len(matrix), -1, d + 1, d + 1) * model.calibration.slope
    scores = np.concatenate([raw, np.zeros_like(raw)], axis=1) if actions == 2 else raw
    start = scores[:, :, -1, -1] + np.asarray(model.calibration.bias)
    added = scores[:, :, :-1, :-1].sum(axis=3).transpose(0, 2, 1)
    slopes = slopes_of(start, added)
    chosen = (start + added.sum(axis=1)).argmax(axis=1)
    mine = np.einsum("nkij,nk->nij", scores[:, :, :-1, :-1], slopes[np.arange(len(matrix)), chosen])
    found = [
        Weight((model.features[i], model.features[j]), average(2 * np.abs(mine[:, i, j])))
        for i, j in combinations(range(d), 2)
        if mine[:, i, j].any()
    ]
    return tuple(sorted(found, key=lambda w: -(w.points.value or 0.0))[:MOST_PAIRS]), len(matrix)


def by_segment(features: tuple[str, ...], scored: Scored, names: pd.DataFrame) -> tuple[InSegment, ...]:
    """For each segment of enough cases its five weightiest factors."""
    found = []
    for column in names.columns:
        for name, count in names[column].value_counts().items():
            if count >= 3 * FEWEST and len(found) < MOST_SEGMENTS:
                here = (names[column] == name).to_numpy()
                likely = average(scored.probabilities[here, 0])
                own = weights(features, np.abs(scored.points[here]))[:5]
                found.append(InSegment(str(column), str(name), likely, own))
    return tuple(found)
