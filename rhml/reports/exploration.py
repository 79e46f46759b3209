"""What the overrides under an analyst's filters came to, from sums alone: the counting was done in the log.

The same measures as `overrides`, without the whole frame of decisions. Only names with few overrides need their single
rows, because sums of money over few cases are skewed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE
from rhml.reports.overrides import OF_OVERRIDES_ONLY, Overrides, rate_in_words
from rhml.reports.worth import unit_of
from rhml.stats.intervals import amount, mean_of, share_of, skewed
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample
from rhml.stats.summed import Sums, over_cases, parted

ONLY_OVERRIDES = "These filters speak of overrides alone, so no rate can be given."
COUNTED = ("advised", "overridden", "rescued", "spoiled", "both_wrong", "not_yet_known", "cannot_be_known")
SUMMED = ("judged", "right", "stated", "saved", "squares")
WORTHS = {
    "rescued": "rescued_worth",
    "spoiled": "spoiled_worth",
    "not yet known": "not_yet_known_stake",
    "cannot be known": "cannot_be_known_stake",
}
NOTHING = Sums(0, 0, 0.0, 0.0)
NO_ROWS = dict.fromkeys(("n", "hits", "cases", "aa", "ao", "oo"), 0)

Names = tuple[str | None, ...]


@dataclass(frozen=True)
class Part:
    """The decisions of one name in each dimension: counts, and sums of overrides, of those right and of what was saved."""

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


@dataclass(frozen=True)
class Exploration:
    """The overrides under the filters: all of them, and their parts, each with its names in the dimensions asked for.

    `worths`: what all rescued and all spoiled ones came to, and what is at stake in those not known, by verdict.
    `margins`: of two dimensions, each name's whole, where None stands for whatever name in the other.
    """

    total: Overrides
    parts: tuple[Overrides, ...]
    names: tuple[Names, ...] = ()
    left_out: tuple[int, ...] = ()
    worths: Mapping[str, float] = field(default_factory=dict)
    margins: Mapping[Names, Overrides] = field(default_factory=dict)

    def cells(self) -> dict[Names, Overrides]:
        """The parts by their names."""
        return dict(zip(self.names, self.parts, strict=True))


def parts(sums: pd.DataFrame, width: int) -> list[Part]:
    """What each name came to, from one row a name and manager; all together as the one part where `width` is 0.

    sums: name_0 … (one a dimension), manager, and the columns `COUNTED` and `SUMMED`.
    """
    names = [f"name_{i}" for i in range(width)]
    if sums.empty:
        return [] if width else [Part((), dict.fromkeys(COUNTED, 0), NOTHING, NOTHING, NOTHING)]
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
            tuple(str(name) for name in first[i]) if width else (),
            counts[i],
            _rate(counts[i], NO_ROWS),
            _at(right, i),
            _at(worth, i),
        )
        for i in range(len(counts))
    ]


def worths(sums: pd.DataFrame) -> dict[str, float]:
    """What all rescued and all spoiled overrides came to, and what is at stake in those not known, by verdict."""
    return {verdict: float(sums[column].sum()) for verdict, column in WORTHS.items()}


def spread_over(total: Part, found: Sequence[Part], spread: pd.DataFrame) -> tuple[Part, list[Part]]:
    """The same parts where several people judged one case: their sums and variances as the log added them up by case.

    spread: name_0 …, everything, of ('right' or 'worth'), n, cases, total, variance.
    """
    whole = spread["everything"].to_numpy(bool)
    [corrected] = _corrected([total], spread[whole], 0)
    return corrected, _corrected(found, spread[~whole], len(found[0].names) if found else 0)


def rated_over(total: Part, found: Sequence[Part], together: pd.DataFrame) -> tuple[Part, list[Part]]:
    """The same parts where several people decided on one case: their override rates over cases.

    together: name_0 …, everything, n, hits, cases, aa, ao, oo of the rows on such cases (`stats.summed.over_cases`).
    """
    names = [name for name in together.columns if name.startswith("name_")]
    held = {
        (bool(row["everything"]), tuple(str(row[name]) for name in names if not row["everything"])): row
        for row in together.to_dict("records")
    }
    corrected = [
        replace(part, rate=_rate(part.counts, held.get((part is total, part.names), NO_ROWS)))
        for part in (total, *found)
    ]
    return corrected[0], corrected[1:]


def _rate(counts: Mapping[str, int], together: Mapping[str, int]) -> Sums:
    """The overrides among recommendations: rows on cases of their own, and some on cases of several."""
    n, hits = int(counts["advised"]), int(counts["overridden"])
    alone, over = n - together["n"], hits - together["hits"]
    sums = (together[name] for name in ("aa", "ao", "oo"))
    aa, ao, oo = (a + b for a, b in zip((alone, over, over), sums, strict=True))
    return over_cases(n, hits, alone + together["cases"], aa, ao, oo)


def _corrected(found: Sequence[Part], rows: pd.DataFrame, width: int) -> list[Part]:
    right, worth = (_sums(rows[rows["of"] == of], width) for of in ("right", "worth"))
    return [
        replace(part, right=right.get(part.names, NOTHING), worth=worth.get(part.names, NOTHING))
        for part in found
    ]


def exploration(
    total: Part,
    found: Sequence[Part],
    rows: Mapping[Names, Rows],
    *,
    domain: DecisionDomain,
    by: Sequence[str],
    observed: bool,
    rated: bool,
    seed: int,
    worths: Mapping[str, float] | None = None,
) -> Exploration:
    """The measures of each part and of all together.

    rows: the single overrides of every part whose worth is skewed; a part left out there gets no worth. observed:
    whether outcomes show whatever was decided. rated: whether followed recommendations are counted too.
    """
    why = "" if observed else NO_OUTCOMES if domain.outcome is None else SELECTIVE
    partly = rated and not set(by) & set(OF_OVERRIDES_ONLY)
    return Exploration(
        _entry(total, rows.get(()), domain, by, why, rated, seed),
        tuple(_entry(part, rows.get(part.names), domain, by, why, partly, seed) for part in found),
        tuple(part.names for part in found),
        worths=worths or {},
    )


def _entry(part: Part, rows, domain: DecisionDomain, by: Sequence[str], why: str, rated: bool, seed: int):
    counts = {name: int(part.counts[name]) for name in COUNTED}
    rate = Measure.unknown(ONLY_OVERRIDES)
    if rated:
        rate = share_of(part.rate)
    return Overrides(
        by=" and ".join(by) or "all",
        name=" and ".join(part.names) or "all",
        **counts,
        rate=rate,
        words=rate_in_words(rate, domain, by[0] if len(by) == 1 and part.names else "all"),
        precision=Measure.unknown(why) if why else share_of(part.right),
        value=Measure.unknown(why) if why else _value(part, rows, seed),
        unit=unit_of(domain),
    )


def _value(part: Part, rows: Rows | None, seed: int) -> Measure:
    """Rescued − spoiled in the domain's unit, over the overrides whose value is stated."""
    if part.skewed and rows is not None:
        found = amount(rows.saved, Sample.of(rows.cases, rows.people), seed=seed)
    else:
        found = mean_of(part.worth)
    if not found.known:
        return found
    missing = f"{part.right.n - part.worth.n} without a value left out."
    return replace(found.scaled(found.n), why=found.why or (missing if part.right.n > part.worth.n else ""))


def _at(found: list[Sums], place: int) -> Sums:
    return found[place] if place < len(found) else NOTHING


def _sums(frame: pd.DataFrame, width: int) -> dict[Names, Sums]:
    frame = frame[frame["cases"] > 0]
    rows = frame[["n", "cases", "total", "variance"]].to_numpy(float).tolist()
    columns = [map(str, frame[f"name_{i}"].tolist()) for i in range(width)]
    names = zip(*columns, strict=True) if columns else [()] * len(rows)
    return {
        one: Sums(int(n), int(cases), total, max(variance, 0.0))
        for one, (n, cases, total, variance) in zip(names, rows, strict=True)
    }
