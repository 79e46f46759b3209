"""What the overrides under an analyst's filters came to, from counts and from the judged overrides alone.

The same measures as `overrides`, without the whole frame of decisions: the counting was done in the log.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import NO_OUTCOMES, SELECTIVE
from rhml.reports.overrides import OF_OVERRIDES_ONLY, Overrides, override_rate, rate_in_words
from rhml.stats.intervals import amount, share
from rhml.stats.measure import Measure
from rhml.stats.sample import Sample

ONLY_OVERRIDES = "These filters speak of overrides alone, so no rate can be given."


@dataclass(frozen=True)
class Exploration:
    """The overrides under the filters: all of them, and their parts in one dimension, by name."""

    total: Overrides
    parts: tuple[Overrides, ...]


def exploration(
    counts: pd.DataFrame,
    judged: pd.DataFrame,
    *,
    domain: DecisionDomain,
    by: str | None,
    observed: bool,
    rated: bool,
    seed: int,
) -> Exploration:
    """The measures of each name and of all together.

    counts: name (missing for all together), advised, overridden, rescued, spoiled, both_wrong,
    not_yet_known, cannot_be_known. judged: name, case_id, manager, right, saved (NaN without a value).
    observed: whether outcomes show whatever was decided; rated: whether `advised` counts followed
    recommendations too.
    """
    why = "" if observed else NO_OUTCOMES if domain.outcome is None else SELECTIVE
    found = dict(tuple(judged.groupby("name", sort=False)))
    named = counts["name"].notna()
    [total] = counts[~named].head(1).assign(name="all").itertuples(index=False)
    return Exploration(
        _entry(total, judged, domain, "all", why, rated, seed),
        tuple(
            _entry(row, found.get(row.name, judged.iloc[:0]), domain, by or "all", why,
                   rated and by not in OF_OVERRIDES_ONLY, seed)
            for row in counts[named].itertuples(index=False)
        ),
    )  # fmt: skip


def _entry(row, judged: pd.DataFrame, domain: DecisionDomain, by: str, why: str, rated: bool, seed: int):
    rate = override_rate(row.overridden, row.advised) if rated else Measure.unknown(ONLY_OVERRIDES)
    return Overrides(
        by=by,
        name=str(row.name),
        advised=int(row.advised),
        overridden=int(row.overridden),
        rate=rate,
        words=rate_in_words(rate, domain),
        rescued=int(row.rescued),
        spoiled=int(row.spoiled),
        both_wrong=int(row.both_wrong),
        not_yet_known=int(row.not_yet_known),
        cannot_be_known=int(row.cannot_be_known),
        precision=Measure.unknown(why) if why else share(judged["right"], _sample(judged)),
        value=Measure.unknown(why) if why else _value(judged, seed),
        unit=domain.value.unit if domain.value.column else domain.terms.many,
    )


def _value(judged: pd.DataFrame, seed: int) -> Measure:
    """Rescued − spoiled in the domain's unit, over the overrides whose value is stated."""
    stated = judged[judged["saved"].notna()]
    found = amount(stated["saved"], _sample(stated), seed=seed)
    return found.scaled(found.n) if found.known else found


def _sample(rows: pd.DataFrame) -> Sample:
    return Sample.of(rows["case_id"], rows["manager"])
