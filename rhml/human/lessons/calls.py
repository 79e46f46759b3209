"""Each decision as a duel: who of the two, person and model, was right where only one was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.feedback import judged, unaided


@dataclass(frozen=True, eq=False)
class Duels:
    """Judged decisions in the order they were made, beside the facts of their cases (`facts`, row for row).

    `lead` is 1 where the model alone was right, −1 where the person alone was, else 0; `own` says whether the call
    was made unaided (else it is the final decision, after the advice). `why` says why there are none.
    """

    facts: pd.DataFrame
    lead: np.ndarray
    differed: np.ndarray
    own: np.ndarray
    manager: np.ndarray
    case: np.ndarray
    decision: np.ndarray
    why: str = ""

    def __len__(self) -> int:
        return len(self.lead)

    def rows(self, chosen: np.ndarray) -> Duels:
        """Some of the decisions, by mask or by place."""
        at = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Duels(
            self.facts.iloc[at].reset_index(drop=True), self.lead[at], self.differed[at], self.own[at],
            self.manager[at], self.case[at], self.decision[at], self.why,
        )  # fmt: skip

    @property
    def beyond(self) -> np.ndarray:
        """The lead beyond what is usual for the decision's manager, so that no segment shines by who decides it."""
        code, names = pd.factorize(self.manager)
        usual = np.bincount(code, self.lead, len(names)) / np.maximum(
            np.bincount(code, minlength=len(names)), 1
        )
        return self.lead - usual[code]


def duels(cases: pd.DataFrame, decisions: pd.DataFrame, *, domain: DecisionDomain) -> Duels:
    """Every decision that can be judged against the model's: the unaided call, else the final decision.

    The bank is left out; where decisions choose what is observed, only the explored share speaks.
    """
    rows, why = judged(decisions, domain)
    own = unaided(rows).to_numpy(bool)
    call = rows["first_action"].where(own, rows["final_action"])
    usable = (call.notna() & rows["recommended_action"].notna()).to_numpy(bool)
    at = pd.Index(cases["case_id"]).get_indexer(rows["case_id"])
    usable = usable & (at >= 0)
    rows, own, call, at = rows[usable], own[usable], call[usable], at[usable]
    mine, model = ((x == rows["right_action"]).to_numpy(float) for x in (call, rows["recommended_action"]))
    order = np.argsort(_when(rows), kind="stable")
    named = [f.name for f in domain.features if f.name in cases]
    found = Duels(
        cases[named].iloc[at].reset_index(drop=True), model - mine,
        (call != rows["recommended_action"]).to_numpy(bool), own,
        rows["manager"].to_numpy(object), rows["case_id"].to_numpy(object), rows["decision_id"].to_numpy(object), why,
    )  # fmt: skip
    return found.rows(order)


def _when(rows: pd.DataFrame) -> np.ndarray:
    """The time of each decision; rows of an older log without one come first, in the log's order."""
    return pd.to_datetime(rows["decided_at"]).to_numpy("datetime64[us]").astype(np.int64)
