"""Which cases count as like ones when the calls of two periods are compared, for people, model and team alike.

Where a reference is brought that learned from the facts and outcomes of other cases, calls are held alike in which
action proved right, in how likely the reference held that action, in how often people's calls on like cases prove
right, in the facts themselves, and in the segments. What a recommendation said of itself is held alike only where one
named version gave all: another version is surer, or less sure, of the very same cases, and when cases get harder the
same confidence stands for harder cases. Without a reference the recommendation as shown is all there is (`case_mix`).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from rhml.reports.calls import Calls
from rhml.reports.case_mix import CaseMix, case_mix, dummies, segments, strata

NAMELESS = "imported"
"""What the log calls the version of a recommendation whose import named none: it may have been several."""

YARDSTICKS = (
    "which action proved right",
    "how likely a reference model that never saw the case held what was right",
    "how often people's calls on like cases prove right",
    "the facts of the case, in straight lines",
)
SHOWN = "whether the recommendation was right, and how likely it held what was"


def like_cases(
    calls: Calls,
    who: str,
    *,
    model_scores: pd.DataFrame | None = None,
    difficulty: pd.DataFrame | None = None,
) -> tuple[CaseMix, np.ndarray | None]:
    """What is held alike for one of human, model and team; and the kinds of case, 1 where a yardstick got it right.

    model_scores: case_id and p_<action> of a frozen model that did not learn from these cases, which takes the place of
    what was shown. difficulty: case_id, p_<action>, people, fact_….
    """
    if difficulty is not None and model_scores is None:
        return _by_reference(calls, who, difficulty)
    mix = case_mix(calls, model_scores)
    return _people_without(calls, mix) if who == "human" else (mix, None)


def one_version(calls: Calls) -> bool:
    """Whether one version, and one that is known by its name, gave every recommendation."""
    names = versions(calls)
    return len(names) == 1 and names[0] != NAMELESS


def versions(calls: Calls) -> tuple[str, ...]:
    """The names of the versions whose recommendations were shown."""
    advised = np.flatnonzero(calls.recommended >= 0)
    return tuple(map(str, calls.column("model_version").iloc[advised].dropna().unique()))


def _by_reference(calls: Calls, who: str, difficulty: pd.DataFrame) -> tuple[CaseMix, np.ndarray]:
    columns, held = _yardsticks(calls, difficulty)
    words = list(YARDSTICKS)
    easy = held > 1 / len(calls.domain.action_keys)
    if who != "model" and one_version(calls):
        shown, easy = _shown(calls)
        columns.append(shown)
        words.append(SHOWN)
    named, labels = segments(calls)
    mix = CaseMix((np.hstack([*columns, *named]),), (*words, *labels))
    return mix, easy.astype(np.int64)


def _people_without(calls: Calls, mix: CaseMix) -> tuple[CaseMix, np.ndarray | None]:
    """Without a reference: which action proved right, and what one version said of it."""
    more, words, easy = [dummies(pd.factorize(calls.right)[0])], ["which action proved right"], None
    stated = calls.column("recommended_confidence").to_numpy(float)
    if (~np.isnan(stated[calls.recommended >= 0])).any() and len(versions(calls)) <= 1:
        shown, easy = _shown(calls)
        more.append(shown)
        words.append(SHOWN)
    added = np.hstack(more)
    readings = tuple(np.hstack([one, added]) for one in mix.readings)
    return CaseMix(readings, (*mix.words, *words)), None if easy is None else easy.astype(np.int64)


def _shown(calls: Calls) -> tuple[np.ndarray, np.ndarray]:
    """Strata of how likely the recommendation held what was right, and whether it was right."""
    stated = calls.column("recommended_confidence").to_numpy(float)
    advised = (calls.recommended >= 0) & ~np.isnan(stated)
    others = max(len(calls.domain.action_keys) - 1, 1)
    right = calls.recommended == calls.right
    held = np.where(right, stated, (1 - stated) / others)
    return strata(calls.right, np.where(advised, held, np.nan)), right


def _yardsticks(calls: Calls, difficulty: pd.DataFrame) -> tuple[list[np.ndarray], np.ndarray]:
    """The columns of the reference, and how likely it held what was right."""
    cases = difficulty.drop_duplicates("case_id")
    place = pd.Index(cases["case_id"]).get_indexer(calls.column("case_id"))
    there = place >= 0
    p = cases[[f"p_{key}" for key in calls.domain.action_keys]].to_numpy(float)[place]
    held = np.where(there, p[np.arange(len(p)), np.maximum(calls.right, 0)], np.nan)
    people = np.where(there, cases["people"].to_numpy(float)[place], np.nan)
    facts = cases[[name for name in cases if name.startswith("fact_")]].to_numpy(np.float32)[place]
    facts[~there] = 0
    columns = [dummies(pd.factorize(calls.right)[0]), strata(calls.right, held)]
    return [*columns, strata(np.zeros(len(people), int), people), facts], held
