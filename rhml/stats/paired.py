"""Two judges on the same cases: by how much one is better, and whether chance could explain it.

>>> mcnemar([1, 1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0]).p
0.03125
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from rhml.stats.intervals import ONE_CASE, effective_count, few_cases, mean
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample


@dataclass(frozen=True)
class McNemar:
    """How often only one of two judges was right, and the chance of so uneven a split between equals."""

    only_first: int
    only_second: int
    p: float


def mcnemar(first_right, second_right) -> McNemar:
    """Whether two judges of the same cases differ by more than chance: exact McNemar (1947) test.

    One row a case: where several people judge one case, use `difference` with its cases.
    """
    first, second = np.asarray(first_right, bool), np.asarray(second_right, bool)
    b, c = int((first & ~second).sum()), int((second & ~first).sum())
    return McNemar(b, c, float(stats.binomtest(b, b + c).pvalue) if b + c else 1.0)


def difference(
    first, second, *, cases=None, managers=None, level: float = 0.95, minimum: int = MINIMUM
) -> Measure:
    """By how much the first's mean score exceeds the second's on the same rows.

    Scores may be right (1) and wrong (0), Brier scores, costs; `cases` and `managers` are ids, one a row,
    where several rows share a case or a manager.
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    sample = Sample.of(np.arange(len(first)) if cases is None else cases, managers)
    return gap(
        first - second, sample, binary=_binary(first) and _binary(second), level=level, minimum=minimum
    )


def gap(
    scores: np.ndarray, sample: Sample, *, binary: bool, level: float = 0.95, minimum: int = MINIMUM
) -> Measure:
    """The mean of paired differences; binary ones are −1, 0 or 1.

    Binary: Agresti & Min (2005), two rows added (½ better, ½ worse, 1 equal), at the effective count.
    """
    if not binary:
        return mean(scores, sample, level=level, minimum=minimum)
    n, cases = len(scores), sample.count()
    if n < max(minimum, 1):
        return Measure.unknown(too_few(n), n)
    if cases < 2:
        return Measure(float(scores.mean()), -1.0, 1.0, n, ONE_CASE)
    value, differing = float(scores.mean()), float((scores**2).mean())
    spread = differing - value**2
    effective = effective_count(sample.variance(scores - value) / n**2, spread, n, cases, level)
    centre = value * effective / (effective + 2)
    variance = ((differing * effective + 1) / (effective + 2) - centre**2) / (effective + 2)
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(variance)
    return Measure.of(value, max(centre - half, -1.0), min(centre + half, 1.0), n, few_cases(cases))


def smaller(first: Measure, second: Measure) -> Measure:
    """The smaller of two measures; holds at 95 % where each of the two holds at 97.5 % (Bonferroni)."""
    if not (first.known and second.known):
        return first if not first.known else second
    values, lows, highs = zip(*((m.value, m.low, m.high) for m in (first, second)), strict=True)
    return Measure(min(values), min(lows), min(highs), first.n, first.why or second.why)


def _binary(scores: np.ndarray) -> bool:
    return bool(np.isin(scores, (0.0, 1.0)).all())
