"""Which past cases a drill asks and in which order: drawn so that no rule of thumb does well.

What is due comes first, then lessons and own disputes that were never practised; at least four in ten places are
plain cases. The model was wrong in at most four in ten, and no action is right in more than six in ten: who always
disagrees with the model, or always names one action, fails. Plain cases are chosen so that the whole comes out at
about 78 in 100 right for this person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor
from typing import Any

import numpy as np
import pandas as pd

from rhml.human.drills.memory import Kept
from rhml.human.drills.pace import FEWEST
from rhml.stats.measure import MINIMUM

TARGET = 0.78
TAUGHT = 0.6
"""Share of the places for what is due, lessons and disputes; the rest are plain cases."""

MODEL_WRONG = (0.2, 0.4)
ONE_ACTION = 0.6
NEAR = 0.08
"""How near to the wanted difficulty a case is preferred, in chance of a right call."""

SEEN = 0.02
"""Weight of a plain case that was practised before, against one that was not."""


@dataclass(frozen=True)
class Place:
    """One case of a drill: which, as what (*lesson*, *dispute* or *plain*), whether it was due, and how hard."""

    case_id: str
    source: str
    lesson_id: str | None
    due: bool
    chance: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the log."""
        return {**vars(self), "chance": round(self.chance, 4)}


@dataclass
class _Drawing:
    """A drill while it is drawn: the pool, the places so far, and what the limits still allow."""

    pool: pd.DataFrame
    size: int
    chance: np.random.Generator
    places: list[Place] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    rights: Counter = field(default_factory=Counter)
    wrongs: int = 0

    def fits(self) -> np.ndarray:
        """Which cases of the pool may still come in."""
        free = ~self.pool.index.isin(list(self.taken))
        full = [a for a, n in self.rights.items() if n >= floor(ONE_ACTION * self.size)]
        free &= ~self.pool["right_action"].isin(full).to_numpy(bool)
        if self.wrongs >= floor(MODEL_WRONG[1] * self.size):
            free &= ~self.pool["model_wrong"].to_numpy(bool)
        return free

    def take(self, at: int, source: str, lesson_id: str | None = None, *, due: bool = False) -> None:
        row = self.pool.loc[at]
        self.places.append(Place(row["case_id"], source, lesson_id, due, float(row["chance"])))
        self.taken.add(at)
        self.rights[row["right_action"]] += 1
        self.wrongs += bool(row["model_wrong"])

    def pick(self, among: np.ndarray, wanted: float = TARGET) -> int | None:
        """One of these cases that fit, by lot, the nearer to the wanted chance the likelier."""
        at = self.pool.index[among & self.fits()]
        if not len(at):
            return None
        rows = self.pool.loc[at]
        weight = np.exp(-(((rows["chance"] - wanted) / NEAR) ** 2).clip(upper=30)) + 1e-9
        weight = weight.to_numpy(float) * np.where(rows["seen"], SEEN, 1.0)
        return int(self.chance.choice(at, p=weight / weight.sum()))


def size_for(pool: pd.DataFrame, wanted: int) -> int:
    """Cases that a drill can have without one action being right in more than six of ten; 0 if too few.

    pool: right_action, model_wrong.
    """
    if len(pool) < MINIMUM:
        return 0
    counts = pool["right_action"].value_counts()
    for size in range(min(wanted, len(pool)), FEWEST - 1, -1):
        enough = counts.clip(upper=floor(ONE_ACTION * size)).sum() >= size
        trusted = int((~pool["model_wrong"]).sum()) + floor(MODEL_WRONG[1] * size) >= size
        if enough and trusted:
            return size
    return 0


def mix(
    pool: pd.DataFrame, *, size: int, due: Iterable[Kept], lessons: Iterable[str], seed: int
) -> list[Place]:
    """Draw a drill of `size` cases (as `size_for` allows) in the order in which they are asked.

    pool: one row a case: case_id, right_action, model_wrong (bool), chance, seen (practised before), dispute
    (bool), lessons (tuple of the taught lessons that cover it). `due` are cards, the least known first;
    `lessons` those never practised.
    """
    drawing = _Drawing(pool.reset_index(drop=True), size, np.random.default_rng(seed))
    most = floor(TAUGHT * size)
    for card in due:
        if len(drawing.places) < most:
            _due(drawing, card)
    _new(drawing, list(lessons), most)
    _plain(drawing)
    order = drawing.chance.permutation(len(drawing.places))
    return [drawing.places[at] for at in order]


def _due(drawing: _Drawing, card: Kept) -> None:
    """A card that is due: its case, or another case of its lesson."""
    if card.lesson_id:
        at = drawing.pick(_of_lesson(drawing.pool, card.lesson_id))
    else:
        at = drawing.pick((drawing.pool["case_id"] == card.case_id).to_numpy(bool))
    if at is not None:
        drawing.take(at, "lesson" if card.lesson_id else "dispute", card.lesson_id, due=True)


def _new(drawing: _Drawing, lessons: list[str], most: int) -> None:
    """Lessons and disputes that were never practised, in turn."""
    disputes = (drawing.pool["dispute"] & ~drawing.pool["seen"]).to_numpy(bool)
    while len(drawing.places) < most:
        before = len(drawing.places)
        lesson = lessons.pop(0) if lessons else None
        at = drawing.pick(_of_lesson(drawing.pool, lesson)) if lesson else None
        if at is not None:
            drawing.take(at, "lesson", lesson)
        at = drawing.pick(disputes) if len(drawing.places) < most else None
        if at is not None:
            drawing.take(at, "dispute")
        if len(drawing.places) == before and not lessons:
            return


def _of_lesson(pool: pd.DataFrame, lesson_id: str) -> np.ndarray:
    return np.fromiter((lesson_id in own for own in pool["lessons"]), bool, len(pool))


def _plain(drawing: _Drawing) -> None:
    """Fill up with plain cases, each as easy or hard as the whole still needs, right actions mixed."""
    pool = drawing.pool
    wrong = pool["model_wrong"].to_numpy(bool)
    plain = ~pool["dispute"].to_numpy(bool)
    while len(drawing.places) < drawing.size:
        left = drawing.size - len(drawing.places)
        wanted = (TARGET * drawing.size - sum(p.chance for p in drawing.places)) / left
        wanted = float(np.clip(wanted, 0.55, 0.97))
        action = (pool["right_action"] == _action(drawing)).to_numpy(bool)
        few = drawing.wrongs < floor(MODEL_WRONG[0] * drawing.size)
        side = wrong if few else np.ones(len(pool), bool)
        # From all that is wished to whatever the limits allow: own disputes too, where others are rare.
        for among in (plain & action & side, action & side, plain & action, action, plain, ~plain):
            at = drawing.pick(among, wanted)
            if at is not None:
                drawing.take(at, "dispute" if pool.at[at, "dispute"] else "plain")
                break
        else:
            return


def _action(drawing: _Drawing) -> str:
    """The action that the next plain case should turn out to be, the rarer so far the likelier."""
    known = sorted(drawing.pool["right_action"].unique())
    room = [max(floor(ONE_ACTION * drawing.size) - drawing.rights[a], 0) for a in known]
    weight = np.array(room, dtype=float) ** 2
    return str(drawing.chance.choice(known, p=weight / weight.sum()))
