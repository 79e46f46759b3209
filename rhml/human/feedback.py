"""What came of a manager's decisions: each call held against the model's and against the outcome.

Cases of the bank never appear: they judge models and people, so nobody learns their outcomes here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.stats.intervals import share
from rhml.stats.measure import Measure
from rhml.stats.paired import difference
from rhml.stats.sample import Sample

NO_OUTCOMES = "This domain has no outcomes, so who was right cannot be known."
SELECTIVE = (
    "Cannot be known: an outcome is seen only after some decisions, and no random share of cases shows "
    "it whatever was decided."
)

WORDS = {
    "rescued": "You decided differently from the model, and you were right.",
    "spoiled": "You decided differently from the model, and the model was right.",
    "both wrong": "You decided differently from the model, and neither of you was right.",
    "appropriate reliance": "You changed your call to the model's, and that was right.",
    "overreliance": "You changed your call to the model's, and it was wrong.",
    "agreed right": "On your own you came to the same as the model, and that was right.",
    "agreed wrong": "On your own you came to the same as the model, and that was wrong.",
    "followed right": "You followed the model, and it was right.",
    "followed wrong": "You followed the model, and it was wrong.",
    "unadvised right": "You decided without a recommendation, and you were right.",
    "unadvised wrong": "You decided without a recommendation, and you were wrong.",
}
"""Every verdict of the truth table as its manager reads it."""

KINDS = {
    "against the model": ("rescued", ("spoiled", "both wrong")),
    "changed to the model's": ("appropriate reliance", ("overreliance",)),
    "agreed with the model": ("agreed right", ("agreed wrong",)),
    "followed the model": ("followed right", ("followed wrong",)),
    "without the model": ("unadvised right", ("unadvised wrong",)),
}
"""What kinds of decision there are, with the verdict where it proved right, and those where it proved wrong."""


@dataclass(frozen=True)
class Feedback:
    """One decision whose outcome became known: the calls, what proved right, and the verdict in words.

    `called` is the own call, which is the decision where none was made before, and `said` its confidence.
    """

    decision_id: str
    case_id: str
    first_action: str | None
    recommended_action: str | None
    final_action: str
    right_action: str
    verdict: str
    words: str
    decided_at: datetime | None
    arrived_at: datetime
    called: str
    said: float | None
    model_said: float | None


@dataclass(frozen=True)
class Duel:
    """A manager's unaided calls against the model's on the same cases; fractions right.

    `mine_alone` counts every unaided call with an outcome, also where there was no recommendation.
    """

    mine: Measure
    model: Measure
    difference: Measure
    mine_alone: Measure


def without_bank(decisions: pd.DataFrame) -> pd.DataFrame:
    """The decisions that may be spoken about to the person who made them."""
    return decisions[~decisions["bank"].fillna(False).astype(bool)].reset_index(drop=True)


@dataclass(frozen=True)
class Arrived:
    """Outcomes that arrived: how many, in how many the decision proved right, and what teaches most.

    `told` are single decisions, those first from which there is most to learn; `kinds` say of every kind of
    decision among all of them how many proved right and how many wrong.
    """

    total: int
    right: int
    told: tuple[Feedback, ...]
    until: datetime | None
    kinds: tuple[tuple[str, int, int], ...] = ()


def feedback(decisions: pd.DataFrame, *, since: datetime | None, most: int = 200) -> Arrived:
    """Decisions of one manager whose outcome arrived after `since`; at most `most` of them one by one.

    decisions: one manager's live decisions with `arrived_at`, when the log got the outcome. Rows of an
    older log that hold no final decision give no verdict and are left out.
    """
    rows = without_bank(decisions)
    rows = rows[rows["verdict"].notna() & rows["arrived_at"].notna()]
    if since is not None:
        rows = rows[rows["arrived_at"] > since]
    right = int((rows["final_action"] == rows["right_action"]).sum())
    kinds = _kinds(rows["verdict"].value_counts().to_dict())
    rows = rows.assign(teaches=_teaches(rows)).sort_values(
        ["teaches", "arrived_at", "decided_at"], ascending=False, kind="stable"
    )
    return Arrived(
        total=len(rows),
        right=right,
        told=tuple(_feedback(row) for row in rows.head(most).to_dict("records")),
        until=rows["arrived_at"].max() if len(rows) else None,
        kinds=kinds,
    )


def _kinds(many: dict[str, int]) -> tuple[tuple[str, int, int], ...]:
    found = [
        (kind, many.get(right, 0), sum(many.get(wrong, 0) for wrong in wrongs))
        for kind, (right, wrongs) in KINDS.items()
    ]
    return tuple(one for one in found if one[1] + one[2])


def _called(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The own call and its confidence; of the final decision where no call was made before it."""
    own = rows["first_action"].notna()
    said = rows["first_confidence"].astype(float).where(own, rows["final_confidence"].astype(float))
    return rows["first_action"].where(own, rows["final_action"]), said


def _teaches(rows: pd.DataFrame) -> np.ndarray:
    """How much there is to learn: a dispute, an own call that was wrong, and how sure the wrong side was."""
    called, said = _called(rows)
    advised = rows["recommended_action"].notna().to_numpy(bool)
    dispute = advised & (called != rows["recommended_action"]).to_numpy(bool)
    wrong = (called != rows["right_action"]).to_numpy(bool)
    model_wrong = advised & (rows["recommended_action"] != rows["right_action"]).to_numpy(bool)
    mine, models = (
        np.where(failed, np.nan_to_num(sure.to_numpy(float), nan=0.5), 0.0)
        for failed, sure in ((wrong, said), (model_wrong, rows["recommended_confidence"].astype(float)))
    )
    return 2.0 * dispute + 2.0 * wrong + np.maximum(mine, models)


def _feedback(row: dict) -> Feedback:
    names = ("decision_id", "case_id", "first_action", "recommended_action", "final_action", "right_action")
    own = row["first_action"] is not None
    return Feedback(
        **{name: row[name] for name in names},
        verdict=row["verdict"],
        words=WORDS[row["verdict"]],
        decided_at=_held(row["decided_at"]),
        arrived_at=row["arrived_at"],
        called=row["first_action"] if own else row["final_action"],
        said=_held(row["first_confidence"] if own else row["final_confidence"]),
        model_said=_held(row["recommended_confidence"]),
    )


def _held(value):
    return None if pd.isna(value) else value


def judged(decisions: pd.DataFrame, domain: DecisionDomain) -> tuple[pd.DataFrame, str]:
    """The rows that may speak about right and wrong, or the reason why there can be none.

    Where the decision decides whether an outcome is seen, only the random exploration share may.
    """
    rows = without_bank(decisions)
    if domain.outcome is None:
        return rows.iloc[:0], NO_OUTCOMES
    known = rows["right_action"].notna()
    if not domain.selective:
        return rows[known], ""
    explored = rows["explore"].fillna(False).astype(bool) & ~rows["imported"].fillna(False).astype(bool)
    unseen = explored & ~rows["final_action"].isin(domain.outcome.observed_after)
    # A share in which decisions without an outcome never resolve was drawn but not carried out.
    sound = (explored & known).any() and (not unseen.any() or (unseen & known).any())
    return (rows[explored & known], "") if sound else (rows.iloc[:0], SELECTIVE)


def unaided(decisions: pd.DataFrame) -> pd.Series:
    """Which rows hold a call made before any output of the model; an older log is taken at its word."""
    imported = decisions["imported"].fillna(False).astype(bool)
    said = (decisions["mode"] == "first_call") | (decisions["mode"].isna() & imported)
    return said & decisions["first_action"].notna()


def duel(decisions: pd.DataFrame, *, domain: DecisionDomain) -> Duel:
    """One manager's unaided calls against the model's, where both can be judged on the same cases."""
    rows, why = judged(decisions, domain)
    if why:
        return Duel(*(Measure.unknown(why) for _ in range(4)))
    own = rows[unaided(rows)]
    both = own[own["recommended_action"].notna()]
    mine, model = _right(both, "first_action"), _right(both, "recommended_action")
    sample = Sample.of(both["case_id"])
    return Duel(
        mine=share(mine, sample),
        model=share(model, sample),
        difference=difference(mine, model, cases=both["case_id"]),
        mine_alone=share(_right(own, "first_action"), Sample.of(own["case_id"])),
    )


def _right(rows: pd.DataFrame, call: str) -> np.ndarray:
    return (rows[call] == rows["right_action"]).to_numpy(bool)
