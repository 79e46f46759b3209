"""The decisions under an analyst's filters in parts: each name's counts and sums, from what the log added up.

A part whose worth rests on few overrides needs their single rows, because sums of money over few cases are skewed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from rhml.stats.intervals import skewed
from rhml.stats.summed import Sums, over_cases, parted

COUNTED = ("advised", "overridden", "rescued", "spoiled", "both_wrong", "not_yet_known", "cannot_be_known")
SUMMED = ("judged", "right", "stated", "saved", "squares")
NOTHING = Sums(0, 0, 0.0, 0.0)
NO_ROWS = dict.fromkeys(("n", "hits", "cases", "aa", "ao", "oo"), 0)

Names = tuple[str | None, ...]


@dataclass(frozen=True)
class Part:
    """The decisions of one name in each dimension: counts, and sums of overrides, of those right and of what was saved.

    names: None stands for whatever name in that dimension; all together have no other.
    """

    names: Names
    counts: Mapping[str, int]
    rate: Sums
    right: Sums
    worth: Sums

    @property
    def skewed(self) -> bool:
        """Whether the interval of its worth needs its single rows."""
        return skewed(self.worth)


@dataclass(frozen=True, eq=False)
class Rows:
    """Single overrides, one a row: codes of their cases and people, and what each saved."""

    cases: np.ndarray
    people: np.ndarray
    saved: np.ndarray

    @classmethod
    def of(cls, table: pa.Table) -> Rows:
        """The rows of a table with case_id, manager and saved."""
        cases, people = (
            table[one].combine_chunks().dictionary_encode().indices.to_numpy()
            for one in ("case_id", "manager")
        )
        return cls(cases.astype(np.int64), people.astype(np.int64), table["saved"].to_numpy())

    def at(self, places: np.ndarray) -> Rows:
        """Some of the rows."""
        return Rows(self.cases[places], self.people[places], self.saved[places])


def parts(sums: pd.DataFrame, told: Sequence[int], width: int) -> list[Part]:
    """What each name came to, from one row a name and manager; all together as the one part where none is told.

    sums: name_0 … (one a dimension), manager, and the columns `COUNTED` and `SUMMED`. told: by which of the `width`
    dimensions the parts are told apart.
    """
    names = [f"name_{i}" for i in told]
    if sums.empty:
        return [] if told else [Part((None,) * width, dict.fromkeys(COUNTED, 0), NOTHING, NOTHING, NOTHING)]
    of = [*names, "manager"]
    held = sums.groupby(of, sort=False, dropna=False, as_index=False)[[*COUNTED, *SUMMED]].sum()
    code = np.zeros(len(held), np.int64)
    if names:
        code = held.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
    numbers = {name: held[name].to_numpy(float) for name in SUMMED}
    right = parted(code, numbers["judged"], numbers["right"], numbers["right"])
    worth = parted(code, numbers["stated"], numbers["saved"], numbers["squares"])
    first = held.loc[~pd.Series(code).duplicated().to_numpy(), names].to_numpy(object)
    counts = held[list(COUNTED)].groupby(code, sort=True).sum().to_dict("records")
    return [
        Part(
            _placed(first[i], told, width),
            counts[i],
            _rate(counts[i], NO_ROWS),
            _at(right, i),
            _at(worth, i),
        )
        for i in range(len(counts))
    ]


def _placed(names: Sequence[object], told: Sequence[int], width: int) -> Names:
    """Names of some dimensions in the place of each."""
    placed = dict(zip(told, map(str, names), strict=True))
    return tuple(placed.get(i) for i in range(width))


def spread_over(found: Sequence[Part], spread: pd.DataFrame) -> list[Part]:
    """The same parts where several people judged one case: their sums and variances as the log added them up by case.

    spread: name_0 … (None where whatever), of ('right' or 'worth'), n, cases, total, variance.
    """
    right, worth = (_sums(spread[spread["of"] == of]) for of in ("right", "worth"))
    return [
        replace(part, right=right.get(part.names, NOTHING), worth=worth.get(part.names, NOTHING))
        for part in found
    ]


def rated_over(found: Sequence[Part], together: pd.DataFrame) -> list[Part]:
    """The same parts where several people decided on one case: their override rates over cases.

    together: name_0 … (None where whatever), n, hits, cases, aa, ao, oo of the rows on such cases
    (`stats.summed.over_cases`).
    """
    held = dict(zip(_names(together), together.to_dict("records"), strict=True))
    return [replace(part, rate=_rate(part.counts, held.get(part.names, NO_ROWS))) for part in found]


def _rate(counts: Mapping[str, int], together: Mapping[str, int]) -> Sums:
    """The overrides among recommendations: rows on cases of their own, and some on cases of several."""
    n, hits = int(counts["advised"]), int(counts["overridden"])
    alone, over = n - together["n"], hits - together["hits"]
    sums = (together[name] for name in ("aa", "ao", "oo"))
    aa, ao, oo = (a + b for a, b in zip((alone, over, over), sums, strict=True))
    return over_cases(n, hits, alone + together["cases"], aa, ao, oo)


def _at(found: list[Sums], place: int) -> Sums:
    return found[place] if place < len(found) else NOTHING


def _sums(frame: pd.DataFrame) -> dict[Names, Sums]:
    frame = frame[frame["cases"] > 0]
    rows = frame[["n", "cases", "total", "variance"]].to_numpy(float).tolist()
    return {
        names: Sums(int(n), int(cases), total, max(variance, 0.0))
        for names, (n, cases, total, variance) in zip(_names(frame), rows, strict=True)
    }


def _names(frame: pd.DataFrame) -> list[Names]:
    """The names of each row: texts, and None for whatever name."""
    columns = [
        [
            None if missing else str(name)
            for name, missing in zip(frame[one].tolist(), frame[one].isna(), strict=True)
        ]
        for one in frame.columns
        if one.startswith("name_")
    ]
    return list(zip(*columns, strict=True)) if columns else [()] * len(frame)
