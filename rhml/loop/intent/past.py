"""What the model gave past cases: they stand for those that ask for the own call first."""

from __future__ import annotations

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.loop.recommend import champion
from rhml.machine.model import Model
from rhml.store import intent_cases, registry
from rhml.store.engine import Store

MOST = 2_000
"""So many tell a share within a point or two."""


def past(store: Store, domain: DecisionDomain) -> np.ndarray:
    """Probabilities (m, K) over the actions that the live version knows; none without a live version.

    Where it was not held against outcomes: those of the recommendations that the newest decisions answered.
    """
    version = registry.live_version(store, domain.name)
    if version is None:
        return np.zeros((0, len(domain.action_keys)))
    known = store.remembered((domain.name, "past", version), lambda: _past_of(champion(store, domain)[1]))
    return known if len(known) else _answered(store, domain, known.shape[1])


def _past_of(model: Model) -> np.ndarray:
    known = np.asarray(model.reference, dtype=np.float64)
    known = known[np.lexsort(known.T[::-1])]
    return known[np.linspace(0, len(known) - 1, MOST).astype(np.int64)] if len(known) > MOST else known


def _answered(store: Store, domain: DecisionDomain, size: int) -> np.ndarray:
    found = intent_cases.answered(store, domain, MOST)
    return np.array([given for given in found if len(given) == size], dtype=np.float64).reshape(-1, size)
