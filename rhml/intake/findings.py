"""Problems of a file, gathered to the end: a person mends them all at once, not one an upload."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rhml.errors import ImportRefused, Problem

LISTED = 200
"""Problems listed in full; the headline says how many there are in all."""

SHOWN = 80
"""Characters of a cell that a message repeats."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Wrong:
    """Cells that share one fault: `mask` says which rows; `problem` may name something per position."""

    mask: np.ndarray
    problem: str | Callable[[int], str]
    remedy: str


@dataclass(frozen=True)
class Parsed:
    """A column read as one kind: its values, what was wrong with some cells, what a reader should know."""

    values: pd.Series
    wrong: tuple[Wrong, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether every cell could be read."""
        return not any(wrong.mask.any() for wrong in self.wrong)


@dataclass
class Findings:
    """The problems of one file while it is read; `refuse` ends the reading if there are any."""

    name: str
    rows: np.ndarray
    total: int = 0
    _listed: list[Problem] = field(default_factory=list)

    def add(
        self,
        problem: str,
        remedy: str,
        *,
        column: str | None = None,
        value: object = "",
        row: int | None = None,
    ) -> None:
        """Note one problem of the file, of a column, or of a row."""
        self.total += 1
        place = [f"row {row}"] if row is not None else []
        place += [shown(column)] if column is not None else []
        where = ", ".join(place) or self.name
        self._listed.append(Problem(where, shown(value), problem, remedy, row, column))

    def mark(self, wrong: Wrong, column: str, cells: pd.Series) -> None:
        """Note the same problem for every row of a mask; the first ones in full, all in the count."""
        positions = np.flatnonzero(wrong.mask)
        for at in positions[:LISTED]:
            problem = wrong.problem if isinstance(wrong.problem, str) else wrong.problem(int(at))
            value = cells.iloc[at]
            self.add(
                problem,
                wrong.remedy,
                column=column,
                value="" if pd.isna(value) else value,
                row=int(self.rows[at]),
            )
        self.total += max(0, len(positions) - LISTED)

    def take(self, parsed: Parsed, column: str, cells: pd.Series) -> pd.Series:
        """The values of a column that was read, after noting what was wrong with it."""
        for wrong in parsed.wrong:
            self.mark(wrong, column, cells)
        return parsed.values

    def refuse(self) -> None:
        """Raise ImportRefused with every problem, in the order of the rows; silent if there are none."""
        if not self.total:
            return
        listed = sorted(self._listed, key=lambda problem: problem.row or 0)[:LISTED]
        count = "1 problem" if self.total == 1 else f"{self.total:,} problems"
        more = f"; the first {LISTED} are listed" if self.total > len(listed) else ""
        headline = f"{shown(self.name)} has {count}{more}. Nothing was imported. {listed[0]}"
        raise ImportRefused(headline, listed)


def shown(value: object) -> str:
    """A value as a message may repeat it: short, and nothing in it that a terminal would obey.

    >>> shown("a\\x1b[31m" + "b" * 100)[:12], len(shown("b" * 100))
    ('a\\\\x1b[31mbbb', 80)
    """
    text = str(value)[: SHOWN + 1]
    text = _UNPRINTABLE.sub(lambda found: found.group().encode("unicode_escape").decode(), text)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def refusal(
    name: str, problem: str, remedy: str, *, row: int | None = None, value: object = ""
) -> ImportRefused:
    """The error for a file that cannot be read any further."""
    findings = Findings(name, np.array([], dtype=int))
    findings.add(problem, remedy, row=row, value=value)
    try:
        findings.refuse()
    except ImportRefused as error:
        return error
    raise AssertionError("a finding always refuses")
