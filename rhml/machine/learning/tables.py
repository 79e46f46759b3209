"""How people call when this or that is right: shares, pooled from manager to segment to team.

Every level shrinks towards the one above with Dirichlet pseudo-calls: the team's share of a call given
what is right and the condition; then within a bin of the model's probability (a manager sees the same
facts as the model, so only what a call adds beyond them may count); then the tendency of the case's
segments; then the manager's own beyond those.
The top level does not depend on what is right, so without evidence a call says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from rhml.machine.learning.calls import Calls

POOL = 20.0
"""Pseudo-calls with which a team's share leans on the level above."""

STRENGTHS = (3.0, 10.0, 30.0, 100.0, 1000.0)
"""Candidates for how alike managers (or segments) are; the likelihood of their counts chooses (empirical Bayes)."""


@dataclass(frozen=True)
class Table:
    """Shares of calls: team (condition, right, bin, call), and how much likelier each call is in a segment
    (one array a segment column: segment, condition, right, call) and from a manager (`tendency`)."""

    team: np.ndarray
    segments: tuple[np.ndarray, ...]
    tendency: np.ndarray

    @classmethod
    def fit(cls, calls: Calls, right: np.ndarray, bins: np.ndarray, *, actions: int, n_bins: int) -> Table:
        """Count calls whose right action (index, one a call) is known; −1 rows are left out."""
        known = right >= 0
        y, b, c, a = right[known], bins[known], calls.condition[known], calls.action[known]
        counts = np.zeros((calls.conditions, actions, n_bins, actions))
        np.add.at(counts, (c, y, b, a), 1.0)
        team = _team(counts)
        shares, found = team[c, y, b], []
        for code, groups in calls.groups:
            tendency = np.ones((groups, calls.conditions, actions, actions))
            # Given a manager's own first call little is left to learn about the person.
            if calls.context != "revised" and len(y):
                mine = code[known]
                seen, expected = np.zeros_like(tendency), np.zeros_like(tendency)
                np.add.at(seen, (mine, c, y, a), 1.0)
                np.add.at(expected, (mine, c, y), shares)
                tendency = _tendency(seen, expected)
                shares = shares * tendency[mine, c, y]
                shares /= shares.sum(axis=1, keepdims=True)
            found.append(tendency)
        return cls(team, tuple(found[:-1]), found[-1])

    def likelihood(self, calls: Calls, bins: np.ndarray) -> np.ndarray:
        """P(call | right, …) as log (calls, K): one column for each action that may be right."""
        shares = self.team[calls.condition, :, bins]
        for (code, _), tendency in zip(calls.groups, (*self.segments, self.tendency), strict=True):
            shares = shares * tendency[code, calls.condition]
            shares /= shares.sum(axis=2, keepdims=True)
        return np.log(shares[np.arange(len(calls)), :, calls.action])


def _team(counts: np.ndarray) -> np.ndarray:
    actions = counts.shape[-1]
    overall = _pooled(counts.sum(axis=(1, 2)), np.full(actions, 1 / actions), 1.0)
    given_right = _pooled(counts.sum(axis=2), overall[:, None], POOL)
    given_bin = _pooled(counts.sum(axis=1), overall[:, None], POOL)
    target = given_bin[:, None] * (given_right / overall[:, None])[:, :, None]
    return _pooled(counts, target / target.sum(axis=-1, keepdims=True), POOL)


def _pooled(counts: np.ndarray, prior: np.ndarray, strength: float) -> np.ndarray:
    return (counts + strength * prior) / (counts.sum(axis=-1, keepdims=True) + strength)


def _tendency(seen: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """How much likelier each call is from a manager or in a segment than expected, shrunk to 1."""
    total = expected.sum(axis=-1, keepdims=True)
    prior = np.divide(expected, total, out=np.full_like(expected, 1 / seen.shape[-1]), where=total > 0)
    strength = max(STRENGTHS, key=lambda s: evidence(seen, s * prior))
    return (seen + strength * prior) / (expected + strength * prior)


def evidence(seen: np.ndarray, prior: np.ndarray) -> float:
    """Log likelihood of counts under a Dirichlet-multinomial."""
    total, strength = seen.sum(axis=-1), prior.sum(axis=-1)
    log = gammaln(strength) - gammaln(total + strength)
    return float(log.sum() + (gammaln(seen + prior) - gammaln(prior)).sum())
