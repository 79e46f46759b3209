"""How hard a past case is: the share of people who would call it right, as far as the log can tell.

A case judged once has no difficulty of its own. So each case starts from what cases like it came to (the
chance that the model gave to what proved right, what that was, and the segment), and moves towards the calls
that others made on it, as many as there are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from rhml.core.domain import DecisionDomain

WORTH = 4.0
"""Calls that what is known of like cases counts for beside the calls on the case itself."""

UNCALLED = 0.65
"""The share right that is assumed where nobody's calls are known: only the order of cases matters then."""

FEWEST = 50
"""Calls below which no line is fitted through them."""


def difficulty(cases: pd.DataFrame, calls: pd.DataFrame, *, domain: DecisionDomain) -> np.ndarray:
    """For each case the share of people expected to be right on it: 0 nobody, 1 everybody.

    cases: resolved, as `frames.cases`. calls: other people's, one row each: case_id, action,
    recommended_action, recommended_confidence (both may be missing).
    """
    right = pd.Series(cases["right_action"].to_numpy(object), index=cases["case_id"])
    known = calls[calls["case_id"].isin(right.index) & calls["action"].notna()]
    hit = (known["action"].to_numpy(object) == right[known["case_id"]].to_numpy(object)).astype(float)
    row = pd.Index(cases["case_id"]).get_indexer(known["case_id"])
    made = np.bincount(row, minlength=len(cases))
    were_right = np.bincount(row, weights=hit, minlength=len(cases))
    expected = _like_cases(_known(cases, calls, domain), row, hit)
    return (were_right + WORTH * expected) / (made + WORTH)


def _known(cases: pd.DataFrame, calls: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """What is known of each case without anybody's call: numbers, one row a case."""
    given = given_to_right(cases, calls, domain)
    even = 1 / len(domain.actions)
    p = np.clip(np.where(np.isnan(given), even, given), 0.02, 0.98)
    columns = [np.log(p / (1 - p)), np.isnan(given).astype(float)]
    columns += [(cases["right_action"] == action).to_numpy(float) for action in domain.action_keys[1:]]
    for name in named_segments(domain):
        levels = cases[name].value_counts().index[:12]
        columns += [(cases[name] == level).fillna(False).to_numpy(float) for level in levels]
    return np.column_stack(columns)


def given_to_right(cases: pd.DataFrame, calls: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """The chance that the recommendations shown on a case gave to what proved right; NaN where none was."""
    shown = calls[calls["recommended_action"].notna() & calls["recommended_confidence"].notna()]
    right = dict(zip(cases["case_id"], cases["right_action"], strict=True))
    p = shown["recommended_confidence"].to_numpy(float)
    meant = shown["recommended_action"].to_numpy(object) == shown["case_id"].map(right).to_numpy(object)
    chance = pd.Series(np.where(meant, p, (1 - p) / (len(domain.actions) - 1)))
    mean = chance.groupby(shown["case_id"].to_numpy(object)).mean()
    return mean.reindex(cases["case_id"]).to_numpy(float)


def named_segments(domain: DecisionDomain) -> list[str]:
    """The segment columns whose levels are names; protected ones are none that anybody should learn."""
    kinds = {feature.name: feature.kind for feature in domain.features}
    return [
        c
        for c in domain.segments.columns
        if kinds.get(c) in ("category", "yes_no") and c not in domain.segments.protected
    ]


def _like_cases(known: np.ndarray, row: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """The share right that each case's kind leads to expect."""
    if len(hit) < FEWEST or hit.min() == hit.max():
        # Nobody's calls to learn from: what the model gave to the right action orders the cases alone.
        return 1 / (1 + np.exp(-(np.log(UNCALLED / (1 - UNCALLED)) + 0.5 * known[:, 0])))
    fitted = LogisticRegression(C=1.0, max_iter=300).fit(known[row], hit)
    return fitted.predict_proba(known)[:, 1]
