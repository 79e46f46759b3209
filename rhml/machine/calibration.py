"""How a model's raw scores become probabilities that mean what they say.

Platt scaling for two actions, temperature with a bias per action for more (Platt 1999; Guo et al. 2017),
fitted on out-of-fold scores. A ridge holds it near the identity, so that few cases change little.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

RIDGE = 10.0
"""The strength of the pull to the identity, in cases."""


@dataclass(frozen=True)
class Calibration:
    """Probability = softmax(slope · margins + bias); the slope is positive, so no order is reversed."""

    slope: float
    bias: tuple[float, ...]

    @classmethod
    def fit(cls, margins: np.ndarray, weights: np.ndarray) -> Calibration:
        """Least log loss on (n, K) out-of-fold margins, with (n, K) weights of what was right."""
        actions = margins.shape[1]

        def loss(parameters: np.ndarray) -> tuple[float, np.ndarray]:
            slope = np.exp(parameters[0])
            scores = slope * margins + parameters[1:]
            errors = softmax(scores, axis=1) * weights.sum(axis=1, keepdims=True) - weights
            value = -(weights * log_softmax(scores, axis=1)).sum() + RIDGE / 2 * (parameters @ parameters)
            gradient = np.concatenate([[slope * (errors * margins).sum()], errors.sum(axis=0)])
            return float(value), gradient + RIDGE * parameters

        bounds = [(-4.0, 1.5)] + [(-5.0, 5.0)] * actions
        found = minimize(loss, np.zeros(actions + 1), jac=True, method="L-BFGS-B", bounds=bounds)
        return cls(float(np.exp(found.x[0])), tuple(float(b) for b in found.x[1:]))

    def scores(self, margins: np.ndarray) -> np.ndarray:
        """Calibrated log scores, before the softmax."""
        return self.slope * np.asarray(margins, dtype=np.float64) + np.asarray(self.bias)

    def probabilities(self, margins: np.ndarray) -> np.ndarray:
        """Calibrated probabilities over the last axis."""
        return softmax(self.scores(margins), axis=-1)
