"""Whether deciding together is worth it, in depth: against either alone, what is left to gain, and what stands in the way.

All over resolved decisions with first call H, recommendation M and final decision T, as in `reports.reliance`: H is no
call of people alone where the model's evidence was in view before it. A perfect chooser is right wherever H or M is; given how often each is right and how their mistakes fall together (φ), that share is fixed:
P(both wrong) = (1−h)(1−m) + φ·√(h(1−h)·m(1−m)). The realised share (T − better) / (chooser − better) is given only
where the headroom is surely above two points, by Fieller's interval.
"""

from __future__ import annotations

import numpy as np

from rhml.reports.calls import Calls
from rhml.reports.complementing import GAINS, Complementarity, InValue
from rhml.reports.reliance import BOTH
from rhml.reports.worth import unit
from rhml.stats.intervals import amount, correlation, mean, share
from rhml.stats.measure import Measure
from rhml.stats.paired import gap, smaller
from rhml.stats.ratio import ratio
from rhml.stats.sample import Sample

__all__ = ["Complementarity", "complementarity"]

ENOUGH_HEADROOM = 0.02
LITTLE = "What a perfect chooser would gain may be less than two points, so a share of it says nothing."
LITTLE_VALUE = "What a perfect chooser would save may be less than 2 % of what mistakes cost, so a share of it says nothing."


def complementarity(calls: Calls, *, seed: int) -> Complementarity:
    """All of it for some decisions; the seed draws the resampled cases behind the intervals of amounts."""
    judged, why = calls.judged()
    core = np.flatnonzero(judged & calls.three)
    if why or not len(core):
        why = why or "No resolved decision has first call, recommendation and final decision so far."
        return Complementarity(why, *(Measure.unknown(why),) * 11, {}, None)
    calls = calls.take(core)
    h, m, t = (calls.credited.hits(who) for who in ("first", "recommended", "final"))
    every = np.ones(len(core), bool)
    sample, cases = calls.sample(every), calls.sample(every, managers=False)
    headroom = smaller(share(m & ~h, sample, level=BOTH), share(h & ~m, sample, level=BOTH))
    over_human, over_model = (
        gap(t.astype(float) - other, sample, binary=True, level=BOTH) for other in (h, m)
    )
    why = "" if over_human.known else over_human.why
    return Complementarity(
        why,
        share(h, sample),
        share(m, cases),
        share(t, sample),
        share(h | m, sample),
        _by_chance(h, m, sample),
        over_human,
        over_model,
        smaller(over_human, over_model),
        headroom,
        _realised(*(x.astype(float) for x in (h, m, t, h | m)), headroom, ENOUGH_HEADROOM, sample),
        correlation(~h, ~m, sample),
        # Who was followed is told of what was shown, as in `reliance`, whatever the model held likeliest.
        _breakdown(h, calls.hits("recommended"), t, sample),
        _in_value(calls, seed),
    )


def _breakdown(h: np.ndarray, m: np.ndarray, t: np.ndarray, sample: Sample) -> dict[str, Measure]:
    parts = (~h & m & t, ~h & ~m & t, h & ~m & ~t, h & m & ~t)
    found = {key: share(part, sample) for (key, _), part in zip(GAINS, parts, strict=True)}
    return found if all(one.known for one in found.values()) else {}


def _by_chance(h: np.ndarray, m: np.ndarray, sample: Sample) -> Measure:
    """How often either is right if mistakes fell together by chance alone, by the delta method."""
    a, b = float(h.mean()), float(m.mean())
    found = mean((1 - b) * h + (1 - a) * m, sample)
    if not found.known:
        return found
    moved = 1 - (1 - a) * (1 - b) - found.value
    low, high = (None if end is None else min(max(end + moved, 0.0), 1.0) for end in (found.low, found.high))
    return Measure(found.value + moved, low, high, found.n, found.why)


def _realised(h, m, t, best, headroom: Measure, enough: float, sample: Sample, little=LITTLE) -> Measure:
    """Of a score a row: how much of the way from the better of the two to the chooser the team goes.

    Where the data cannot tell which of the two is the better, the interval allows for either.
    """
    if headroom.low is None or headroom.low <= enough:
        return Measure.unknown(little if headroom.known else headroom.why, headroom.n)
    lead = mean(m - h, sample)
    better = m if lead.value > 0 else h
    found = ratio(t - better, best - better, sample)
    if lead.low is not None and lead.low <= 0 <= lead.high:
        other = h if lead.value > 0 else m
        also = ratio(t - other, best - other, sample)
        if also.low is not None and found.low is not None:
            return Measure(found.value, min(found.low, also.low), max(found.high, also.high), found.n)
    return found


def _in_value(calls: Calls, seed: int) -> InValue | None:
    """In the domain's unit, over rows that state a value."""
    stated = calls.domain.value
    if not (stated.column or stated.cost):
        return None
    h, m, t = (-calls.costs(call) for call in (calls.first, calls.recommended, calls.final))
    keep = ~np.isnan(h + m + t)
    h, m, t = h[keep], m[keep], t[keep]
    sample, best = calls.sample(keep), np.maximum(h, m)
    gaps = [amount(t - other, sample, seed=seed, level=BOTH) for other in (h, m)]
    room = smaller(*(_of(best - other, sample, seed) for other in (h, m)))
    enough = ENOUGH_HEADROOM * float(-max(h.mean(), m.mean())) if len(h) else 0.0
    return InValue(unit(calls), *gaps, room, _realised(h, m, t, best, room, enough, sample, LITTLE_VALUE))


def _of(scores: np.ndarray, sample: Sample, seed: int) -> Measure:
    found = amount(scores, sample, seed=seed, level=BOTH)
    # Nothing to choose in any case: there is no interval, and `smaller` needs ends.
    return Measure(found.value, 0.0, 0.0, found.n) if found.known and found.low is None else found
