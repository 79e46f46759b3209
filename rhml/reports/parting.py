"""Which calls of the model and of the team are the earlier and which the later ones.

The team's are parted at one moment for everybody. The model's too, while nobody knows which version gave them; where
versions are named, a model changes from version to version and at no other time, so the newer versions are held against
the older ones, parted between the two where the smaller side is largest, whatever came of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.like_cases import NAMELESS
from rhml.stats.periods import CALENDAR

VERSIONS = "versions"
CALL = {"human": "first", "model": "recommended", "team": "final"}


@dataclass(frozen=True, eq=False)
class Parted:
    """Positions of the rows of one side, which of them are the later ones, and how that was settled.

    older, newer: names of the versions on either side, of the model alone.
    """

    rows: np.ndarray
    later: np.ndarray
    cut: str = CALENDAR
    older: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()


def parted(calls: Calls, who: str, judged: np.ndarray, times: pd.Series, moment: pd.Timestamp) -> Parted:
    """The judged rows of model or team; times: of all rows, moment: that parts them."""
    rows = np.flatnonzero(judged & (getattr(calls, CALL[who]) >= 0))
    if who == "model" and len(rows):
        codes, names = pd.factorize(calls.column("model_version").iloc[rows].fillna(NAMELESS))
        if len(names) > 1:
            return _by_version(rows, codes, names.astype(str).to_numpy(), times)
    return Parted(rows, (times.to_numpy() >= np.datetime64(moment))[rows])


def _by_version(rows: np.ndarray, codes: np.ndarray, names: np.ndarray, times: pd.Series) -> Parted:
    """Versions in the order of the middle of their use, parted as evenly as whole versions allow."""
    seconds = times.to_numpy("datetime64[s]").astype(np.int64)[rows].astype(float)
    counts = np.bincount(codes)
    order = np.argsort(np.bincount(codes, seconds) / counts, kind="stable")
    older = np.cumsum(counts[order])[:-1]
    first = 1 + int(np.argmax(np.minimum(older, len(rows) - older)))
    newer = order[first:]
    told = [tuple(map(str, names[some])) for some in (order[:first], newer)]
    return Parted(rows, np.isin(codes, newer), VERSIONS, *told)
