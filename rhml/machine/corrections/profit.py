"""What a segment's correction gains over everything that would be no news, less what its boundaries cost.

Every boundary must pay for itself: half the log of the number of cases, as in BIC, and the log of the number of
features for each condition.
"""

from __future__ import annotations

from math import log

import numpy as np

from rhml.machine.corrections.cases import Cases
from rhml.machine.corrections.fit import Prior, apply, information, softmax, sturdy_fit, surprise
from rhml.machine.corrections.search import neighbours
from rhml.machine.corrections.segments import Segment

LEVEL_COST = 0.7
"""What each level in a set must gain, in log likelihood: one bit."""

MISFIT = (0.10, 0.07)
"""How far any model's log odds and slope are off in a segment by its own coarseness: spread, no news."""

MISFIT_BEFORE, STEADY = (0.30, 0.20), 0.05
"""The same where cases from the time of training show it; and by how much it may differ since."""


def profit_of(
    segment: Segment,
    held: np.ndarray,
    gain: np.ndarray,
    parameters: np.ndarray,
    outside: np.ndarray,
    cases: Cases,
) -> float:
    """The gain over everything that would be no news, less the cost of the boundaries."""
    bound, choice = log(len(cases.z)) / 2, log(len(cases.facts))
    ends = sum((c.low is not None) + (c.high is not None) + c.missing for c in segment.conditions)
    levels = sum(len(c.levels) for c in segment.conditions)
    cost = ends * bound + levels * LEVEL_COST + len(segment.conditions) * choice
    loose = Prior.identity(cases.z.shape[1]).penalty(parameters)
    return float(gain[held].sum()) - loose - cost - _no_news(segment, held, outside, cases)


def _no_news(segment: Segment, held: np.ndarray, outside: np.ndarray, cases: Cases) -> float:
    """What the best of three dull accounts of the segment gains over the calibration of the rest.

    The rest's calibration with a misfit as any segment has; the model as it is, with such a misfit; or what
    proved right outside among cases of about the same probabilities, whatever the shape of that.
    """
    z, labels = cases.z[held], cases.labels[held]
    shifted = apply(outside, z)
    plain = surprise(shifted, labels).sum()
    prior = _misfit(segment, cases)
    usual = Prior(Prior.identity(z.shape[1]).centre, prior.precision)
    gains = []
    for start, held_to in ((shifted, usual), (z, prior)):
        off = sturdy_fit(start, labels, held_to)
        gains.append(plain - surprise(apply(off, start), labels).sum() - held_to.penalty(off))
    gains.append(plain - surprise(_like_outside(held, cases), labels).sum())
    return float(max(gains))


def _misfit(segment: Segment, cases: Cases) -> Prior:
    """How far off a model may be in the segment without anything having changed since its training."""
    actions = cases.z.shape[1]
    if cases.before is None or not (then := segment.within(cases.before.facts)).any():
        return Prior.identity(actions, *MISFIT)
    wide = Prior.identity(actions, *MISFIT_BEFORE)
    z, labels = cases.before.z[then], cases.before.labels[then]
    centre = sturdy_fit(z, labels, wide)
    p = softmax(apply(centre, z))
    known = information(p, labels.sum(axis=1, keepdims=True), z)
    doubt = np.linalg.inv(known + wide.precision) + STEADY**2 * np.eye(actions + 1)
    return Prior(centre, np.linalg.inv(doubt))


def _like_outside(held: np.ndarray, cases: Cases) -> np.ndarray:
    """Log shares (h, K) of what proved right outside among the neighbours in probability of each held case."""
    group = neighbours(cases.z, at_most=20)
    actions = cases.z.shape[1]
    proved = np.stack(
        [np.bincount(group[~held], cases.labels[~held, k], group.max() + 1) for k in range(actions)]
    )
    shares = (proved.T + 0.5) / (proved.sum(axis=0)[:, None] + 0.5 * actions)
    return np.log(shares)[group[held]]
