"""Which column names the cases of an unknown table: each row once, and short like a name."""

from __future__ import annotations

import pandas as pd

from rhml.core.domain_text import is_plain
from rhml.intake import cells
from rhml.intake.drafting.guesses import Guess
from rhml.intake.drafting.roles import CASE_ID, ID_ENDINGS, NAMING, words_of
from rhml.intake.figures import numbers

LAST = 99
"""The rank of a heading that says nothing about names."""


def repeated_name(columns: tuple[Guess, ...], frame: pd.DataFrame) -> str:
    """The heading that should name the case and names several rows alike; "" if there is none."""
    for at, column in enumerate(columns):
        text = cells.as_text(frame.iloc[:, at]).dropna()
        if "_".join(words_of(column.heading)) in CASE_ID and not text.is_unique:
            return column.heading
    return ""


def case_name(columns: tuple[Guess, ...], frame: pd.DataFrame) -> str | None:
    """The column that names each row once; a text that people wrote, a measurement or a date does not."""
    for column in sorted(columns, key=_rank):
        cells_of = frame.iloc[:, columns.index(column)]
        named = (
            _rank(column) < LAST and (column.kind != "number" or _whole(cells_of)) and column.kind != "date"
        )
        fits = (
            named
            or (column.kind == "text" and _rank(column) <= LAST)
            or (column.kind == "number" and counts_rows(cells_of))
        )
        if column.heading and is_plain(column.heading) and fits and names_rows(cells_of):
            return column.heading
    return None


def _rank(column: Guess) -> int:
    """How surely a heading speaks of a case's name, the smallest the surest; LAST says nothing."""
    words = words_of(column.heading)
    name = "_".join(words)
    if column.heading == "case_id":
        return -1
    if name in CASE_ID:
        return CASE_ID.index(name)
    ending = words[-1:] in (("id",), ("nr",), ("no",), ("number",)) or name.endswith(("nummer", "numero"))
    if ending or name.endswith(ID_ENDINGS):
        return LAST - 2
    return LAST - 1 if NAMING & set(words) else LAST + bool({"name", "title", "email", "mail"} & set(words))


def _whole(column: pd.Series) -> bool:
    values = numbers(column).values.dropna()
    return bool((values % 1 == 0).all())


def names_rows(column: pd.Series) -> bool:
    """Whether a column may name the cases: never empty, never twice the same, and short like a name."""
    text = cells.as_text(column)
    if text.isna().any() or not text.is_unique:
        return False
    like_a_name = cells.matches(text, r"^[^\s]{1,60}$|^[^\s]{1,20} [\d/.-]{1,20}$").all()
    return bool(like_a_name and cells.words(text, longest=cells.LONGEST_NAME, kind="id").sound)


def counts_rows(column: pd.Series) -> bool:
    """Whether a number does no more than count the rows: whole, each once, with hardly a gap."""
    values = numbers(column).values.dropna()
    whole = len(values) > 20 and bool((values % 1 == 0).all()) and values.is_unique
    return bool(whole and values.max() - values.min() < 1.5 * len(values))
