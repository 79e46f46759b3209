"""Two forms of one test: matched pairs of past cases, of which a coin says which comes before and which after.

Because the coin decides, the forms differ by chance alone, however well the pairs match; matching makes the
chance small. Within a pair the same action proved right, the segments are the same where there are enough
cases, and the difficulty is as close as it gets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

CLOSE = 0.1
"""Difficulty within a pair may differ by so much; pairs further apart are taken only where others run out."""


@dataclass(frozen=True)
class Pair:
    """Two cases that ask the same of a trainee: one for the test before, one for the test after."""

    before: str
    after: str
    right: str
    difficulty: tuple[float, float]

    @property
    def gap(self) -> float:
        """How far apart the two are in difficulty."""
        return abs(self.difficulty[0] - self.difficulty[1])


@dataclass(frozen=True)
class Equated:
    """How equal two forms are: the mean share expected to be right on each, and the widest gap of a pair."""

    before: float
    after: float
    widest: float

    @classmethod
    def of(cls, pairs: Sequence[Pair]) -> Equated:
        """What pairs come to."""
        before, after = np.array([pair.difficulty for pair in pairs]).T
        return cls(float(before.mean()), float(after.mean()), float(max(pair.gap for pair in pairs)))


EASY = 0.9
"""Cases that more people than this get right show nobody's gain; they are drawn only where others run out."""


Couple = tuple[tuple[str, float], tuple[str, float]]


def forms(
    cases: pd.DataFrame, difficulty: np.ndarray, n: int, *, segments: Sequence[str], rng: np.random.Generator
) -> tuple[Pair, ...]:
    """Draw n matched pairs that spread over what proved right and over difficulty; fewer where cases run out.

    cases: case_id, right_action and the segment columns; difficulty: one number a case.
    """
    return drawn(matched(cases, difficulty, segments=segments), n, rng=rng)


def matched(
    cases: pd.DataFrame, difficulty: np.ndarray, *, segments: Sequence[str]
) -> dict[str, list[Couple]]:
    """Every couple that the cases make, by what proved right."""
    pool = pd.DataFrame(
        {
            "case_id": cases["case_id"].to_numpy(object),
            "right": cases["right_action"].to_numpy(object),
            "segment": _segments(cases, segments),
            "difficulty": difficulty,
        }
    )
    return {right: _couples(rows) for right, rows in pool.groupby("right", sort=True)}


def drawn(couples: dict[str, list[Couple]], n: int, *, rng: np.random.Generator) -> tuple[Pair, ...]:
    """Draw n of the couples, each with its coin, in an order by lot."""
    wanted = quotas({right: len(found) for right, found in couples.items()}, n)
    pairs = [
        _tossed(couple, right, rng)
        for right, found in couples.items()
        for couple in _spread(found, wanted[right], rng)
    ]
    return tuple(pairs[i] for i in rng.permutation(len(pairs)))


def quotas(there: dict[str, int], n: int) -> dict[str, int]:
    """How many of each kind to draw: halfway between even shares and what there is, so that no kind is rare.

    >>> quotas({"decline": 30, "lend": 90}, 20)
    {'decline': 8, 'lend': 12}
    """
    total = sum(there.values())
    if not total:
        return dict.fromkeys(there, 0)
    share = {kind: (1 / len(there) + count / total) / 2 for kind, count in there.items()}
    taken = {kind: min(int(n * share[kind]), count) for kind, count in there.items()}
    while sum(taken.values()) < min(n, total):
        short = {kind: n * share[kind] - taken[kind] for kind in there if taken[kind] < there[kind]}
        taken[max(short, key=short.get)] += 1
    return taken


def _segments(cases: pd.DataFrame, segments: Sequence[str]) -> np.ndarray:
    """One name for the combination of a case's segments."""
    if not segments:
        return np.zeros(len(cases), object)
    return cases[list(segments)].astype(str).agg("\x1f".join, axis=1).to_numpy(object)


def _couples(rows: pd.DataFrame) -> list[Couple]:
    """Neighbours in difficulty: within a segment, then of what is left across them, at last however far."""
    near, left = [], []
    for _, same in rows.groupby("segment", sort=True):
        found, rest = _neighbours(same, CLOSE)
        near += found
        left.append(rest)
    across, left = _neighbours(pd.concat(left), CLOSE)
    return near + across + _neighbours(left, 1.0)[0]


def _neighbours(rows: pd.DataFrame, within: float) -> tuple[list[Couple], pd.DataFrame]:
    """Couples of neighbours in difficulty, and the rows that found nobody near enough."""
    ordered = rows.sort_values(["difficulty", "case_id"])
    names, hard = ordered["case_id"].to_list(), ordered["difficulty"].to_list()
    couples, alone, i = [], [], 0
    while i < len(names):
        if i + 1 < len(names) and hard[i + 1] - hard[i] <= within:
            couples.append(((names[i], hard[i]), (names[i + 1], hard[i + 1])))
            i += 2
        else:
            alone.append(i)
            i += 1
    return couples, ordered.iloc[alone]


def _spread(couples: list[Couple], wanted: int, rng: np.random.Generator) -> list[Couple]:
    """So many couples from easy to hard, one by lot from each stretch; those far apart only if need be."""
    close = [c for c in couples if c[1][1] - c[0][1] <= CLOSE]
    telling = [c for c in close if c[0][1] + c[1][1] <= 2 * EASY]
    chosen = next((some for some in (telling, close) if len(some) >= wanted), couples)
    ordered = sorted(chosen, key=lambda c: (c[0][1] + c[1][1], c[0][0]))
    stretches = np.array_split(np.arange(len(ordered)), wanted) if wanted else []
    return [ordered[rng.choice(stretch)] for stretch in stretches]


def _tossed(couple: Couple, right: str, rng: np.random.Generator) -> Pair:
    """A couple with its coin: which of the two comes before."""
    (before, hard_before), (after, hard_after) = couple if rng.random() < 0.5 else couple[::-1]
    return Pair(before, after, right, (hard_before, hard_after))
