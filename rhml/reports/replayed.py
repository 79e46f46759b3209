"""What model versions that do not change say of one set of bank cases, asked anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain


@dataclass(frozen=True, eq=False)
class Replayed:
    """Versions' answers on the same cases.

    right (n,): the action that proved right. actions, confidence (v, n): each version's recommendation and its
    probability. chances (v, n, K): each action's. saved (v, n): minus what following it would have cost, None where the
    domain states no costs. of: how many bank cases with an outcome there are; more than n where a lot was drawn.
    """

    versions: tuple[str, ...]
    case_ids: np.ndarray
    right: np.ndarray
    chances: np.ndarray
    saved: np.ndarray | None
    of: int

    @classmethod
    def on(
        cls, cases: pd.DataFrame, answers: dict[str, np.ndarray], domain: DecisionDomain, *, of: int
    ) -> Replayed:
        """From resolved cases and each version's probabilities (n, K) on them."""
        keys = list(domain.action_keys)
        right = pd.Index(keys, dtype=object).get_indexer(cases["right_action"].astype(object))
        chances = np.stack([_padded(p, len(keys)) for p in answers.values()]) if answers else np.zeros((0, len(cases), len(keys)))  # fmt: skip
        saved = _saved(cases, chances.argmax(axis=2), right, domain)
        return cls(tuple(answers), cases["case_id"].to_numpy(object), right, chances, saved, of)

    def __len__(self) -> int:
        return len(self.case_ids)

    @property
    def actions(self) -> np.ndarray:
        """What each version recommends (v, n)."""
        return self.chances.argmax(axis=2)

    @property
    def confidence(self) -> np.ndarray:
        """How likely each version holds its own recommendation (v, n)."""
        return self.chances.max(axis=2)

    @property
    def hits(self) -> np.ndarray:
        """1 where a version's recommendation proved right, else 0 (v, n)."""
        return (self.actions == self.right).astype(float)

    def places(self, case_ids: pd.Series) -> np.ndarray:
        """Where each case stands among these; −1 where it does not."""
        return pd.Index(self.case_ids).get_indexer(case_ids.astype(object))

    def take(self, rows: np.ndarray) -> Replayed:
        """The answers on some of the cases."""
        saved = None if self.saved is None else self.saved[:, rows]
        return Replayed(
            self.versions, self.case_ids[rows], self.right[rows], self.chances[:, rows], saved, 
            self.of,
        )  # fmt: skip

    def pair(self, first: str, second: str) -> Replayed:
        """Two versions alone, in this order; the same one twice is allowed."""
        at = [self.versions.index(first), self.versions.index(second)]
        saved = None if self.saved is None else self.saved[at]
        return Replayed((first, second), self.case_ids, self.right, self.chances[at], saved, self.of)


def _padded(chances: np.ndarray, width: int) -> np.ndarray:
    """An older version does not know an action that came into the domain after it was trained."""
    return np.pad(chances, ((0, 0), (0, width - chances.shape[1])))


def _saved(
    cases: pd.DataFrame, actions: np.ndarray, right: np.ndarray, domain: DecisionDomain
) -> np.ndarray | None:
    stated = domain.value
    if not (stated.column or stated.cost):
        return None
    keys = domain.action_keys
    table = np.array([[domain.cost_of(chosen, proved) for proved in keys] for chosen in keys])
    value = cases[stated.column].to_numpy(float) if stated.column else np.ones(len(cases))
    return -table[actions, right] * value
