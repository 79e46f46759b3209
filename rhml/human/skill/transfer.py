"""Does a lesson taught to one show in others: unaided accuracy inside its rule, after the teaching began against before.

Held against the same change where nothing was taught, within people and on like cases. Before are only calls that the
rule was not found on, else what was found by being bad would seem to get better by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from scipy import stats

from rhml.stats.compared import Compared
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.verdicts import Verdict, verdict
from rhml.stats.within import Rows, fit

NO_LESSONS = "No lesson has been taught to the team yet."
NO_ELSEWHERE = "Every call is inside a rule that is taught, so there is nothing to hold it against."
LEFT = 0.05
SEARCHED = 0.8
"""The most of the calls so far that a rule is looked for on (`human.lessons.mining`)."""


@dataclass(frozen=True, eq=False)
class Taught:
    """A lesson being taught: which calls its rule covers, from when people were taught, whose it was.

    inside: bool, one a compared call. since: the end of the decisions it was found on. learner: the manager it was
    found in, None for the team's. randomized: whether the start was drawn by lot.
    """

    lesson_id: str
    sentence: str
    inside: np.ndarray
    since: datetime | None
    starts_at: datetime
    learner: str | None = None
    randomized: bool = False


@dataclass(frozen=True)
class Transfer:
    """What changed inside one lesson's rule beyond what changed elsewhere, in others than whose lesson it was."""

    lesson_id: str
    sentence: str
    verdict: Verdict
    words: str

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {"lesson_id": self.lesson_id, "sentence": self.sentence, **self.verdict.as_dict(),
                "words": self.words}  # fmt: skip


def transfers(
    compared: Compared, like: np.ndarray, names: np.ndarray, lessons: tuple[Taught, ...], *, smallest: float
) -> tuple[tuple[Transfer, ...], str]:
    """Every taught lesson, and why there is none. like: right or wrong as on like cases; names: of manager codes."""
    if not lessons:
        return (), NO_LESSONS
    elsewhere = ~np.logical_or.reduce([lesson.inside for lesson in lessons])
    if not elsewhere.any():
        return (), NO_ELSEWHERE
    level = 1 - LEFT / len(lessons)
    return tuple(_one(compared, like, names, lesson, elsewhere, smallest, level) for lesson in lessons), ""


def _one(compared, like, names, lesson: Taught, elsewhere, smallest: float, level: float) -> Transfer:
    others = names[compared.manager] != lesson.learner
    after = (compared.times >= lesson.starts_at).to_numpy(bool)
    fresh = np.ones(len(after), bool) if lesson.since is None else (compared.times > lesson.since).to_numpy()
    keep = others & fresh & ~np.isnan(like) & (lesson.inside | elsewhere)
    inside = lesson.inside & keep
    fewest = min(int((inside & side).sum()) for side in (after, ~after))
    if fewest < MINIMUM:
        found = Measure.unknown(f"Inside the rule, before or after the teaching began: {too_few(fewest)}")
    else:
        found = _beyond(like[keep], inside[keep], after[keep], Rows.of(compared.manager[keep], compared.case[keep]),
                        level)  # fmt: skip
    said = verdict(found, smallest=smallest, level=level)
    return Transfer(lesson.lesson_id, lesson.sentence, said, _words(said, lesson))


def _beyond(like: np.ndarray, inside: np.ndarray, after: np.ndarray, rows: Rows, level: float) -> Measure:
    """The change inside less the change elsewhere (difference in differences, within people)."""
    columns = np.column_stack([inside & after, inside, after]).astype(float)
    found = fit(like, columns, np.zeros((len(like), 0)), rows)
    value, error = found.coefficients[0], np.sqrt(found.covariance[0, 0])
    half = stats.t.ppf((1 + level) / 2, max(min(found.free, found.cases - 1), 1)) * error
    return Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), int(inside.sum()))


def _words(said: Verdict, lesson: Taught) -> str:
    if not said.change.known:
        return said.change.why
    rest = (
        "Its start was drawn by lot."
        if lesson.randomized
        else "An association: its start was not drawn by lot."
    )
    moved = {
        "improved": "Since the teaching began others are right there more often than before, beyond what changed elsewhere.",
        "fell": "Since the teaching began others are right there less often than before, beyond what changed elsewhere.",
        "no change shown": "Since the teaching began nothing changed there beyond what changed elsewhere.",
    }.get(said.words, "Too early to say whether it shows in others.")
    return f"{moved} {rest}"


def discovered_until(times: pd.Series, found_at: datetime) -> datetime | None:
    """The end of the earlier calls on which a rule may have been looked for, where that was not kept.

    Its later ones confirmed it.
    """
    before = np.sort(times[times <= found_at].to_numpy())
    return pd.Timestamp(before[int(len(before) * SEARCHED)]).to_pydatetime() if len(before) else None
