"""Which action to recommend from the probabilities: the likeliest, or under an intent the one of least expected cost.

>>> import numpy as np
>>> rule = Rule(np.array([[0.0, 4.0], [1.0, 0.0]]))
>>> rule.choose(np.array([[0.9, 0.1], [0.7, 0.3]]), rule.outside(2)).tolist()
[0, 1]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Costs, Intent, cost_matrix

NEARLY = 1e-9
"""Of the dearest mistake: expected costs nearer than this are alike, and the likelier action is taken."""


@dataclass(frozen=True, eq=False)
class Rule:
    """What each mistake weighs (K, K), chosen by right; `protected` the same within the segment column = value."""

    costs: np.ndarray
    protected: np.ndarray | None = None
    column: str = ""
    value: str = ""

    @classmethod
    def of(cls, domain: DecisionDomain, intent: Intent | None, actions: Sequence[str]) -> Rule | None:
        """The rule of an intent for a model that knows these actions; None without one: the likeliest."""
        if intent is None:
            return None
        places = [domain.action_keys.index(action) for action in actions]
        held = intent.protect
        inside = _square(cost_matrix(domain, intent, protected=True), places) if held else None
        costs = _square(cost_matrix(domain, intent), places)
        return cls(costs, inside, held.column if held else "", held.value if held else "")

    def outside(self, cases: int) -> np.ndarray:
        """No case in the protected segment, (n,)."""
        return np.zeros(cases, dtype=bool)

    def inside(self, cases: pd.DataFrame) -> np.ndarray:
        """Which cases (n,) lie in the protected segment."""
        if self.protected is None or self.column not in cases:
            return self.outside(len(cases))
        return holds(cases[self.column], self.value)

    def expected(self, probabilities: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """What each action (n, K) is expected to cost, as the intent weighs it, for a stake of 1."""
        found = expected(probabilities, self.costs)
        if self.protected is not None and inside.any():
            found[inside] = expected(probabilities[inside], self.protected)
        return found

    def worth(self, probabilities: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """How good each action (n, K) is: the greatest is recommended, the likelier one of two that cost alike."""
        dearest = max(float(self.costs.max(initial=0.0)), 1e-300)
        return NEARLY * dearest * probabilities - self.expected(probabilities, inside)

    def choose(self, probabilities: np.ndarray, inside: np.ndarray) -> np.ndarray:
        """The index (n,) of the recommended action."""
        return self.worth(probabilities, inside).argmax(axis=1)


def chosen(rule: Rule | None, probabilities: np.ndarray, cases: pd.DataFrame) -> np.ndarray:
    """The index (n,) of the recommended action, with or without an intent."""
    return probabilities.argmax(axis=1) if rule is None else rule.choose(probabilities, rule.inside(cases))


def expected(probabilities: np.ndarray, costs: np.ndarray) -> np.ndarray:
    """Σ over what may prove right of probability × cost (n, K); summed in one order, so equal rows give equal bits."""
    found = np.zeros((len(probabilities), len(costs)))
    for right in range(probabilities.shape[1]):
        found += probabilities[:, right : right + 1] * costs[:, right]
    return found


def holds(values: pd.Series, value: str) -> np.ndarray:
    """Where a column has a value, told as text; yes and no as true and false, of floats too."""
    if value in ("true", "false") and not pd.api.types.is_string_dtype(values):
        plain = pd.to_numeric(values, errors="coerce").to_numpy(np.float64, na_value=np.nan)
        return plain == (1.0 if value == "true" else 0.0)
    return (values.astype(object) == value).to_numpy(dtype=bool)


def _square(costs: Costs, places: list[int]) -> np.ndarray:
    return np.array(costs, dtype=np.float64)[np.ix_(places, places)]
