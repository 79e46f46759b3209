"""Cases to draw segments on, with every number and date sorted once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rhml.machine.corrections.segments import Facts


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases to draw segments on: facts with their kinds and sort orders, scores z (n, K), labels (n, K).

    `before` are the same things of the time of training, scored out-of-fold: what was off then is no news.
    """

    facts: Mapping[str, Facts]
    kinds: Mapping[str, str]
    orders: Mapping[str, np.ndarray]
    z: np.ndarray
    labels: np.ndarray
    before: Cases | None = None

    @classmethod
    def of(
        cls, facts: Mapping[str, Facts], kinds: Mapping[str, str], z: np.ndarray, labels: np.ndarray,
        before: Cases | None = None,
    ) -> Cases:  # fmt: skip
        """Sort every number and date once."""
        orders = {name: _order(f) for name, f in facts.items() if not f.levels}
        return cls(facts, kinds, orders, z, labels, before)

    def rows(self, chosen: np.ndarray) -> Cases:
        """Some of the cases."""
        facts = {name: f.rows(chosen) for name, f in self.facts.items()}
        return Cases.of(facts, self.kinds, self.z[chosen], self.labels[chosen], self.before)


def _order(facts: Facts) -> np.ndarray:
    order = np.argsort(facts.values, kind="stable")
    return order[: len(order) - int(facts.absent.sum())]
