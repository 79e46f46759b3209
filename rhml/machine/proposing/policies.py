"""Rules that people state by making the same exception again and again, and where a stated policy holds.

A rule has one or two conditions. It is put forward where most cases of it that the model would have decided
otherwise were decided by an exception, all of them one way, beyond what chance would bring about among all the
rules looked at (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Condition, Feature

FEWEST = 8
"""Exceptions that a rule must cover, by at least two people where several made any."""

LEAST_SHARE = 0.5
"""Of the cases under the rule that the model would have decided otherwise: below it, it is no rule."""

ONE_WAY = 0.1
FALSE_ALARMS = 0.05
SIMPLER = 0.03
"""A second condition must be worth this much of the balance between cases covered and cases meant."""

LEVELS, CUTS = 12, 9
MOST = 200_000
"""Decisions that are looked at: the newest ones."""


@dataclass(frozen=True)
class Pattern:
    """A rule that exceptions follow: of `cases` under it `exceptions` were made, of `all_exceptions` in all."""

    when: tuple[Condition, ...]
    action: str
    cases: int
    exceptions: int
    all_exceptions: int
    people: int
    p: float


def holds(when: tuple[Condition, ...], cases: pd.DataFrame) -> np.ndarray:
    """In which cases (n,) all conditions hold; a missing value meets none."""
    met = np.ones(len(cases), dtype=bool)
    for condition in when:
        met &= _met(condition, cases)
    return met


def _met(condition: Condition, cases: pd.DataFrame) -> np.ndarray:
    column, value = cases[condition.feature], condition.value
    if isinstance(value, str):
        return (column.astype(object) == value).to_numpy(dtype=bool)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float)
    match condition.op:
        case "<=":
            return numbers <= float(value)
        case ">=":
            return numbers >= float(value)
        case _:
            return numbers == float(value)


def in_words(when: tuple[Condition, ...], domain: DecisionDomain) -> str:
    """The conditions as people say them: 'Category is Software and Amount is at most 500 €'."""
    return " and ".join(_said(condition, domain.feature(condition.feature)) for condition in when)


def _said(condition: Condition, feature: Feature) -> str:
    value = condition.value
    shown = ("yes" if value else "no") if isinstance(value, bool) else value
    if isinstance(shown, float):
        shown = f"{shown:,.10g} {feature.unit}".strip()
    return f"{feature.label} is {'' if condition.op == '=' else 'at most ' if condition.op == '<=' else 'at least '}{shown}"


def notes(cases: pd.DataFrame, domain: DecisionDomain) -> list[tuple[str, ...]]:
    """For each case the stated policies that it falls under, as sentences for its card."""
    said: list[list[str]] = [[] for _ in range(len(cases))]
    for policy in domain.policy:
        words = f"Policy: {domain.label(policy.action)}, as {in_words(policy.when, domain)}. {policy.why}"
        for row in np.flatnonzero(holds(policy.when, cases)):
            said[row].append(words)
    return [tuple(sentences) for sentences in said]


def patterns(decisions: pd.DataFrame, cases: pd.DataFrame, *, domain: DecisionDomain) -> list[Pattern]:
    """For each action the one rule that exceptions towards it follow best, if there is one.

    `decisions` are advised rows of the decided frame; an exception is an override whose reason speaks of policy
    and that no stated policy asks for already.
    """
    decisions = decisions.tail(MOST).reset_index(drop=True)
    reasons = [reason for reason in domain.override.reasons if "policy" in reason.lower()]
    facts = cases.set_index("case_id").reindex(decisions["case_id"]).reset_index(drop=True)
    moved = (decisions["final_action"] != decisions["recommended_action"]).to_numpy(dtype=bool)
    excused = moved & decisions["reason"].isin(reasons).to_numpy(dtype=bool)
    for stated in domain.policy:
        excused &= ~(
            holds(stated.when, facts) & (decisions["final_action"] == stated.action).to_numpy(dtype=bool)
        )
    if excused.sum() < FEWEST:
        return []
    conditions = _conditions(facts, excused, domain)
    masks = np.array([_met(c, facts) for c in conditions], dtype=bool).reshape(len(conditions), len(facts))
    found = [_best(action, decisions, excused, conditions, masks) for action in domain.action_keys]
    return [pattern for pattern in found if pattern is not None]


def _conditions(facts: pd.DataFrame, excused: np.ndarray, domain: DecisionDomain) -> list[Condition]:
    """Every condition a rule may have: frequent words, yes and no, and round cuts of numbers."""
    made: list[Condition] = []
    for feature in domain.features:
        if feature.name in domain.segments.protected:
            continue
        column = facts[feature.name]
        if feature.kind == "category":
            levels = column[excused].astype(object).value_counts()
            made += [Condition(feature=feature.name, op="=", value=str(v)) for v in levels.index[:LEVELS]]
        elif feature.kind == "yes_no":
            made += [Condition(feature=feature.name, op="=", value=v) for v in (True, False)]
        elif feature.kind == "number" and column.notna().any():
            cuts = np.unique(
                np.nanquantile(column.to_numpy(float), np.arange(1, CUTS + 1) / (CUTS + 1), method="nearest")
            )
            made += [
                Condition(feature=feature.name, op=op, value=float(v)) for v in cuts for op in ("<=", ">=")
            ]
    return made


def _best(
    action: str, decisions: pd.DataFrame, excused: np.ndarray, conditions: list[Condition], masks: np.ndarray
) -> Pattern | None:
    """The rule that covers most exceptions towards an action and little else, the shorter of nearly equals."""
    meant = excused & (decisions["final_action"] == action).to_numpy(dtype=bool)
    elsewhere = excused & ~meant
    open_ = (decisions["recommended_action"] != action).to_numpy(dtype=bool)
    total = int(meant.sum())
    if total < FEWEST or not conditions:
        return None
    part = masks.astype(np.float32)
    cases, hits, against = (
        (part * rows.astype(np.float32)) @ part.T for rows in (open_, meant, elsewhere)
    )  # each (c, c): the rule of both conditions; one alone on the diagonal
    sound = (hits >= FEWEST) & (hits >= LEAST_SHARE * cases) & (against <= ONE_WAY * hits)
    balance = np.where(sound, 2 * hits / np.maximum(cases + total, 1), 0.0)
    balance = np.where(np.eye(len(conditions), dtype=bool), balance + SIMPLER * sound, balance)
    first, second = np.unravel_index(int(np.argmax(balance)), balance.shape)
    if balance[first, second] <= 0:
        return None
    n, k = int(cases[first, second]), int(hits[first, second])
    tests = len(conditions) * (len(conditions) + 1) // 2
    p = min(1.0, float(stats.hypergeom.sf(k - 1, int(open_.sum()), total, n)) * tests)
    people = decisions.loc[meant & masks[first] & masks[second], "manager"].nunique()
    if p >= FALSE_ALARMS or people < min(2, decisions.loc[meant, "manager"].nunique()):
        return None
    when = tuple(conditions[at] for at in dict.fromkeys((int(first), int(second))))
    return Pattern(when, action, n, k, total, int(people), p)
