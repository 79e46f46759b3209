"""The calls of every decision as arrays in order of resolution, bank included: alarms judge, they do not teach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import NO_OUTCOMES, SELECTIVE, unaided

NO_TIMES = "The decisions carry no times, so earlier and later cannot be told apart."


@dataclass(frozen=True, eq=False)
class Rows:
    """Codes of actions (−1: none), ids as codes, times; one a decision, those that resolved first come first.

    `known` is when a row could first be judged: the later of its decision and its outcome. `judged` rows may
    speak about right and wrong; `why` says why none may.
    """

    frame: pd.DataFrame
    first: np.ndarray
    shown: np.ndarray
    final: np.ndarray
    right: np.ndarray
    case: np.ndarray
    manager: np.ndarray
    decided: np.ndarray
    known: np.ndarray
    unaided: np.ndarray
    advised: np.ndarray
    judged: np.ndarray
    why: str = ""

    @classmethod
    def of(cls, decisions: pd.DataFrame, domain: DecisionDomain) -> Rows:
        """Read the frame of live decisions, with or without columns of the cases' facts."""
        frame = decisions[decisions["decided_at"].notna()]
        decided = pd.to_datetime(frame["decided_at"])
        known = decided.where(
            ~(pd.to_datetime(frame["known_at"]) > decided), pd.to_datetime(frame["known_at"])
        )
        order = np.lexsort((frame["decision_id"].astype(str), decided.to_numpy(), known.to_numpy()))
        frame = frame.iloc[order].reset_index(drop=True)
        keys = pd.Index(domain.action_keys, dtype=object)
        first, shown, final, right = (
            keys.get_indexer(frame[f"{name}_action"].astype(object))
            for name in ("first", "recommended", "final", "right")
        )
        judged, why = _judged(frame, final, right, domain)
        mode = frame["mode"].isin(("assisted", "first_call")) | frame["mode"].isna()
        return cls(
            frame, first, shown, final, right,
            *(pd.factorize(frame[c], use_na_sentinel=False)[0] for c in ("case_id", "manager")),
            decided.to_numpy()[order], known.to_numpy()[order],
            unaided(frame).to_numpy(bool) & (first >= 0),
            mode.to_numpy(bool) & (shown >= 0) & (final >= 0), judged,
            why or (NO_TIMES if len(decisions) and frame.empty else ""),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.frame)


def _judged(
    frame: pd.DataFrame, final: np.ndarray, right: np.ndarray, domain: DecisionDomain
) -> tuple[np.ndarray, str]:
    """Rows with an outcome; where the decision decides whether one is seen, only the random share counts."""
    nobody = np.zeros(len(frame), bool)
    if domain.outcome is None:
        return nobody, NO_OUTCOMES
    if not domain.selective:
        return right >= 0, ""
    explored = (
        frame["explore"].fillna(False).astype(bool) & ~frame["imported"].fillna(False).astype(bool)
    ).to_numpy()
    seen = [domain.action_keys.index(action) for action in domain.outcome.observed_after]
    unseen = explored & (final >= 0) & ~np.isin(final, seen)
    judged = explored & (right >= 0)
    sound = judged.any() and (not unseen.any() or (unseen & judged).any())
    return (judged, "") if sound else (nobody, SELECTIVE)
