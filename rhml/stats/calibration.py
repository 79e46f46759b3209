"""Whether "8 in 10" means eight in ten: for a person's confidence as for a model's probability.

A probability is that of the action named; `right` says whether that action proved right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.stats.intervals import fraction, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample

BINS = 10


@dataclass(frozen=True)
class Brier:
    """The mean squared error of probabilities, and what it is made of (Murphy 1973).

    score = reliability − resolution + uncertainty + within, where `within` is what binning leaves over.
    """

    score: Measure
    reliability: float | None
    resolution: float | None
    uncertainty: float | None


def brier(probability, right, *, cases=None, managers=None, bins: int = BINS) -> Brier:
    """The mean squared distance between a probability and what happened: 0 is perfect, .25 a coin's."""
    p, y = np.asarray(probability, float), np.asarray(right, float)
    score = fraction((p - y) ** 2, _sample(len(p), cases, managers))
    if not score.known:
        return Brier(score, None, None, None)
    table = calibration_table(p, y, bins=bins)
    n, said, came = (table[c].to_numpy(float) for c in ("n", "said", "came_true"))
    base = y.mean()
    return Brier(
        score,
        reliability=float((n * (said - came) ** 2).sum() / n.sum()),
        resolution=float((n * (came - base) ** 2).sum() / n.sum()),
        uncertainty=float(base * (1 - base)),
    )


def calibration_error(probability, right, *, bins: int = BINS) -> Measure:
    """By how much, on average, what was said differs from what came true (ECE, equal-width bins).

    It has no interval: its expectation is above zero even where every probability is honest, by about
    the mean standard error of the bins; `low` and `high` are None and `why` says so.
    """
    p, y = np.asarray(probability, float), np.asarray(right, float)
    if len(p) < MINIMUM:
        return Measure.unknown(too_few(len(p)), len(p))
    table = calibration_table(p, y, bins=bins)
    gaps = (table["said"] - table["came_true"]).abs()
    value = float((gaps * table["n"]).sum() / len(p))
    return Measure(value, None, None, len(p), "Above zero by chance alone; read the table's intervals.")


def calibration_table(
    probability, right, *, cases=None, managers=None, bins: int = BINS, level: float = 0.95
) -> pd.DataFrame:
    """A row for each band of probability: what was said on average, and how often it came true.

    Columns: from, to, said, came_true, low, high, n. Wilson intervals at the count of different cases,
    which is on the wide side where several people judged one. Empty bands are left out.
    """
    p, y = np.asarray(probability, float), np.asarray(right, float)
    sample = _sample(len(p), cases, managers)
    band = np.minimum((p * bins).astype(int), bins - 1)
    n = np.bincount(band, minlength=bins)
    pairs = pd.unique(band.astype(np.int64) * (len(p) + 1) + sample.cases)
    distinct = np.bincount(pairs // (len(p) + 1), minlength=bins)
    filled = n > 0
    came = np.bincount(band, y, bins)[filled] / n[filled]
    low, high = wilson(came * distinct[filled], distinct[filled], level)
    edges = np.arange(bins) / bins
    return pd.DataFrame(
        {
            "from": edges[filled],
            "to": edges[filled] + 1 / bins,
            "said": np.bincount(band, p, bins)[filled] / n[filled],
            "came_true": came,
            "low": low,
            "high": high,
            "n": n[filled],
        }
    )


def _sample(n: int, cases, managers) -> Sample:
    return Sample.of(np.arange(n) if cases is None else cases, managers)
