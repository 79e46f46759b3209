"""Differences of every measure between each kind of case and the rest on like cases, those of the same rows together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.held_alike import HeldAlike
from rhml.stats.alike import Differences, differences
from rhml.stats.measure import MINIMUM, Measure, too_few

SMALLEST = 0.01
"""A difference on like cases of less than a point is no question."""

Told = tuple[Measure, float]
"""A difference and its p-value, NaN where there is none."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A measure as arrays: the rows that it speaks of, the score of each row, and what is held alike."""

    among: np.ndarray
    score: np.ndarray
    alike: str


def on_like_cases(
    calls: Calls, asked: list[Asked], columns: dict[str, tuple[np.ndarray, int]], held: HeldAlike
) -> list[dict[str, list[Told]]]:
    """For each measure and column, the difference of each kind of case; columns: codes a row and how many kinds."""
    groups: dict[tuple[str, bytes], list[int]] = {}
    for place, one in enumerate(asked):
        groups.setdefault((one.alike, one.among.tobytes()), []).append(place)
    found: list[dict[str, list[Told]]] = [{} for _ in asked]
    for places in groups.values():
        rows = np.flatnonzero(asked[places[0]].among)
        scores = np.column_stack([asked[place].score[rows] for place in places]).astype(float)
        told = _told(calls, rows, scores, columns, held.columns[asked[places[0]].alike])
        for k, place in enumerate(places):
            found[place] = told[k]
    return found


def _told(
    calls: Calls,
    rows: np.ndarray,
    scores: np.ndarray,
    columns: dict[str, tuple[np.ndarray, int]],
    like: np.ndarray,
) -> list[dict[str, list[Told]]]:
    """For each score (a column) and protected column, the difference of each kind of case."""
    counts = {column: np.bincount(codes[rows], minlength=width) for column, (codes, width) in columns.items()}
    enough = [
        (column, i) for column, n in counts.items() for i in np.flatnonzero((n >= MINIMUM) & (len(rows) - n >= MINIMUM))
    ]  # fmt: skip
    found = [
        {column: [_none(int(one), len(rows)) for one in n] for column, n in counts.items()}
        for _ in range(scores.shape[1])
    ]
    if enough:
        kinds = np.column_stack([columns[column][0][rows] == i for column, i in enough]).astype(float)
        differ = _differences(calls, rows, scores, kinds, like)
        for place, (column, i) in enumerate(enough):
            for k in range(scores.shape[1]):
                found[k][column][i] = differ.measure(place, k), differ.p_value(place, k, SMALLEST)
    return found


def _differences(calls: Calls, rows: np.ndarray, scores, kinds, like: np.ndarray) -> Differences:
    manager, case = (pd.factorize(codes[rows])[0] for codes in (calls.manager, calls.case))
    return differences(scores, kinds, like[rows], managers=manager, cases=case)


def _none(n: int, rows: int) -> Told:
    return Measure.unknown(too_few(min(n, rows - n)), n), float("nan")
