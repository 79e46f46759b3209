"""What a trainee practises: cases of the lessons taught, cases like those called wrong, and plain ones between.

Plain cases are mixed in and no action proves right in most of them, so that no rule of thumb passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.course.forms import quotas
from rhml.stats.rules.rule import Rule

TAUGHT, LIKE_MISTAKES = 0.4, 0.4
"""At most so large a share of the practice each; the rest is plain."""


@dataclass(frozen=True)
class Practised:
    """One case to practise on: the lesson it shows, if it shows one, and why it was chosen."""

    case_id: str
    lesson_id: str | None
    why: str


def practice(
    pool: pd.DataFrame,
    missed: pd.DataFrame,
    lessons: Mapping[str, Rule],
    n: int,
    *,
    domain: DecisionDomain,
    rng: np.random.Generator,
) -> tuple[Practised, ...]:
    """Draw n cases of the pool; fewer where it holds fewer.

    pool: cases of neither form, as `frames.cases`. missed: the cases called wrong in the first test.
    lessons: id → rule, of those that the trainee is being taught.
    """
    pool = pool.iloc[rng.permutation(len(pool))].reset_index(drop=True)
    shows = {lesson: np.flatnonzero(rule.covers(pool)) for lesson, rule in lessons.items()}
    chosen: dict[int, str] = {}
    for rows, most, why in (
        (_in_turn(list(shows.values())), int(TAUGHT * n), "a lesson"),
        (_in_turn(_near(pool, missed, domain)), int(LIKE_MISTAKES * n), "like one you called wrong"),
    ):
        fresh = [row for row in rows if row not in chosen][:most]
        chosen |= dict.fromkeys(fresh, why)
    chosen |= dict.fromkeys(_plain(pool, list(chosen), n), "mixed in")
    lesson_of = {row: lesson for lesson, rows in reversed(shows.items()) for row in rows}
    order = rng.permutation(list(chosen))
    return tuple(Practised(pool.at[row, "case_id"], lesson_of.get(row), chosen[row]) for row in order)


def _in_turn(lists: Sequence[Sequence[int]]) -> list[int]:
    """The first of each list, then the second of each …; every number once."""
    longest = max((len(rows) for rows in lists), default=0)
    found = [int(rows[i]) for i in range(longest) for rows in lists if i < len(rows)]
    return list(dict.fromkeys(found))


def _near(
    pool: pd.DataFrame, missed: pd.DataFrame, domain: DecisionDomain, most: int = 8
) -> list[np.ndarray]:
    """For each missed case the pool's rows most like it in which the same action proved right, nearest first."""
    found = []
    for case in missed.to_dict("records"):
        same = np.flatnonzero((pool["right_action"] == case["right_action"]).to_numpy(bool))
        found.append(same[np.argsort(_unlike(pool.iloc[same], case, domain), kind="stable")[:most]])
    return found


def _unlike(cases: pd.DataFrame, case: Mapping, domain: DecisionDomain) -> np.ndarray:
    """How unlike a case each of some is: the mean over the facts that can be compared (Gower 1971)."""
    parts = [np.zeros(len(cases))]
    for feature in domain.features:
        if feature.name in domain.segments.protected or feature.kind in ("text", "date"):
            continue
        there, here = cases[feature.name], case.get(feature.name)
        if feature.kind == "number":
            numbers = there.to_numpy(float)
            spread = np.nanstd(numbers) if np.isfinite(numbers).any() else 0.0
            apart = np.minimum(
                np.abs(numbers - float("nan" if here is None else here)) / (2 * spread or 1.0), 1.0
            )
            parts.append(np.where(np.isnan(apart), 1.0, apart))
        else:
            parts.append((there != here).fillna(True).to_numpy(float))
    return np.mean(parts, axis=0)


def _plain(pool: pd.DataFrame, chosen: list[int], n: int) -> list[int]:
    """What fills up to n cases, so that what proves right stays as even as the pool allows."""
    left = pool.drop(index=chosen)
    wanted = quotas(pool["right_action"].value_counts().to_dict(), n)
    so_far = pool.loc[chosen, "right_action"].value_counts()
    rows: list[int] = []
    for action, count in wanted.items():
        rows += left.index[left["right_action"] == action][
            : max(count - int(so_far.get(action, 0)), 0)
        ].to_list()
    rest = [row for row in left.index if row not in set(rows)]
    return [int(row) for row in (rows + rest)[: max(n - len(chosen), 0)]]
