"""The calls of every decision as arrays in order of resolution, bank included: alarms judge, they do not teach."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import NO_OUTCOMES, SELECTIVE, unaided
from rhml.human.reliance.rounds import Round

FITTED = 5_000
"""Rows, those that resolved first, that say what is common and how clearly facts speak: later ones change nothing."""

NO_TIMES = "The decisions carry no times, so earlier and later cannot be told apart."


@dataclass(frozen=True, eq=False)
class Rows:
    """Codes of actions (−1: none), ids as codes, times; one a decision, those that resolved first come first.

    `known` is when a row could first be judged: the later of its decision and its outcome. `judged` rows may
    speak about right and wrong; `why` says why none may. `source` holds the decisions, `order` their places in it.
    """

    source: pd.DataFrame
    order: np.ndarray
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
        timed = decisions["decided_at"].notna().to_numpy()
        frame = decisions if timed.all() else decisions[timed]
        decided = pd.to_datetime(frame["decided_at"])
        known = pd.to_datetime(frame["known_at"])
        known = decided.where(~(known > decided), known)
        order = _in_order(known.to_numpy(), decided.to_numpy(), frame["decision_id"])
        keys = pd.Index(domain.action_keys, dtype=object)
        first, shown, final, right = (
            keys.get_indexer(frame[f"{name}_action"].astype(object))[order]
            for name in ("first", "recommended", "final", "right")
        )
        judged, why = _judged(frame, order, final, right, domain)
        mode = frame["mode"].isin(("assisted", "first_call")) | frame["mode"].isna()
        return cls(
            frame, order, first, shown, final, right,
            *(pd.factorize(frame[c], use_na_sentinel=False)[0][order] for c in ("case_id", "manager")),
            decided.to_numpy()[order], known.to_numpy()[order],
            unaided(frame).to_numpy(bool)[order] & (first >= 0),
            mode.to_numpy(bool)[order] & (shown >= 0) & (final >= 0), judged,
            why or (NO_TIMES if len(decisions) and frame.empty else ""),
        )  # fmt: skip

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The decisions in order of resolution."""
        return self.source.take(self.order).reset_index(drop=True)

    def near(self, own: np.ndarray, begun: tuple[Round, ...]) -> tuple[Rows, np.ndarray]:
        """The rows that the looks of some rounds read, and the places of `own` among them (−1: not among them).

        Those of the baseline and since the first of the rounds began, and the first rows, which say what is common: of
        a long log a small part.
        """
        baseline, start = max(one.baseline for one in begun), min(one.start for one in begun)
        early, late = self.decided[own[:baseline]].max(), self.decided[own[start:]].min()
        keep = (self.decided <= early) | (self.decided >= late)
        common = [self.judged, *(self.shown == action for action in np.unique(self.shown))]
        for rows in common:
            keep[np.flatnonzero(rows)[: 2 * FITTED]] = True
        place = np.where(keep, np.cumsum(keep) - 1, -1)
        return self.take(np.flatnonzero(keep)), place[own]

    def take(self, rows: np.ndarray) -> Rows:
        """Some of the rows."""
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        parts = {name: x[rows] for name, x in held.items() if isinstance(x, np.ndarray)}
        return Rows(**{**held, **parts})

    def __len__(self) -> int:
        return len(self.order)


def _in_order(known: np.ndarray, decided: np.ndarray, ids: pd.Series) -> np.ndarray:
    """Places by resolution, then by decision, then by id; ids are compared only where the times are the same."""
    order = np.lexsort((decided, known))
    k, d = known[order], decided[order]
    same = (k[1:] == k[:-1]) & (d[1:] == d[:-1])
    tied = np.append(same, False) | np.append(False, same) if len(order) else np.zeros(0, bool)
    if tied.any():
        some = order[tied]
        order[tied] = some[np.lexsort((ids.iloc[some].astype(str), decided[some], known[some]))]
    return order


def _judged(
    frame: pd.DataFrame, order: np.ndarray, final: np.ndarray, right: np.ndarray, domain: DecisionDomain
) -> tuple[np.ndarray, str]:
    """Rows with an outcome; where the decision decides whether one is seen, only the random share counts."""
    nobody = np.zeros(len(order), bool)
    if domain.outcome is None:
        return nobody, NO_OUTCOMES
    if not domain.selective:
        return right >= 0, ""
    explored = (
        frame["explore"].fillna(False).astype(bool) & ~frame["imported"].fillna(False).astype(bool)
    ).to_numpy()[order]
    seen = [domain.action_keys.index(action) for action in domain.outcome.observed_after]
    unseen = explored & (final >= 0) & ~np.isin(final, seen)
    judged = explored & (right >= 0)
    sound = judged.any() and (not unseen.any() or (unseen & judged).any())
    return (judged, "") if sound else (nobody, SELECTIVE)
