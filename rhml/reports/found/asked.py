"""What later cases say about the rules that stood out before: each case counts once, and chance over all rules at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from rhml.reports.calls import Calls
from rhml.reports.found.discovered import Candidate
from rhml.reports.found.groups import Group
from rhml.stats.intervals import few_cases
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.multiplicity import weighted
from rhml.stats.paired import gap
from rhml.stats.rules.later import contrast, signs
from rhml.stats.sample import Sample
from rhml.stats.shrink import FEWEST, shrunk

PRIOR, SHARPNESS, FLOOR = 2.0, 1.5, 0.03
"""How an earlier score becomes the weight of a question: about one half at `PRIOR`; none is hopeless."""

SAME = 0.5
"""A rule most of whose cases a surer one covers already says nothing of its own."""

TOO_FEW_RULES = "Too few rules were asked about to draw this one towards the others."
UNDRAWN = Measure.unknown(TOO_FEW_RULES)


@dataclass(frozen=True, eq=False)
class Asked:
    """A rule and what cases say of it: `inside` over the group's rows, p of later cases, the measure on each part."""

    candidate: Candidate
    inside: np.ndarray
    p: float
    later: Measure
    adjusted_p: float = 1.0
    shrunk: Measure = UNDRAWN

    @property
    def group(self) -> Group:
        """Whom it was asked of."""
        return self.candidate.group


@dataclass(frozen=True, eq=False)
class Court:
    """A group's rows of one part of the time, made ready for many rules."""

    group: Group
    rows: np.ndarray
    sample: Sample

    @classmethod
    def of(cls, calls: Calls, group: Group, rows: np.ndarray) -> Court:
        """rows: a mask over the group's rows."""
        at = np.flatnonzero(rows)
        return cls(group, at, calls.sample(group.rows[at]))

    def per_case(self, score: np.ndarray, keep: np.ndarray) -> np.ndarray:
        """The mean score of each case among some of the rows."""
        if self.single:
            return score[keep]
        case = self.sample.cases[keep]
        counts, sums = np.bincount(case), np.bincount(case, score[keep])
        return sums[counts > 0] / counts[counts > 0]

    @cached_property
    def single(self) -> bool:
        """Whether every case was judged once."""
        return self.sample.count() == len(self.sample)

    def chance(self, candidate: Candidate, inside: np.ndarray, keep: np.ndarray) -> float:
        """The chance of what some rows say for a rule if there were nothing: inside, and against elsewhere."""
        score = candidate.group.score(candidate.weak)[self.rows] * candidate.sign
        own, rest = self.per_case(score, inside & keep), self.per_case(score, ~inside & keep)
        if len(own) < MINIMUM or len(rest) < MINIMUM:
            return float("nan")
        if candidate.weak:
            return contrast(own, rest)
        return max(signs(own), contrast(own, rest))

    def beyond_elsewhere(self, score: np.ndarray, inside: np.ndarray) -> Measure:
        """By how much the mean of some rows exceeds that of the others."""
        return self._contrast(
            score, inside / max(inside.sum(), 1) - ~inside / max((~inside).sum(), 1), inside
        )

    def elsewhere(self, score: np.ndarray, inside: np.ndarray) -> Measure:
        """The mean of the other rows."""
        return self._contrast(score, ~inside / max((~inside).sum(), 1), ~inside)

    def _contrast(self, score: np.ndarray, weight: np.ndarray, counted: np.ndarray) -> Measure:
        """A weighted sum of scores (weights of each side add up to 1), linearised around the sides' own means."""
        n = self.sample.count(counted)
        if n < MINIMUM:
            return Measure.unknown(too_few(n), n)
        means = np.where(counted, score[counted].mean(), score[~counted].mean() if (~counted).any() else 0.0)
        error = np.sqrt(self.sample.variance(weight * (score - means)))
        value, half = float((weight * score).sum()), stats.t.ppf(0.975, n - 1) * error
        return Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), n, few_cases(n))


def asked(court: Court, calls: Calls, candidates: list[Candidate], covered: list[np.ndarray]) -> list[Asked]:
    """What later cases say of a group's rules, the surest first; those that too few cases can speak about are left out.

    covered: for each rule a mask over the group's rows. A later case that one rule covers speaks for no weaker one
    of the same kind; a rule must hold on those and on all that it covers.
    """
    found = []
    for weak in (False, True):
        taken = np.zeros(len(court.rows), bool)
        for candidate, whole in zip(candidates, covered, strict=True):
            if candidate.weak != weak:
                continue
            inside = whole[court.rows]
            p = court.chance(candidate, inside, ~taken)
            if (inside & taken).any():
                p = max(p, court.chance(candidate, inside, np.ones(len(inside), bool)))
            taken |= inside
            if not np.isnan(p):
                found.append(Asked(candidate, whole, p, measured(court, calls, candidate, inside)))
    return found


def measured(court: Court, calls: Calls, candidate: Candidate, inside: np.ndarray) -> Measure:
    """The claimed quantity among some rows: person − model, or how much more often both are wrong than elsewhere."""
    score = court.group.score(candidate.weak)[court.rows]
    if candidate.weak:
        return court.beyond_elsewhere(score, inside)
    return gap(score[inside], calls.sample(court.group.rows[court.rows[inside]]), binary=True)


def judged(found: list[Asked]) -> list[Asked]:
    """All rules with p adjusted over them together, and their measures drawn towards each other."""
    scores = np.array([a.candidate.score for a in found])
    adjusted = weighted([a.p for a in found], FLOOR + 1 / (1 + np.exp(-(scores - PRIOR) / SHARPNESS)))
    drawn = _drawn(found)
    return [
        Asked(a.candidate, a.inside, a.p, a.later, float(p), s)
        for a, p, s in zip(found, adjusted, drawn, strict=True)
    ]


def _drawn(found: list[Asked]) -> list[Measure]:
    """Each later measure drawn towards what all rules asked about have in common, in the direction claimed."""
    known = [i for i, a in enumerate(found) if a.later.low is not None and a.later.high > a.later.low]
    measures = [Measure.unknown(TOO_FEW_RULES, a.later.n) for a in found]
    if len(known) < FEWEST:
        return measures
    claimed = [(found[i].later, found[i].candidate.sign) for i in known]
    errors = [(m.high - m.low) / 2 / stats.norm.ppf(0.975) for m, _ in claimed]
    for i, value, low, high in zip(known, *shrunk([m.value * s for m, s in claimed], errors), strict=True):
        ends = (low, high) if found[i].candidate.sign > 0 else (-high, -low)
        measures[i] = Measure.of(value * found[i].candidate.sign, *ends, found[i].later.n)
    return measures


def kept(found: list[Asked], level: float, smallest: float) -> list[Asked]:
    """The rules that hold, the surest first, each segment once, and none too small a matter."""
    holding: list[Asked] = []
    for one in sorted(found, key=lambda a: (a.adjusted_p, a.p, -a.candidate.score)):
        sign = one.candidate.sign
        if one.adjusted_p > level or one.later.value * sign < smallest:
            continue
        rivals = [
            a
            for a in holding
            if a.group is one.group and a.candidate.weak == one.candidate.weak and a.candidate.sign == sign
        ]
        if all((a.inside & one.inside).sum() <= SAME * one.inside.sum() for a in rivals):
            holding.append(one)
    return holding
