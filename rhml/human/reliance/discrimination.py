"""Does a manager know *when* the model is right? Following it where it was right, less following where it was wrong.

Only cases whose own call differed from the recommendation can tell (H ≠ M). 0 is following or keeping at random
with regard to who is right; 1 is following exactly when the model is right. With stated confidence the same in
advance: the chance that a call which should have been given up was held less surely than one that should have been
kept (area under the curve, DeLong et al. 1988, its parts added up by case: Obuchowski 1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.human.reliance.calls import Rows
from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.sample import Sample


@dataclass(frozen=True)
class Discrimination:
    """Following where the model was right and where it was wrong, their difference, and it by confidence."""

    right: Measure
    wrong: Measure
    difference: Measure
    by_confidence: Measure
    sentence: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {k: v.as_dict() if isinstance(v, Measure) else v for k, v in vars(self).items()}


def discrimination(decisions: pd.DataFrame, *, domain: DecisionDomain, who: str = "You") -> Discrimination:
    """What the decisions of one manager, or of the team, say; `who` begins the sentence."""
    rows = Rows.of(decisions, domain)
    keep = rows.unaided & rows.advised & rows.judged & (rows.first != rows.shown)
    if rows.why or not keep.any():
        why = rows.why or "No own call with an outcome differed from the recommendation so far."
        none = Measure.unknown(why)
        return Discrimination(none, none, none, none, why)
    followed, right = (rows.final == rows.shown)[keep], (rows.shown == rows.right)[keep]
    sample = Sample.of(rows.case[keep], rows.manager[keep])
    both = share(followed, sample, among=right), share(followed, sample, among=~right)
    apart = _difference(*both)
    stated = rows.frame["first_confidence"].to_numpy(float)[keep]
    return Discrimination(
        *both, apart, by_confidence(stated, right, rows.case[keep]), in_words(*both, apart, who=who)
    )


def _difference(first: Measure, second: Measure) -> Measure:
    """first − second of two independent shares, from their own intervals (Newcombe 1998, method 10)."""
    for one, what in ((first, "right"), (second, "wrong")):
        if one.value is None:
            return Measure.unknown(
                f"Where the own call differed and the model was {what}: {_small(one.n)}", first.n + second.n
            )
    value = first.value - second.value
    low = value - hypot(first.value - first.low, second.high - second.value)
    high = value + hypot(first.high - first.value, second.value - second.low)
    return Measure.of(value, max(low, -1.0), min(high, 1.0), first.n + second.n)


def _small(n: int) -> str:
    return too_few(n)[0].lower() + too_few(n)[1:]


def by_confidence(stated: np.ndarray, model_right: np.ndarray, cases: np.ndarray) -> Measure:
    """The chance that the surer of two own calls is the one that was right, .5 by chance, ties half."""
    known = ~np.isnan(stated)
    wrong, right = stated[known & model_right], stated[known & ~model_right]
    if not known.any():
        return Measure.unknown("None of these calls says how sure it was.")
    if (fewer := min(len(wrong), len(right))) < MINIMUM:
        return Measure.unknown(f"Of calls that say how sure they were, {_small(fewer)}", int(known.sum()))
    above = _placed(right, wrong)
    below = 1 - _placed(wrong, right)
    value = float(above.mean())
    parts = np.zeros(len(stated))
    parts[known & ~model_right] = (above - value) / len(right)
    parts[known & model_right] = (below - value) / len(wrong)
    codes = pd.factorize(cases)[0]
    groups = np.bincount(codes, parts)
    error = float(np.sqrt((groups**2).sum() * len(groups) / max(len(groups) - 1, 1)))
    half = float(stats.norm.ppf(0.975)) * error
    return Measure.of(value, max(value - half, 0.0), min(value + half, 1.0), int(known.sum()))


def _placed(these: np.ndarray, among: np.ndarray) -> np.ndarray:
    """For each of these the share of the others that lie below, ties counting half."""
    ordered = np.sort(among)
    return (np.searchsorted(ordered, these, "left") + np.searchsorted(ordered, these, "right")) / (
        2 * len(among)
    )


def in_words(right: Measure, wrong: Measure, apart: Measure, *, who: str) -> str:
    """The finding in a sentence."""
    if apart.value is None or apart.low is None:
        return apart.why
    rates = (
        f"Where {'your' if who == 'You' else 'the'} own call differed, {who.lower() if who == 'You' else who} followed "
        f"the model in {right.value * 100:.0f} % of the cases in which it was right and in {wrong.value * 100:.0f} % of those in "
        "which it was wrong."
    )
    if apart.low > 0:
        end = "More than chance: the model is followed more when it deserves it."
    elif apart.high < 0:
        end = "That is the wrong way round: the model is followed more when it is wrong."
    else:
        end = "Chance alone may explain the difference: no sign so far of knowing when the model is right."
    return f"{rates} {end}"
