"""Columns that may say how a case ended or what was decided: their words, and how much they look like it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.intake.cells import as_text
from rhml.intake.drafting.guesses import Guess
from rhml.intake.drafting.roles import (
    DECIDED_CELLS,
    DECIDED_WORDS,
    EARLIER,
    NOTHING_SAID,
    OPEN,
    OUTCOME,
    PROTECTED,
    VAGUE,
    listed,
    polarity,
    words_of,
)
from rhml.intake.figures import numbers
from rhml.intake.words import NO, YES

MOST = 8
"""Different words of a column beyond which it is no outcome."""

ENOUGH = 3.2
"""The standing from which a column is taken for an answer."""

NUMERIC = listed("""
yield yields target y delay lateness g3 grade score quality progression strength rating overdue tardiness ausbeute verspatung
""")
"""Words of headings of numbers that say how something ended, where a number from which it is well can be named."""


@dataclass(frozen=True)
class Answer:
    """A column that says one of a few words, or a number: `words` with how often each stands, the most frequent first."""

    heading: str
    words: tuple[tuple[str, int], ...] = ()
    yes_no: bool = False
    cut: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def plain(self) -> tuple[str, ...]:
        """The words that say something: neither 'pending' nor 'unknown'."""
        return tuple(word for word, _ in self.words if not is_open(word))


def is_open(word: str) -> bool:
    """Whether a cell says that nothing is known yet.

    >>> is_open("In progress"), is_open("Paid")
    (True, False)
    """
    return word.lower() in NOTHING_SAID or (bool(set(words_of(word)) & OPEN) and not polarity(word))


def answer_of(column: Guess, cells_of: pd.Series, *, asked: bool = False) -> Answer | None:
    """The column as one that says how cases ended; None if it cannot be. `asked`: somebody says that it is one."""
    if (column.why_not and not asked) or not column.heading or column.kind in ("date", "text", None):
        return None
    text = as_text(cells_of).dropna()
    counts = text.value_counts()
    words = tuple(sorted(((str(w), int(n)) for w, n in counts.items()), key=lambda one: (-one[1], one[0])))
    ranked = column.kind == "number" and len(counts) > 2 and bool(set(words_of(column.heading)) & NUMERIC)
    counted = column.kind == "number" and len(counts) > 2 and not set(words_of(column.heading)) <= CODED
    if len(counts) <= MOST and not ranked and (asked or not counted):
        found = Answer(column.heading, words, _is_yes_no([w for w, _ in words]))
        return found if len(found.plain) >= 2 else None
    if ranked or (asked and column.kind == "number"):
        values = numbers(cells_of, column.missing).values.dropna()
        return Answer(column.heading, cut=_cut(values), low=float(values.min()), high=float(values.max()))
    return None


def _is_yes_no(words: list[str]) -> bool:
    told = {word.lower() for word in words if word.lower() not in NOTHING_SAID}
    return told <= YES | NO and bool(told & YES) and bool(told & NO)


def _cut(values: pd.Series) -> float:
    """The number from which half of the cases are, or 1 where most are 0: none or some."""
    if (values == 0).mean() >= 0.3 and values.min() >= 0:
        positive = values[values > 0]
        return float(positive.min()) if len(positive) else 1.0
    middle = float(np.quantile(values, 0.5, method="higher"))
    return float(f"{middle:.6g}")


CODED = listed("outcome truth target label class result y status state code decision")
"""Words of headings under which a few whole numbers are codes; elsewhere they count something."""

WEAK = listed("status state class result risk claim type response action")
"""Words that head many columns besides the one that says how cases ended."""


def standing(answer: Answer, column: Guess, place: int, width: int, *, decision: bool) -> float:
    """How much a column looks like how cases ended (or, with `decision`, like what somebody decided)."""
    words = set(words_of(column.heading)) - {"is", "has", "was", "flag", "yn", "binary", "b", "human"}
    said = [word for word, _ in answer.words if not is_open(word)]
    points = _decided(words, said, answer) if decision else _ended(words, said, answer)
    points += 1.0 if place == width - 1 else 0.6 if place <= 1 else 0.0
    points += 0.3 if len(said) == 2 else 0.0
    points += 0.1 if polarity(column.heading) > 0 else 0.0
    points -= 3.0 if words & EARLIER else 0.0
    points -= 5.0 if words & PROTECTED else 0.0
    points -= 2.0 if answer.cut is not None else 0.0
    return points - (1.0 if len(said) > 4 else 0.0)


def _decided(words: set[str], said: list[str], answer: Answer) -> float:
    cells = 4.0 if said and all(set(words_of(word)) & DECIDED_CELLS for word in said) else 0.0
    if words and words <= DECIDED_WORDS:
        return cells + (2.5 if words <= WEAK else 6.0)
    if words & DECIDED_WORDS:
        return cells + (3.5 if answer.yes_no or cells else 1.0)
    return cells or -9.0


def _ended(words: set[str], said: list[str], answer: Answer) -> float:
    points = 0.0
    if words and words <= OUTCOME:
        points = 2.5 if words <= WEAK else 6.0
    elif words & (OUTCOME - WEAK):
        points = 3.5
    elif polarity(" ".join(words_of(answer.heading))) and not words & (DECIDED_WORDS | VAGUE):
        points = 2.5
    elif words & OUTCOME:
        points = 2.0
    if answer.cut is not None and words & NUMERIC:
        points = max(points, 6.0 if words <= NUMERIC else 3.5)
    decided = all(set(words_of(word)) & DECIDED_CELLS for word in said)
    if not answer.yes_no and said and not decided and all(polarity(word) for word in said):
        points += 3.0 if {polarity(word) for word in said} == {1, -1} else 1.0
    return points
