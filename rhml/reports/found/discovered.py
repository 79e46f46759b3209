"""Rules that stand out among the earlier cases: a fact of the case first, what somebody called only in what is left."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Feature
from rhml.reports.calls import Calls
from rhml.reports.found.groups import Group
from rhml.stats.rules.choosing import stand_out
from rhml.stats.rules.refining import refined
from rhml.stats.rules.rule import Condition, Rule
from rhml.stats.rules.search import Ground, Limits
from rhml.stats.rules.space import axes_of

CUTS, LEVELS = 11, 12
LEADS, WEAK, OF_CALLS = 5, 3, 2
"""Rules taken to the later cases at most: leads of either side, both weak, and those that speak of calls."""

LEAST = -8.0
"""A lower score is not worth a later question."""

LIMITS = Limits(
    smallest=0.03, widest=0.5, fewest=25, ahead=0.05, kept=24, each=8, most=120, compared=120, sample=2_000
)
BOTH_WEAK = replace(LIMITS, widest=0.3, upwards=True)

SEARCHED = 30_000
"""Rows on which rules are looked for, drawn at random where there are more; all later cases are asked."""

CALLS = {
    "recommended_action": Feature(name="recommended_action", label="recommendation", kind="category"),
    "recommended_confidence": Feature(
        name="recommended_confidence", label="the model’s confidence", kind="number", unit="%"
    ),
    "first_action": Feature(name="first_action", label="the first call", kind="category"),
    "first_confidence": Feature(
        name="first_confidence", label="the person’s confidence", kind="number", unit="%"
    ),
}
"""What a rule may say of calls; confidences in hundredths, as they are read."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A rule to be asked of later cases: of which group, whether of both being weak, its direction and score."""

    group: Group
    rule: Rule
    weak: bool
    sign: int
    score: float

    @property
    def of_calls(self) -> bool:
        """Whether a condition speaks of a call."""
        return any(c.feature in CALLS for c in self.rule.conditions)


def drawn(group: Group, seed: int) -> np.ndarray:
    """Places of the group's earlier rows on which rules are looked for."""
    early = np.flatnonzero(group.early)
    if len(early) <= SEARCHED:
        return early
    return np.sort(np.random.default_rng(seed).choice(early, SEARCHED, replace=False))


def discovered(
    group: Group, at: np.ndarray, facts: pd.DataFrame, domain: DecisionDomain
) -> tuple[list[Candidate], int]:
    """Rules that stand out among the rows at some places of a group, and how many were looked at.

    facts: the features of those rows' cases and what was called (`called`), row by row.
    """
    told = [f for f in domain.features if f.name not in domain.segments.protected]
    axes = axes_of(facts, told, cuts=CUTS, levels=LEVELS)
    every = (*axes, *axes_of(facts, CALLS.values(), cuts=CUTS, levels=LEVELS))
    found: list[Candidate] = []
    for weak, rounds, limits in ((False, LEADS, LIMITS), (True, WEAK, BOTH_WEAK)):
        # Where the two agree both may be wrong: which call was the person's adds nothing to which was the model's.
        space = tuple(axis for axis in every if not (weak and axis.feature == "first_action"))
        lead = group.score(weak)[at]
        ground = Ground.of(space, lead, lead, limits, axes=len(axes))
        first, ground = stand_out(ground, rounds=rounds, least=LEAST)
        second, _ = stand_out(replace(ground, axes=len(space)), rounds=OF_CALLS, least=LEAST)
        free = np.ones(len(at), bool)
        for one in (*first, *second):
            rule = refined(one.candidate.rule(space), facts, lead, free, limits)
            free &= ~rule.covers(facts)
            found.append(Candidate(group, rule, weak, one.candidate.sign, one.candidate.score))
    conditions = sum(len(axis.conditions) for axis in every)
    pairs = conditions * (conditions - 1) // 2
    return found, 2 * (conditions + pairs + LIMITS.kept * conditions)


def called(calls: Calls, group: Group, at: np.ndarray, *, names: Collection[str] = CALLS) -> pd.DataFrame:
    """What rules may say of the calls in some rows of a group; a first call only where it is the one that counts."""
    keys = np.array([*calls.domain.action_keys, None], object)
    rows, columns = group.rows[at], {}
    for name in names:
        who = name.partition("_")[0]
        if who == "first" and not group.own:
            continue
        if CALLS[name].kind == "number":
            columns[name] = calls.rows[name].to_numpy(float, na_value=np.nan)[rows] * 100
        else:
            columns[name] = keys[getattr(calls, who)[rows]]
    return pd.DataFrame(columns, index=range(len(rows)))


def words(rule: Rule, domain: DecisionDomain) -> str:
    """The rule in the domain's words."""
    return Rule(tuple(_named(c, domain) for c in rule.conditions)).words(domain, tuple(CALLS.values()))


def _named(condition: Condition, domain: DecisionDomain) -> Condition:
    if condition.feature not in CALLS or not isinstance(condition.value, str | tuple):
        return condition
    if isinstance(condition.value, tuple):
        return replace(condition, value=tuple(domain.label(v) for v in condition.value))
    return replace(condition, value=domain.label(condition.value))
