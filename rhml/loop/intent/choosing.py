"""The action that an intent recommends, among those that a model version knows."""

from __future__ import annotations

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.machine.deciding import Rule


def choose(
    domain: DecisionDomain, intent: Intent | None, probabilities: np.ndarray, known: np.ndarray, inside: np.ndarray
) -> np.ndarray:  # fmt: skip
    """The place (n,) of the recommended action; known (n,): how many of them the version knows, inside (n,): protected."""
    if intent is None:
        return probabilities.argmax(axis=1)
    size = len(domain.action_keys)
    worth = Rule.of(domain, intent, domain.action_keys).worth(probabilities, inside)
    if (known < size).any():
        worth[np.arange(size) >= known[:, None]] = -np.inf
    return worth.argmax(axis=1)
