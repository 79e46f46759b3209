"""Which words recur in rationales, and whether overrides with them prove right more or less often than others.

Each term is held against the other overrides of the same person: people differ in how often they are right and in
how they speak, and a favourite phrase of somebody good would pass for a good reason. The test is that of Cochran,
Mantel & Haenszel (Mantel 1963) over persons, with continuity correction,

    z² = (|Σ_m (a_m − A_m R_m / N_m)| − ½)² / Σ_m A_m (N_m − A_m) R_m (N_m − R_m) / (N_m² (N_m − 1)),

where of person m's N overrides that are judged A hold the term, R proved right and a both; the variance is raised
where several overrides of one case go together. Of all terms tested, at most one in twenty found is found by chance
(Benjamini & Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats

from rhml.stats.intervals import share
from rhml.stats.measure import MINIMUM, Measure
from rhml.stats.multiplicity import benjamini_hochberg
from rhml.stats.sample import Sample

FEWEST = 5
SHOWN = 12
FALSE_ALARMS = 0.05
LEAST_EXPECTED = 3.0
SAME = 0.9
"""Two terms that share so large a part of their overrides are one; the longer one is shown."""


@dataclass(frozen=True)
class Term:
    """A term, how many overrides hold it and what came of them, the share that proved right, and how it compares.

    `sign` is +1 where they proved right more often than the same people's other overrides, −1 less often, 0 where
    chance may explain the difference, None where too few can be judged.
    """

    term: str
    overrides: int
    rescued: int
    spoiled: int
    right: Measure
    sign: int | None
    p: float | None

    @property
    def words(self) -> str:
        """How the term compares, in words."""
        return {
            1: "right more often",
            -1: "right less often",
            0: "no difference seen",
            None: "too few to say",
        }[self.sign]


@dataclass(frozen=True)
class Terms:
    """The terms that go with being right, those that go with being wrong, and the most frequent; over which overrides."""

    right: tuple[Term, ...]
    wrong: tuple[Term, ...]
    frequent: tuple[Term, ...]
    overrides: int
    judged: int
    tested: int


def terms(
    written: pd.DataFrame, held: Sequence[tuple[str, np.ndarray]], *, fillers: Collection[str] = ()
) -> Terms:
    """What recurs: `written` has case_id, manager, status, speaks (one row an override), `held` the rows of each term.

    fillers: words that say nothing by themselves.
    """
    total = len(written)
    held = [pair for pair in held if _telling(pair[0], fillers)]
    judged = written["speaks"].to_numpy(bool)
    right = (written["status"] == "rescued").to_numpy() & judged
    p, direction = _tests(written, held, judged, right)
    adjusted = benjamini_hochberg(p)
    found = np.flatnonzero(adjusted < FALSE_ALARMS)
    order = sorted(found, key=lambda t: (p[t], -len(held[t][0])))
    make = _Maker(written, held, judged, right, adjusted, direction)
    return Terms(
        make.some(t for t in order if direction[t] > 0),
        make.some(t for t in order if direction[t] < 0),
        make.some(range(len(held))),
        total,
        int(judged.sum()),
        int((~np.isnan(p)).sum()),
    )


@dataclass(frozen=True, eq=False)
class _Maker:
    """Makes the terms that are shown, and leaves out those that say the same."""

    written: pd.DataFrame
    held: Sequence[tuple[str, np.ndarray]]
    judged: np.ndarray
    right: np.ndarray
    adjusted: np.ndarray
    direction: np.ndarray

    def some(self, places) -> tuple[Term, ...]:
        kept: list[int] = []
        for at in places:
            twin = next((i for i, other in enumerate(kept) if self._same(at, other)), None)
            if twin is None:
                kept.append(at)
            elif len(self.held[at][0]) > len(self.held[kept[twin]][0]):
                kept[twin] = at
            if len(kept) > SHOWN:
                break
        return tuple(self._term(at) for at in kept[:SHOWN])

    def _same(self, one: int, other: int) -> bool:
        a, b = self.held[one][1], self.held[other][1]
        if min(len(a), len(b)) < SAME * max(len(a), len(b)):
            return False
        both = len(np.intersect1d(a, b, assume_unique=True))
        return both >= SAME * (len(a) + len(b) - both)

    def _term(self, at: int) -> Term:
        name, rows = self.held[at]
        spoke = np.sort(rows[self.judged[rows]])
        status = self.written["status"].to_numpy(object)[rows]
        who = self.written[["case_id", "manager"]].to_numpy(object)[spoke].T
        known = not np.isnan(self.adjusted[at])
        sure = known and self.adjusted[at] < FALSE_ALARMS
        return Term(
            name,
            len(rows),
            int((status == "rescued").sum()),
            int((status == "spoiled").sum()),
            share(self.right[spoke], Sample.of(*who)),
            int(self.direction[at]) if sure else 0 if known else None,
            float(self.adjusted[at]) if known else None,
        )


def _telling(term: str, fillers: Collection[str]) -> bool:
    """Whether a term can say something: no filler, nor so short as in most alphabets only fillers are."""
    parts = term.split()
    cased = term.upper() != term.lower()
    return not any(part in fillers for part in parts) and max(map(len, parts)) >= (4 if cased else 2)


def _tests(
    written: pd.DataFrame, held: Sequence[tuple[str, np.ndarray]], judged: np.ndarray, right: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The chance of so uneven a split for each term (NaN where too few are judged), and its direction (+1, −1)."""
    p, direction = np.full(len(held), np.nan), np.zeros(len(held), int)
    if not judged.any() or not held:
        return p, direction
    sizes = [len(rows) for _, rows in held]
    columns = np.repeat(np.arange(len(held)), sizes)
    rows = np.concatenate([rows for _, rows in held])
    keep = judged[rows]
    has = sparse.csc_array((np.ones(int(keep.sum())), (rows[keep], columns[keep])), (len(written), len(held)))
    person = pd.factorize(written["manager"].where(judged), use_na_sentinel=True)[0]
    people = int(person.max()) + 1
    of = sparse.csr_array(
        (np.ones(int(judged.sum())), (person[judged], np.flatnonzero(judged))), (people, len(written))
    )
    n, r = of @ np.ones(len(written)), of @ right.astype(float)
    a = (of @ has).toarray()
    n_, r_ = n[:, None], r[:, None]
    expected = (a * r_ / n_).sum(axis=0), (a * (n_ - r_) / n_).sum(axis=0)
    surplus = has.T @ (right - np.where(judged, (r / n)[np.maximum(person, 0)], 0.0))
    variance = (a * (n_ - a) * r_ * (n_ - r_) / (n_**2 * np.maximum(n_ - 1, 1))).sum(axis=0)
    variance *= _together(written, has, np.where(judged, right - (r / n)[np.maximum(person, 0)], 0.0))
    fit = (a.sum(axis=0) >= MINIMUM) & (np.minimum(*expected) >= LEAST_EXPECTED) & (variance > 0)
    z = np.maximum(np.abs(surplus[fit]) - 0.5, 0) / np.sqrt(variance[fit])
    p[fit], direction[:] = 2 * stats.norm.sf(z), np.sign(surplus)
    return p, direction


def _together(written: pd.DataFrame, has: sparse.csc_array, parts: np.ndarray) -> np.ndarray:
    """How much more each term's sum varies because overrides of one case go together; 1 where none do."""
    case, cases = pd.factorize(written["case_id"])
    if len(cases) == len(written):
        return np.ones(has.shape[1])
    alone = sparse.csr_array((parts, (case, np.arange(len(written)))), (len(cases), len(written)))
    by_case = (alone @ has).power(2).sum(axis=0)
    by_row = has.T @ parts**2
    return np.maximum(1.0, np.divide(by_case, by_row, out=np.ones_like(by_row), where=by_row > 0))
