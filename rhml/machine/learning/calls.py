"""What people said about the cases, each saying once, with the context that decides how to read it.

A manager's call counts in one of four contexts. *unaided*: before any output of the model, or where there
was none. *evidence*: a first call beside the model's evidence. *aided*: a final decision with the
recommendation in view. *revised*: the final decision of somebody whose own first call is counted already:
read given that call, P(final | first, recommendation, right), so the two together are one chain and
nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain

CONTEXTS = ("unaided", "evidence", "aided", "revised")
MOST_SEGMENTS = 50
"""A column with more values than this, like a number, splits the calls too finely."""


@dataclass(frozen=True)
class Calls:
    """The calls of one context: rows of the cases frame, managers, conditions and actions as indices.

    `condition` is the recommendation (aided), first call × K + recommendation (revised), else 0. `segments`
    hold, for each segment column, every call's segment and how many segments there are.
    """

    context: str
    case: np.ndarray
    manager: np.ndarray
    condition: np.ndarray
    action: np.ndarray
    conditions: int
    managers: int
    segments: tuple[tuple[np.ndarray, int], ...] = ()

    @property
    def groups(self) -> tuple[tuple[np.ndarray, int], ...]:
        """What calls are pooled by, from the widest to the narrowest: the case's segments, then the manager."""
        return (*self.segments, (self.manager, self.managers))

    def __len__(self) -> int:
        return len(self.case)


def read_calls(
    cases: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    domain: DecisionDomain,
    taught: Mapping[str, np.ndarray] | None = None,
) -> list[Calls]:
    """Sort decisions into contexts; the last decision of a manager on a case stands for all of theirs.

    Decisions on cases that are not in `cases`, or in the bank, are left out. Each lesson of `taught` (which cases
    it covers) is a segment of its own: calls inside it are read by what they proved to be worth there.
    """
    at = pd.Index(cases["case_id"]).get_indexer(decisions["case_id"])
    bank = cases["bank"].fillna(False).to_numpy(dtype=bool) if "bank" in cases else np.zeros(len(cases), bool)
    kept = decisions[(at >= 0) & ~bank[at]] if len(cases) else decisions.iloc[:0]
    if "decided_at" in kept:
        kept = kept.sort_values("decided_at", kind="stable", na_position="first")
    kept = kept.drop_duplicates(["case_id", "manager"], keep="last")
    case = pd.Index(cases["case_id"]).get_indexer(kept["case_id"])
    manager, names = pd.factorize(kept["manager"].astype(object))
    first, advice, final = (
        _actions(kept, f"{who}_action", domain) for who in ("first", "recommended", "final")
    )
    evidence = (kept["mode"] == "evidence_only").to_numpy(dtype=bool) if "mode" in kept else first < -1
    n, segments = len(domain.action_keys), _segments(cases, domain)
    segments += [(inside.astype(np.int64), 2) for inside in (taught or {}).values()]

    def of(context: str, rows: np.ndarray, condition: np.ndarray, action: np.ndarray, count: int) -> Calls:
        some = np.flatnonzero(rows & (action >= 0))
        where = tuple((code[case[some]], groups) for code, groups in segments)
        return Calls(
            context, case[some], manager[some], condition[some], action[some], count, len(names), where
        )

    own, advised = first >= 0, advice >= 0
    none = np.zeros(len(kept), dtype=np.int64)
    return [
        of("unaided", ~evidence & (own | ~advised), none, np.where(own, first, final), 1),
        of("evidence", evidence & (own | ~advised), none, np.where(own, first, final), 1),
        of("aided", ~own & advised, advice, final, n),
        of("revised", own & advised, first * n + advice, final, n * n),
    ]


def _segments(cases: pd.DataFrame, domain: DecisionDomain) -> list[tuple[np.ndarray, int]]:
    """The segment of each case by each segment column that has few values; a missing value is one of them."""
    found = []
    for column in domain.segment_columns:
        if column in cases and cases[column].nunique() <= MOST_SEGMENTS:
            code, values = pd.factorize(cases[column].astype(object), use_na_sentinel=False)
            found.append((code, len(values)))
    return found


def _actions(decisions: pd.DataFrame, column: str, domain: DecisionDomain) -> np.ndarray:
    if column not in decisions:
        return np.full(len(decisions), -1)
    return pd.Index(domain.action_keys, dtype=object).get_indexer(decisions[column].astype(object))
