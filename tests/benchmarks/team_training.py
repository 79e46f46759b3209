"""Is what a team's training page says true, however often it is looked at? python -m tests.benchmarks.team_training [TEAMS] [SEED]

Teams whose courses end one after another, each by a new person: twenty matched pairs of past cases, harder and easier
ones, by skilled and less skilled people. The page is read as each course ends. Printed: of how many teams that learned
nothing it says *improved* or *fell* at some look, of all or of a segment, now and as it was where every look was taken
for the only one; and of how many that gained 10 or 15 points it says *improved*, by how many courses, at the last of them,
and where it is read but once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from unittest.mock import patch

import numpy as np
import pandas as pd

from rhml.human.course import team_gain as course
from rhml.human.course.team_gain import FEWEST_PEOPLE, team_gain
from rhml.stats import matched
from rhml.stats.intervals import wilson

PAIRS = 20
KINDS = {
    "damage": (0.45, 0.25, 0.15, 0.1, 0.05),
    "product": (0.5, 0.3, 0.2),
}
"""The segments' shares; a pair in ten is in two of them, and counts in none."""
CLAIMS = {"improved", "fell"}
AFTER = (3, 5, 10, 20, 30)
COULD = {"said": (2.4, 2.9), "said_once": (1.9, 2.3)}
"""Standard errors that every word asks at least, of all and of one segment of several: looks below are not asked."""


def team(courses: int, gain: float, seed: int) -> pd.DataFrame:
    """The pairs of a team, one course a day."""
    rng = np.random.default_rng(seed)
    n = courses * PAIRS
    base = np.repeat(rng.uniform(-0.4, 1.2, courses), PAIRS) + rng.normal(0, 1, n)
    chance = 1 / (1 + np.exp(-base))
    # A gain of so many points on average: less where nearly all was right before.
    room = chance * (1 - chance)
    after = np.clip(chance + gain * room / room.mean(), 0, 1)
    found = pd.DataFrame(
        {
            "person": np.repeat([f"t{k}" for k in range(courses)], PAIRS),
            "ended": np.repeat(np.datetime64("2026-01-01") + np.arange(courses), PAIRS),
            "before": rng.random(n) < chance,
            "after": rng.random(n) < after,
        }
    )
    for column, shares in KINDS.items():
        kind = rng.choice(len(shares), n, p=shares).astype(object)
        found[column] = np.where(rng.random(n) < 0.1, None, kind)
    return found


def able(pairs: pd.DataFrame, ask: Callable[..., set[str]], columns: tuple[str, ...] = ()) -> set[int]:
    """After how many courses anything could be said: of all, or of a segment of these columns."""
    least = COULD[ask.__name__][bool(columns)]
    days, found = np.unique(pairs["ended"]), np.zeros(pairs["ended"].nunique(), bool)
    for rows in [rows for column in columns for _, rows in pairs.groupby(column)] or [pairs]:
        moved = rows["after"].astype(float) - rows["before"].astype(float)
        each = pd.DataFrame({"total": moved, "differ": moved**2}).groupby(rows["ended"]).sum()
        each = each.reindex(days, fill_value=0).cumsum()
        found |= (each["total"].abs() > least * np.sqrt(each["differ"].clip(lower=1))).to_numpy()
    return {k + 1 for k in np.flatnonzero(found) if k + 1 >= FEWEST_PEOPLE}


def said(pairs: pd.DataFrame, columns: tuple[str, ...] = ()) -> set[str]:
    """The word on all; or those on the segments of some columns."""
    whole, parts = team_gain(pairs, smallest=0.05, columns=columns)
    return {one.verdict.words for one in (parts if columns else (whole,))}


def said_once(pairs: pd.DataFrame, columns: tuple[str, ...] = ()) -> set[str]:
    """The same where the look is taken for the only one."""
    with patch.object(course, "HALF_SPENT", 0):
        return said(pairs.drop(columns="ended"), columns)


def told(label: str, hits: list[bool]) -> str:
    """A share with its interval."""
    low, high = wilson(sum(hits), len(hits))
    return f"{label} {np.mean(hits):6.1%} ({low:.1%} to {high:.1%})"


def ever(pairs: pd.DataFrame, ask: Callable[..., set[str]], columns: tuple[str, ...] = ()) -> bool:
    """Whether a change is claimed at any look."""
    looks = sorted(able(pairs, ask, columns))
    return any(ask(pairs.iloc[: upto * PAIRS], columns) & CLAIMS for upto in looks)


def false(teams: int, seed: int, courses: int, columns: tuple[str, ...] = ()) -> None:
    """Teams that learned nothing: of how many anything is ever said, of all or of a segment of these columns."""
    asks = {"now": said, "were each look the only one": said_once}
    found: dict[str, list[bool]] = {name: [] for name in asks}
    for k in range(teams):
        pairs = team(courses, 0.0, seed + k)
        for name, ask in asks.items():
            found[name].append(ever(pairs, ask, columns))
    of = "a segment" if columns else "the team"
    print(f"nothing learned, {courses} courses, {teams:,} teams, false of {of} at some look:")
    for name, hits in found.items():
        print(told(f"  {name:<27}", hits), flush=True)


def power(teams: int, seed: int, gain: float) -> None:
    """Teams that gained: what is said after so many courses, and at some look until then."""
    print(f"{100 * gain:.0f} points gained, {teams:,} teams:")
    found = {upto: ([], [], []) for upto in AFTER}
    for k in range(teams):
        pairs, by_then = team(AFTER[-1], gain, seed + k), False
        could, could_once = able(pairs, said), able(pairs, said_once)
        for upto in range(FEWEST_PEOPLE, AFTER[-1] + 1):
            held = pairs.iloc[: upto * PAIRS]
            now = upto in could and "improved" in said(held)
            by_then |= now
            if upto in found:
                once = upto in could_once and "improved" in said_once(held)
                for place, hit in enumerate((now, by_then, once)):
                    found[upto][place].append(hit)
    for upto, (now, until, once) in found.items():
        print(
            f"  {upto:>3} courses: {told('said', now)}; {told('by then', until)}; {told('read but once', once)}",
            flush=True,
        )


def remembered() -> None:
    """Keep every table of the exact test: the same sizes come again in each team."""
    matched._differing = lru_cache(maxsize=None)(matched._differing.__wrapped__)


def main(teams: int, seed: int) -> None:
    remembered()
    for courses in (30, 100):
        false(teams, seed, courses)
    for gain in (0.10, 0.15):
        power(teams // 4, seed, gain)
    for courses in (30, 100):
        false(teams, seed, courses, tuple(KINDS))


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("2000", "1")[len(sys.argv) - 1 :])))
