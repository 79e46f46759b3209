"""What mistakes are expected to cost, by kind, in the domain's own costs and unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.core.domain import DecisionDomain
from rhml.core.intent import cost_matrix, kind_of, kinds
from rhml.machine.deciding import expected


@dataclass(frozen=True)
class KindCost:
    """What one kind of mistake is expected to cost now and then, by the domain's own costs, in its unit."""

    kind: str
    words: str
    now: float
    then: float


def per_unit(domain: DecisionDomain, probabilities: np.ndarray) -> list[tuple[str, str, np.ndarray]]:
    """For each kind of mistake, with its words, what each action (n, K) is expected to cost for a stake of 1."""
    keys, table = domain.action_keys, np.array(cost_matrix(domain))
    of_kind = np.array([[kind_of(domain, a, b) for b in keys] for a in keys], dtype=object)
    return [
        (kind, said, expected(probabilities, np.where(of_kind == kind, table, 0.0)))
        for kind, said in kinds(domain)
    ]
