"""People's unaided calls, ready to be compared: right or wrong, earlier or later, and what their cases are like.

Beyond the case mix of all reports, people's cases are held alike in which action proved right and in how likely
a yardstick that did not learn from the case held that action: the recommendation as shown (where one version was shown
throughout), and the cross-fitted reference and people's calls on like cases, where the caller brings them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.case_mix import CaseMix, case_mix, dummies, strata
from rhml.stats.compared import Compared
from rhml.stats.periods import middle, practice

MOST = 100_000
"""Calls that are compared; of more, so many drawn by lot: they tell a tenth of a point already."""


def rows_of(calls: Calls) -> tuple[np.ndarray, str]:
    """Positions of the unaided calls that are compared, or why there are none."""
    judged, why = calls.judged()
    timed = calls.rows["decided_at"].notna().to_numpy()
    at = np.flatnonzero(judged & timed & calls.unaided)
    if len(at) > MOST:
        at = np.sort(np.random.default_rng(len(at)).choice(at, MOST, replace=False))
    return at, why


def compared(
    calls: Calls,
    at: np.ndarray,
    *,
    moment: pd.Timestamp,
    model_scores: pd.DataFrame | None = None,
    difficulty: pd.DataFrame | None = None,
) -> tuple[Compared, tuple[str, ...]]:
    """The unaided calls at some positions, parted at a moment; and what is held alike, in words.

    model_scores: case_id and p_<action> of a frozen model that did not learn from these cases. difficulty: case_id, p_<action>, people, fact_….
    """
    own = calls.take(at)
    mix = case_mix(own, model_scores)
    mix, easy = _for_people(own, mix, difficulty)
    times = pd.to_datetime(own.rows["decided_at"]).reset_index(drop=True)
    found = Compared.of(own.hits("first"), own.manager, own.case, times, mix.readings, easy, at=moment)
    return found, mix.words


def calls_for_difficulty(decisions: pd.DataFrame, domain: DecisionDomain) -> pd.DataFrame:
    """Unaided calls as the yardsticks learn from them: case_id, right, and whose, one a manager and half of the time."""
    calls = Calls.of(decisions, domain)
    at, _ = rows_of(calls)
    own = calls.take(at)
    times = pd.to_datetime(own.rows["decided_at"]).reset_index(drop=True)
    halves = 2 * practice(times, own.manager).later
    halves += (times >= middle(times)).to_numpy() if len(times) else 0
    return pd.DataFrame(
        {
            "case_id": own.rows["case_id"].to_numpy(),
            "right": own.hits("first").astype(float),
            "whose": own.manager * 4 + halves,
        }
    )


def _for_people(
    calls: Calls, mix: CaseMix, difficulty: pd.DataFrame | None
) -> tuple[CaseMix, np.ndarray | None]:
    """The case mix with which action proved right and how likely it was held; and the cases a yardstick got right."""
    more, words, easy = [dummies(pd.factorize(calls.right)[0])], ["which action proved right"], None
    if difficulty is not None:
        columns, held = _yardsticks(calls, difficulty)
        more.extend(columns)
        words.extend(YARDSTICKS)
        easy = held > 1 / len(calls.domain.action_keys)
    shown = calls.rows["recommended_confidence"].to_numpy(float)
    advised = (calls.recommended >= 0) & ~np.isnan(shown)
    if advised.any() and calls.rows["model_version"].nunique(dropna=True) <= 1:
        others = max(len(calls.domain.action_keys) - 1, 1)
        easy = calls.recommended == calls.right
        held = np.where(easy, shown, (1 - shown) / others)
        more.append(strata(calls.right, np.where(advised, held, np.nan)))
        words.append("whether the recommendation was right, and how likely it held what was")
    added = np.hstack(more)
    readings = tuple(np.hstack([one, added]) for one in mix.readings)
    return CaseMix(readings, (*mix.words, *words)), None if easy is None else easy.astype(np.int64)


YARDSTICKS = (
    "how likely a reference model that never saw the case held what was right",
    "how often people's calls on like cases prove right",
    "the facts of the case, in straight lines",
)


def _yardsticks(calls: Calls, difficulty: pd.DataFrame) -> tuple[list[np.ndarray], np.ndarray]:
    known = difficulty.drop_duplicates("case_id").set_index("case_id").reindex(calls.rows["case_id"])
    p = known[[f"p_{key}" for key in calls.domain.action_keys]].to_numpy(float)
    there = ~np.isnan(p).any(axis=1)
    held = np.where(there, p[np.arange(len(p)), np.maximum(calls.right, 0)], np.nan)
    people = known["people"].to_numpy(float)
    facts = known[[name for name in known if name.startswith("fact_")]].fillna(0).to_numpy(float)
    return [strata(calls.right, held), strata(np.zeros(len(people), int), people), facts], held
