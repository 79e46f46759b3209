"""What changed between two periods, part by part: each difference with its interval, and which of many still count.

Differences of two independent measures take MOVER's interval (Zou & Donner 2008; for Wilson's intervals Newcombe 1998,
method 10); counts take Garwood's exact Poisson limits (1936) a month. Of all parts asked at once those are called whose
p-value stands at a false discovery rate of 5 % (Benjamini & Hochberg 1995).

>>> round(a_month(100, 2.0).low, 1), round(a_month(100, 2.0).high, 1)
(40.7, 60.8)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scipy import stats

from rhml.reports.exploration import Names
from rhml.stats.counted import apart
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import benjamini_hochberg, p_value

CALLED = 0.05
HIGHER, LOWER = "higher", "lower"
TOO_FEW, NOTHING_SHOWN, CHANCE, NEVER = "too few to say", "no change shown", "may be chance", "cannot be told"
"""*Cannot be told*: whatever the counts, such as without outcomes or where all times are alike. *May be chance*: its own interval leaves zero out, but among as many as were asked one would."""


@dataclass(frozen=True)
class Change:
    """One part's measure in the earlier and the later period, their difference, and what it comes to in words."""

    names: Names
    earlier: Measure
    later: Measure
    difference: Measure
    words: str


def changed(earlier: Mapping[Names, Measure], later: Mapping[Names, Measure]) -> list[Change]:
    """What changed in each part that either period has; all parts count as asked at once."""
    names = list(dict.fromkeys([*earlier, *later]))
    nothing = Measure.unknown(too_few(0))
    pairs = [(earlier.get(name, nothing), later.get(name, nothing)) for name in names]
    differences = [apart(after, before) for before, after in pairs]
    adjusted = benjamini_hochberg([p_value(one) if _bounded(one) else float("nan") for one in differences])
    return [
        Change(name, before, after, one, _words(one, p))
        for name, (before, after), one, p in zip(names, pairs, differences, adjusted, strict=True)
    ]


def _bounded(found: Measure) -> bool:
    return found.low is not None and found.high is not None and found.high > found.low


def _words(found: Measure, p: float) -> str:
    if not found.known or found.low is None:
        return TOO_FEW if "too few" in found.why or found.why == too_few(0) else NEVER
    if found.low <= 0 <= found.high:
        return NOTHING_SHOWN
    if not p < CALLED:
        return CHANCE
    return HIGHER if found.value > 0 else LOWER


def a_month(count: int, months: float) -> Measure:
    """So many a month, with Garwood's limits of a Poisson count: χ² quantiles with 2k and 2k + 2 degrees of freedom."""
    if count < MINIMUM:
        return Measure.unknown(too_few(count), count)
    low, high = stats.chi2.ppf(0.025, 2 * count) / 2, stats.chi2.ppf(0.975, 2 * count + 2) / 2
    return Measure.of(count / months, low / months, high / months, count)
