"""The nearest case that went the other way: alike to the model where it saw both, else alike in its facts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rhml.core.domain_parts import Feature

ENOUGH = 20
"""Cases the same version saw, from which the nearest of them is near enough."""


def seen_alike(here: Sequence[float], others: Sequence[Sequence[float]]) -> int | None:
    """Which of the others the model treats most like this one; None where too few were seen by it.

    Both are points turned towards one and the same action, or of every action side by side.
    """
    same = [at for at, other in enumerate(others) if len(other) == len(here)]
    if len(same) < ENOUGH or not len(here):
        return None
    places = np.asarray([others[at] for at in same], dtype=float)
    return same[int(np.argmin(((places - np.asarray(here, dtype=float)) ** 2).sum(axis=1)))]


def alike(here: dict, others: pd.DataFrame, features: Sequence[Feature]) -> int | None:
    """The row of the case whose facts are most like these; None if there are no others.

    Each fact counts at most 1: numbers and dates by their gap against the middle 90 % of the others, everything
    else by being another (Gower 1971). Texts are left out; a fact missing on one side counts as another.
    """
    told = [f for f in features if f.kind != "text" and f.name in others]
    if others.empty or not told:
        return None
    away = np.zeros(len(others))
    for feature in told:
        if feature.kind in ("number", "date"):
            away += _gap(here.get(feature.name), others[feature.name], feature.kind)
        else:
            away += _other(here.get(feature.name), others[feature.name], feature.kind)
    return int(np.argmin(away))


def _gap(value: object, column: pd.Series, kind: str) -> np.ndarray:
    if kind == "date":
        numbers = pd.to_datetime(column).astype("datetime64[s]").astype("int64").where(column.notna())
        mine = np.nan if value is None else float(pd.Timestamp(value).timestamp())
    else:
        numbers = column
        mine = np.nan if value is None else float(value)
    held = pd.to_numeric(numbers, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    missing = np.isnan(held)
    if np.isnan(mine):
        return (~missing).astype(float)
    if missing.all():
        return np.ones(len(held))
    low, high = np.nanquantile(held, [0.05, 0.95])
    gap = np.abs(held - mine) / (high - low) if high > low else (held != mine).astype(float)
    return np.where(missing, 1.0, np.minimum(gap, 1.0))


def _other(value: object, column: pd.Series, kind: str) -> np.ndarray:
    if value is None or value != value:
        return column.notna().to_numpy(float)
    wanted = float(value) if kind == "yes_no" else value
    return (~(column == wanted).fillna(False)).to_numpy(float)
