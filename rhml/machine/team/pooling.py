"""What people weigh differently from their team, drawn towards it as far as their calls are few.

Each person is a logistic regression on the team's contributions, which stand there with the slope 1: ridge
penalties hold shift and slopes to the team's. How strong the penalties are is settled on held-out calls of
all people together, so that where people do not differ nobody is told that they do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from rhml.core.policy import FOLDS
from rhml.machine.team.person import Weights

ENOUGH = 30
"""With fewer calls a person has no weights of their own: the team's stand for them."""

SHIFTS = (0.3, 3.0, 30.0, 1e6)
SLOPES = (1.0, 3.0, 10.0, 30.0, 100.0, 1e6)
"""Ridge penalties that are tried, in calls' worth of evidence; the last one means: as the team."""

MOST_ASKED = 60
"""People, those with most calls, whose held-out calls settle the penalties."""

STEPS = 12


@dataclass(frozen=True, eq=False)
class Called:
    """One person's calls as the regression reads them, an action a row: (m, K, d) contributions to the log odds of
    each action against the others, (m, K) the team's log odds, (m,) the action called, (m,) its fold."""

    parts: np.ndarray
    team: np.ndarray
    action: np.ndarray
    fold: np.ndarray

    def some(self, rows: np.ndarray) -> Called:
        """Some of the calls."""
        return Called(self.parts[rows], self.team[rows], self.action[rows], self.fold[rows])


def weights(people: dict[str, Called]) -> dict[str, Weights]:
    """The weights of everyone with enough calls, rounded so that no byte depends on the order of a sum."""
    enough = {name: one for name, one in sorted(people.items()) if len(one.action) >= ENOUGH}
    if not enough:
        return {}
    shift, slope = _penalties(enough.values())
    found = {}
    for name, one in enough.items():
        shifts, slopes = _fit(one, shift, slope)
        found[name] = Weights(
            tuple((shifts.round(4) + 0.0).tolist()), tuple((1 + slopes).round(4).tolist()), len(one.action)
        )
    return found


def _penalties(people: Iterable[Called]) -> tuple[float, float]:
    """The penalties on shift and slopes that foretell held-out calls best; the stronger where that is equal."""
    asked = sorted(people, key=lambda one: -len(one.action))[:MOST_ASKED]
    slope = SLOPES[-1]
    shift = _best(SHIFTS, lambda tried: sum(_held_out_loss(one, tried, slope) for one in asked))
    slope = _best(SLOPES, lambda tried: sum(_held_out_loss(one, shift, tried) for one in asked))
    return shift, slope


def _best(tried: tuple[float, ...], loss) -> float:
    losses = [round(loss(penalty), 6) for penalty in reversed(tried)]
    return tuple(reversed(tried))[int(np.argmin(losses))]


def _held_out_loss(one: Called, shift: float, slope: float) -> float:
    loss = 0.0
    for fold in range(FOLDS):
        out = one.fold == fold
        if out.any() and not out.all():
            shifts, slopes = _fit(one.some(~out), shift, slope)
            loss += _loss(one.some(out), shifts, slopes)
    return loss


def _loss(one: Called, shifts: np.ndarray, slopes: np.ndarray) -> float:
    score = one.team + shifts + np.einsum("mkd,d->mk", one.parts, slopes)
    hit = np.arange(one.team.shape[1]) == one.action[:, None]
    return float((np.logaddexp(0, score) - score * hit).sum()) * _share(one)


def _share(one: Called) -> float:
    """What a row counts: the K rows of one call know as much as K − 1 (with two actions they are one and the same)."""
    return 1 - 1 / one.team.shape[1]


def _fit(one: Called, shift: float, slope: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge logistic regression by Newton's steps from the team's own log odds, each halved while it makes worse."""
    m, k, d = one.parts.shape
    eye = np.broadcast_to(np.eye(k), (m, k, k))
    x = np.concatenate([eye, one.parts], axis=2).reshape(m * k, k + d)
    team, hit = one.team.ravel(), (np.arange(k) == one.action[:, None]).ravel().astype(float)
    ridge = np.concatenate([np.full(k, shift), np.full(d, slope)])
    share, found = _share(one), np.zeros(k + d)

    def loss(at: np.ndarray) -> float:
        score = team + np.einsum("nd,d->n", x, at)
        return float(share * (np.logaddexp(0, score) - score * hit).sum() + (ridge * at**2).sum() / 2)

    now = loss(found)
    for _ in range(STEPS):
        p = expit(team + np.einsum("nd,d->n", x, found))
        slope_of = share * np.einsum("nd,n->d", x, p - hit) + ridge * found
        bend = share * np.einsum("nd,n,ne->de", x, p * (1 - p), x, optimize=["einsum_path", (0, 1), (0, 1)])
        step = np.linalg.solve(bend + np.diag(ridge), slope_of)
        while (then := loss(found - step)) > now and np.abs(step).max() > 1e-8:
            step = step / 2
        found, gained, now = found - step, now - then, then
        if gained < 1e-8:
            break
    return found[:k], found[k:]
