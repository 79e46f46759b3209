"""How much a label that calls suggest should count beside an outcome.

A posterior label q is mostly the model's own guess f given back. Learned at full weight it holds the new
model at the old one: one such fit covers only the share of the way that the calls know of what is unknown
(the missing information; Dempster, Laird & Rubin 1977; Louis 1982). So each label keeps its push, q − f,
exactly, and counts only for what the calls know: weight w, label f + (q − f) / w. That is one step of
Fisher scoring from f, and outcomes, where the push is all that was unknown, keep weight 1.
"""

from __future__ import annotations

import numpy as np


def share_known(f: np.ndarray, posterior: np.ndarray) -> float:
    """The share of the model's doubt, Σ p(1 − p), that calls remove: 0 nothing, 1 as good as outcomes."""
    before, after = (1 - (p**2).sum(axis=1) for p in (f, posterior))
    return float(np.clip(1 - after.mean() / before.mean(), 0, 1)) if before.sum() > 0 else 0.0


def teaching_weights(f: np.ndarray, posterior: np.ndarray, known: float) -> np.ndarray:
    """Weights (n, K) whose pull away from f (n, K) equals the posterior's; a row adds up to its weight.

    The weight is `known`, or as much more as keeps the label between 0 and 1.

    >>> teaching_weights(np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]]), 0.1).round(2).tolist()
    [[0.6, 0.0]]
    """
    push = posterior - f
    room = np.where(push > 0, 1 - f, f)
    needed = np.divide(np.abs(push), room, out=np.zeros_like(push), where=room > 1e-12).max(axis=1)
    weight = np.clip(np.maximum(needed, known), 1e-6, 1)[:, None]
    return np.clip(weight * f + push, 0, None)
