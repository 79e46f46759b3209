"""What the overrides under an analyst's filters came to, from sums alone: the counting was done in the log.

The same measures as `overrides`, without the whole frame of decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE
from rhml.reports.exploration_parts import COUNTED, Names, Part, Rows
from rhml.reports.overrides import OF_OVERRIDES_ONLY, Overrides, rate_in_words
from rhml.reports.worth import unit_of
from rhml.stats.intervals import amount, mean_of, share_of
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample

ONLY_OVERRIDES = "These filters speak of overrides alone, so no rate can be given."
WORTHS = {
    "rescued": "rescued_worth",
    "spoiled": "spoiled_worth",
    "not yet known": "not_yet_known_stake",
    "cannot be known": "cannot_be_known_stake",
}


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


def exploration(
    found: Sequence[Part],
    rows: Mapping[Names, Rows],
    *,
    domain: DecisionDomain,
    by: Sequence[str],
    observed: bool,
    rated: bool,
    seed: int,
    left_out: tuple[int, ...] = (),
    worths: Mapping[str, float] | None = None,
) -> Exploration:
    """The measures of all together, which stand first, and of each part.

    rows: the single overrides of every part whose worth is skewed; a part left out there gets no worth. observed:
    whether outcomes show whatever was decided. rated: whether followed recommendations are counted too.
    """
    why = "" if observed else NO_OUTCOMES if domain.outcome is None else SELECTIVE
    total, *others = found
    entries = [(part, _entry(part, rows.get(part.names), domain, by, why, rated, seed)) for part in others]
    cells = [(part.names, entry) for part, entry in entries if None not in part.names]
    return Exploration(
        replace(
            _entry(total, rows.get(total.names), domain, by, why, rated, seed), by=" and ".join(by) or "all"
        ),
        tuple(entry for _, entry in cells),
        tuple(names for names, _ in cells),
        left_out,
        worths or {},
        {part.names: entry for part, entry in entries if None in part.names},
    )


def _entry(
    part: Part, rows: Rows | None, domain: DecisionDomain, by: Sequence[str], why: str, rated: bool, seed: int
) -> Overrides:
    told = {one: name for one, name in zip(by, part.names, strict=True) if name is not None}
    counts = {name: int(part.counts[name]) for name in COUNTED}
    rate = Measure.unknown(ONLY_OVERRIDES)
    if rated and not told.keys() & set(OF_OVERRIDES_ONLY):
        rate = share_of(part.rate)
    return Overrides(
        by=" and ".join(told) or "all",
        name=" and ".join(told.values()) or "all",
        **counts,
        rate=rate,
        words=rate_in_words(rate, domain, next(iter(told)) if len(told) == 1 else "all"),
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


def worths(sums: pd.DataFrame) -> dict[str, float]:
    """What all rescued and all spoiled overrides came to, and what is at stake in those not known, by verdict."""
    return {verdict: float(sums[column].sum()) for verdict, column in WORTHS.items()}
