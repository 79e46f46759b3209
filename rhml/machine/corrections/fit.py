"""By how much a segment's probabilities are off: log scores become a + b · log scores.

With two actions this is logit p = a + b · margin. A ridge pulls to the identity (a, b) = (0, 1), so that few
cases change little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LOOSE = 1.5
"""How far a and b may lie from the identity before the pull is felt: the spread of the prior, in log odds."""

STEPS = 30

WRONG = 0.1
"""The share of outcomes that may be recorded at random: bounds what one surprising case can prove."""


def scores(probabilities: np.ndarray) -> np.ndarray:
    """Log probabilities (n, K), centred: with two actions plus and minus half the margin."""
    logs = np.log(np.clip(probabilities, 1e-9, 1.0))
    return logs - logs.mean(axis=1, keepdims=True)


@dataclass(frozen=True, eq=False)
class Prior:
    """What (a₁ … a_K, b) are believed to be before a segment's own cases speak: normal, with this precision."""

    centre: np.ndarray
    precision: np.ndarray

    @classmethod
    def identity(cls, actions: int, shift: float = LOOSE, slope: float = LOOSE) -> Prior:
        """No correction, give or take."""
        spread = np.append(np.full(actions, shift), slope)
        return cls(np.append(np.zeros(actions), 1.0), np.diag(spread**-2))

    def penalty(self, parameters: np.ndarray) -> float:
        """Minus the log density, less its constant."""
        away = parameters - self.centre
        return float(away @ self.precision @ away / 2)


def fit(z: np.ndarray, labels: np.ndarray, prior: Prior | None = None) -> np.ndarray:
    """The K + 1 numbers (a₁ … a_K, b) of least log loss on scores z (n, K) and weights of what was right (n, K)."""
    return _newton(z, labels, prior or Prior.identity(z.shape[1]), 0.0)


def sturdy_fit(z: np.ndarray, labels: np.ndarray, prior: Prior | None = None) -> np.ndarray:
    """The same of least `surprise`: what a few outcomes recorded wrongly say counts little."""
    return _newton(z, labels, prior or Prior.identity(z.shape[1]), WRONG)


def _newton(z: np.ndarray, labels: np.ndarray, prior: Prior, wrong: float) -> np.ndarray:
    """Newton with the Fisher information, from the prior's centre; each case counts as far as it is credible."""
    found = prior.centre.copy()
    loss = _penalized(found, z, labels, prior, wrong)
    for _ in range(STEPS):
        p = softmax(apply(found, z))
        credible = labels * ((1 - wrong) * p / ((1 - wrong) * p + wrong / p.shape[1])) if wrong else labels
        total = credible.sum(axis=1, keepdims=True)
        errors = p * total - credible
        gradient = np.append(errors.sum(axis=0), (errors * z).sum()) + prior.precision @ (
            found - prior.centre
        )
        step = np.linalg.solve(information(p, total, z) + prior.precision, gradient)
        size = 1.0
        while (next_loss := _penalized(found - size * step, z, labels, prior, wrong)) > loss and size > 1e-3:
            size /= 2
        if next_loss > loss:
            break
        found, gained, loss = found - size * step, loss - next_loss, next_loss
        if gained < 1e-3:
            break
    return found


def apply(parameters: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Corrected scores (n, K)."""
    return parameters[:-1] + parameters[-1] * z


def softmax(z: np.ndarray) -> np.ndarray:
    """Probabilities (n, K) of scores; scipy's, without what that costs a hundred cases."""
    raised = np.exp(z - z.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def log_loss_of(z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Each case's log loss (n,) under scores z."""
    higher = z - z.max(axis=1, keepdims=True)
    return labels.sum(axis=1) * np.log(np.exp(higher).sum(axis=1)) - (labels * higher).sum(axis=1)


def surprise(z: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Log loss (n,) where some outcomes may be recorded wrongly; no case weighs more than a bounded amount."""
    return -(labels * np.log((1 - WRONG) * softmax(z) + WRONG / z.shape[1])).sum(axis=1)


def information(p: np.ndarray, total: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Fisher information (K + 1, K + 1) of the parameters at probabilities p and weights `total` (n, 1)."""
    weighted = p * total
    centred = weighted * (z - (p * z).sum(axis=1, keepdims=True))
    found = np.empty((p.shape[1] + 1, p.shape[1] + 1))
    found[:-1, :-1] = np.diag(weighted.sum(axis=0)) - weighted.T @ p
    found[:-1, -1] = found[-1, :-1] = centred.sum(axis=0)
    found[-1, -1] = (centred * z).sum()
    return found


def _penalized(
    parameters: np.ndarray, z: np.ndarray, labels: np.ndarray, prior: Prior, wrong: float
) -> float:
    measure = surprise if wrong else log_loss_of
    return float(measure(apply(parameters, z), labels).sum()) + prior.penalty(parameters)
