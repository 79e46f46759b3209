"""Every measure of every protected kind of case beside the rest: as counted over all rows, and on like cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rhml.reports.calls import Calls
from rhml.reports.counted_kinds import Counts, costs
from rhml.reports.held_alike import held_alike
from rhml.reports.on_like_cases import Asked, on_like_cases
from rhml.reports.treated import TRUTH, Four, Kind
from rhml.reports.unaided import by_lot
from rhml.stats.counted import apart
from rhml.stats.measure import Measure

AMOUNT = "cost"
MOST = 50_000
"""Decisions that are compared on like cases; of more, so many, on cases that keep their lot: they tell less than a point."""


@dataclass(frozen=True)
class Compared:
    """One measure in one kind of case and in the rest; `alike` is the difference on like cases."""

    here: Measure
    rest: Measure
    difference: Measure
    alike: Measure
    p: float
    asked: bool
    matters: float
    adjusted_p: float | None = None
    question: bool = False
    words: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        found = {name: getattr(self, name).as_dict() for name in ("here", "rest", "difference", "alike")}
        return {**found, "adjusted_p": self.adjusted_p, "question": self.question, "words": self.words}


Rows = list[dict[str, Compared]]
Named = dict[str, tuple[np.ndarray, tuple[str, ...]]]


@dataclass(frozen=True)
class AllCompared:
    """A row of measures for each kind of case, by column; what was held alike; how many tests and decisions."""

    by_column: dict[str, Rows]
    held_alike: tuple[str, ...]
    tests: int
    compared: int


def compared(
    calls: Calls, judged: np.ndarray, kinds: tuple[Kind, ...], named: Named, *, seed: int
) -> AllCompared:
    """All measures by protected column; `named` holds a code a row and the names of the codes."""
    four = Four(calls.first, calls.recommended, calls.final, np.where(judged, calls.right, -1))
    cost = np.where(judged, calls.costs(calls.final), np.nan) if priced(calls) else None
    counts = Counts.of(calls, four)
    drawn = by_lot(calls, np.flatnonzero(calls.final >= 0), MOST)
    some = calls.take(drawn)
    at = Four(*(x[drawn] for x in (four.first, four.shown, four.final, four.right)))
    held = held_alike(some)
    asked = [Asked(kind.among(at), kind.hit(at), kind.alike) for kind in kinds]
    asked += [] if cost is None else [Asked(~np.isnan(cost[drawn]), np.nan_to_num(cost[drawn]), TRUTH)]
    differ = on_like_cases(
        some, asked, {column: (codes[drawn], len(names)) for column, (codes, names) in named.items()}, held
    )
    shown = [*((kind.name, kind.asked) for kind in kinds), *([] if cost is None else [(AMOUNT, False)])]
    found: dict[str, Rows] = {}
    for column, (codes, names) in named.items():
        plain = counts.measures(codes, len(names), kinds)
        plain += [] if cost is None else [costs(counts, codes, len(names), cost, seed=seed)]
        told = [(*one, row, alike[column]) for one, row, alike in zip(shown, plain, differ, strict=True)]
        found[column] = [_row(told, i, calls) for i in range(len(names))]
    tests = sum(
        one.asked and one.p == one.p for rows in found.values() for row in rows for one in row.values()
    )
    return AllCompared(found, held.words, tests, len(drawn))


def priced(calls: Calls) -> bool:
    """Whether cases have a value, so that decisions have costs."""
    return bool(calls.domain.value.column and calls.domain.outcome)


def _row(told: list[tuple], i: int, calls: Calls) -> dict[str, Compared]:
    """Every measure of the kind of case at place i."""
    matters = calls.domain.report.smallest_change
    found = {}
    for name, asked, plain, alike in told:
        here, rest = plain[i]
        difference, p = alike[i]
        found[name] = Compared(here, rest, apart(here, rest), difference, p, asked, matters)
    return found
