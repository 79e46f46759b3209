"""Are cases of every protected kind decided alike? Each kind against the rest, as counted and on like cases.

A difference on like cases that chance does not explain becomes a question, never an accusation: what the log does
not hold may be a good reason. All tests together allow for one another (Benjamini–Hochberg), and a difference below
`SMALLEST` is not asked about however sure it is. Outcomes speak only where `Calls.judged` lets them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.errors import RhmlError
from rhml.reports.calls import Calls
from rhml.reports.compared_kinds import AMOUNT, Compared, compared
from rhml.reports.on_like_cases import SMALLEST
from rhml.reports.treated import Four, Kind, kinds
from rhml.reports.treatment_questions import Question, answered, questions
from rhml.stats.bands import OTHER, segment_names
from rhml.stats.measure import MINIMUM, too_few

MOST_VALUES = 12
NONE_DECLARED = (
    "The domain file names no protected columns ([segments] protected), so there is nothing to compare."
)
NO_DECISIONS = "No decisions in this span."
ASK = "Is there a reason that the facts do not show?"


@dataclass(frozen=True)
class Value:
    """One kind of case: how many decisions it has, and every measure of it against the rest."""

    value: str
    decisions: int
    advised: int
    judged: int
    why: str
    measures: dict[str, Compared]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        found = {name: one.as_dict() for name, one in self.measures.items()}
        return {**{k: v for k, v in vars(self).items() if k != "measures"}, "measures": found}


@dataclass(frozen=True)
class Column:
    """A protected column and the kinds of case it tells apart, the most frequent first."""

    column: str
    label: str
    values: tuple[Value, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"column": self.column, "label": self.label, "values": [one.as_dict() for one in self.values]}


@dataclass(frozen=True)
class EqualTreatment:
    """Every comparison, and the questions that come of them; `outcomes` says why right and wrong cannot be known."""

    said: str
    why: str
    outcomes: str
    held_alike: tuple[str, ...]
    smallest: float
    tests: int
    compared: int
    unit: str
    measures: tuple[dict[str, object], ...]
    columns: tuple[Column, ...]
    questions: tuple[Question, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            **{k: v for k, v in vars(self).items() if k not in ("columns", "questions")},
            "held_alike": list(self.held_alike),
            "measures": list(self.measures),
            "columns": [column.as_dict() for column in self.columns],
            "questions": [one.as_dict() for one in self.questions],
        }


def equal_treatment(
    decisions: pd.DataFrame, *, domain: DecisionDomain, seed: int = 7, calls: Calls | None = None
) -> EqualTreatment:
    """Each protected kind of case against all others.

    decisions: the frame of live decisions, better with a column for each fact of the case. seed: draws the resampled
    cases behind the intervals of small costs. calls: of the decisions, where they are read already.
    """
    calls = calls or Calls.of(decisions, domain)
    judged, outcomes = calls.judged()
    if not domain.segments.protected or not (calls.final >= 0).any():
        return _nothing(NO_DECISIONS if domain.segments.protected else NONE_DECLARED, outcomes, domain)
    chosen = tuple(kind for kind in kinds(domain) if not (outcomes and kind.of_outcomes))
    named = {column: pooled(segment_names(decisions, column, domain)) for column in domain.segments.protected}
    found = compared(calls, judged, chosen, named, seed=seed)
    asked = answered(found.by_column, {column: names for column, (_, names) in named.items()})
    columns = tuple(
        Column(column, domain.feature(column).label or column, _values(calls, judged, codes, names, asked[column]))
        for column, (codes, names) in named.items()
    )  # fmt: skip
    told = _questions(columns, chosen)
    return EqualTreatment(
        _said(told, columns), "", outcomes, found.held_alike, SMALLEST, found.tests, found.compared,
        domain.value.unit, _listed(chosen, domain, outcomes), columns, told,
    )  # fmt: skip


def pooled(names: pd.Series) -> tuple[np.ndarray, tuple[str, ...]]:
    """A code a row and the name of each code, the most frequent first; of many kinds the rarest are one."""
    counts = names.value_counts()
    if len(counts) > MOST_VALUES:
        kept = [name for name in counts.index if name != OTHER][: MOST_VALUES - 1]
        names = names.where(names.isin(kept), OTHER)
        counts = names.value_counts()
    order = pd.Index(counts.index)
    return order.get_indexer(names), tuple(map(str, order))


def _values(calls: Calls, judged, codes: np.ndarray, names: tuple[str, ...], rows: list) -> tuple[Value, ...]:
    decided, advised = calls.final >= 0, (calls.final >= 0) & (calls.recommended >= 0)
    counts = [np.bincount(codes[keep], minlength=len(names)) for keep in (decided, advised, advised & judged)]
    return tuple(
        Value(name, *(int(c[i]) for c in counts), too_few(int(counts[0][i])) if counts[0][i] < MINIMUM else "",
              rows[i])
        for i, name in enumerate(names)
    )  # fmt: skip


def _questions(columns: tuple[Column, ...], chosen: tuple[Kind, ...]) -> tuple[Question, ...]:
    labels = {kind.name: kind.label for kind in chosen}
    found = [
        one
        for column in columns
        for value in column.values
        for one in questions(column.column, column.label, value.value, value.measures, labels)
    ]
    return tuple(one for _, one in sorted(found, key=lambda f: f[0]))


def _said(told: tuple[Question, ...], columns: tuple[Column, ...]) -> str:
    if told:
        return f"{len(told)} difference{'s' if len(told) > 1 else ''} to ask about."
    if not any(one.alike.known for c in columns for v in c.values for one in v.measures.values()):
        return "Too few decisions to say whether cases are treated alike."
    return "No unequal treatment is shown on like cases."


def _listed(chosen: tuple[Kind, ...], domain: DecisionDomain, outcomes: str) -> tuple[dict[str, object], ...]:
    cost = {"name": AMOUNT, "label": "Cost of a decision", "about": "Of judged decisions whose value is stated.",
            "kind": "amount", "asked": False}  # fmt: skip
    priced = domain.outcome is not None and domain.value.column and not outcomes
    return (*(kind.as_dict() for kind in chosen), *([cost] if priced else []))


def _nothing(why: str, outcomes: str, domain: DecisionDomain) -> EqualTreatment:
    return EqualTreatment(why, why, outcomes, (), SMALLEST, 0, 0, domain.value.unit, (), (), ())


def hits_in(calls: Calls, column: str, value: str, measure: str) -> tuple[str, np.ndarray, np.ndarray]:
    """The decisions that a measure counts in one kind of case: its label, their positions, right (1.0), wrong or NaN.

    RhmlError where there is no such column, kind of case or measure.
    """
    domain, chosen = calls.domain, {kind.name: kind for kind in kinds(calls.domain)}
    codes, names = (
        pooled(segment_names(calls.frame, column, domain))
        if column in domain.segments.protected
        else (np.zeros(0), ())
    )
    if value not in names or measure not in chosen:
        raise RhmlError("This address names no kind of case or measure. Open it from Equal treatment again.")
    judged, _ = calls.judged()
    four = Four(calls.first, calls.recommended, calls.final, np.where(judged, calls.right, -1))
    kind = chosen[measure]
    at = np.flatnonzero(kind.among(four) & kind.hit(four) & (codes == names.index(value)))
    right = np.where(judged[at], calls.hits("final")[at].astype(float), np.nan)
    return kind.label, at, right
