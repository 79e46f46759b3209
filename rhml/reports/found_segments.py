"""Where people beat the model, the model beats people, and both are weak: rules nobody named beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from rhml.reports import worth
from rhml.reports.calls import Calls
from rhml.reports.found import asked as later_cases
from rhml.reports.found.asked import Asked, Court
from rhml.reports.found.discovered import CALLS, Candidate, called, discovered, drawn, words
from rhml.reports.found.groups import Group, groups
from rhml.reports.found.own import own_segments
from rhml.reports.found.result import LEVEL, QUESTIONS, Claim, FoundSegment, FoundSegments
from rhml.reports.found.told import costs_of, told
from rhml.stats.rules.rule import Rule


class Facts(Protocol):
    """The features of the decisions' cases."""

    def of(self, rows: np.ndarray) -> pd.DataFrame:
        """The features of the cases of some decisions, by their places, row by row."""

    def covered(self, rules: Sequence[Rule]) -> np.ndarray:
        """For each rule and each decision whether its case meets the rule: (rules, decisions)."""


class Held:
    """Features from a frame of cases that is in memory."""

    def __init__(self, cases: pd.DataFrame, decisions: pd.DataFrame) -> None:
        self.cases = cases
        self.at = pd.Index(cases["case_id"]).get_indexer(decisions["case_id"])

    def of(self, rows: np.ndarray) -> pd.DataFrame:
        """As in `Facts`."""
        return self.cases.iloc[self.at[rows]].reset_index(drop=True)

    def covered(self, rules: Sequence[Rule]) -> np.ndarray:
        """As in `Facts`."""
        return np.array([rule.covers(self.cases)[self.at] for rule in rules]).reshape(len(rules), -1)


def found_segments(calls: Calls, *, facts: Facts, seed: int = 7) -> FoundSegments:
    """Rules of one to three conditions that stand out on earlier cases and hold on later ones."""
    several, why = groups(calls)
    if why:
        return FoundSegments((), why=why)
    candidates, searched = _candidates(calls, several, facts, seed)
    covered = _covered(calls, candidates, facts)
    smallest = calls.domain.report.smallest_change
    courts = [
        (Court.of(calls, group, group.early), Court.of(calls, group, ~group.early)) for group in several
    ]
    found: list[Asked] = []
    for group, (_, late) in zip(several, courts, strict=True):
        own = [(c, m) for c, m in zip(candidates, covered, strict=True) if c.group is group]
        found += later_cases.asked(late, calls, [c for c, _ in own], [m for _, m in own])
    found = later_cases.judged(found)
    holding = later_cases.kept(found, LEVEL, smallest)
    largest, costs = max(several, key=lambda group: group.cases), costs_of(calls)
    return FoundSegments(
        tuple(
            _segment(calls, one, courts[several.index(one.group)], costs)
            for one in sorted(holding, key=_order)
        ),
        searched,
        len(found),
        largest.split.to_pydatetime() if largest.split is not None else None,
        largest.cases,
        Claim.of(largest.cases),
        own_segments(calls, several[0], costs),
        worth.unit(calls),
    )


def covered_by(segment: FoundSegment, calls: Calls, *, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
    """The places of the judged decisions that a segment covers, and whether the person was right in each."""
    rule = Rule.of({"conditions": segment.conditions})
    own = next(own for (own, _, _), question in QUESTIONS.items() if question == segment.question)
    [group] = [group for group in groups(calls)[0] if group.own == own]
    [inside] = _covered(calls, [Candidate(group, rule, False, 1, 0.0)], facts)
    return group.rows[inside], group.person[inside]


def _candidates(calls: Calls, several: list[Group], facts: Facts, seed: int) -> tuple[list[Candidate], int]:
    found, searched = [], 0
    for group in several:
        at = drawn(group, seed)
        rows = group.rows[at]
        of_calls = called(calls, group, at)
        looked_at = pd.concat([facts.of(rows).drop(columns=list(CALLS), errors="ignore"), of_calls], axis=1)
        candidates, many = discovered(group, at, looked_at, calls.domain)
        found, searched = found + candidates, searched + many
    return found, searched


def _covered(calls: Calls, candidates: list[Candidate], facts: Facts) -> list[np.ndarray]:
    """For each candidate which rows of its group it covers."""
    found = []
    rules = [Rule(tuple(c for c in x.rule.conditions if c.feature not in CALLS)) for x in candidates]
    for candidate, met in zip(candidates, facts.covered(rules), strict=True):
        group = candidate.group
        spoken = [c for c in candidate.rule.conditions if c.feature in CALLS]
        inside = met[group.rows]
        for condition in spoken:
            at = np.flatnonzero(inside)
            inside[at] = condition.holds(called(calls, group, at, names=[condition.feature]))
        found.append(inside)
    return found


def _order(one: Asked) -> tuple[int, float]:
    return list(QUESTIONS.values()).index(_question(one.candidate)), one.p


def _question(candidate: Candidate) -> str:
    return QUESTIONS[candidate.group.own, candidate.weak, candidate.sign]


def _segment(
    calls: Calls, one: Asked, courts: tuple[Court, Court], costs: dict[str, np.ndarray]
) -> FoundSegment:
    group, candidate, (early, late) = one.group, one.candidate, courts
    inside = one.inside[late.rows]
    seen = np.zeros(group.cases, bool)
    seen[group.case[one.inside]] = True
    return FoundSegment(
        question=_question(candidate),
        rule=words(candidate.rule, calls.domain),
        conditions=tuple(candidate.rule.content("")["conditions"]),
        of_calls=candidate.of_calls,
        n=int(seen.sum()),
        share=float(seen.mean()),
        earlier=later_cases.measured(early, calls, candidate, one.inside[early.rows]),
        later=one.later,
        shrunk=one.shrunk,
        elsewhere=late.elsewhere(group.score(candidate.weak)[late.rows], inside),
        told=told(calls, group, late.rows[inside], costs),
        p=one.p,
        adjusted_p=one.adjusted_p,
    )
