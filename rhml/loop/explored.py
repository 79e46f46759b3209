"""What the overrides under a reader's filters came to: added up in the log, judged from the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.exploration import (
    Exploration,
    Names,
    Part,
    Rows,
    exploration,
    parts,
    rated_over,
    spread_over,
    worths,
)
from rhml.reports.overrides import Overrides
from rhml.store import explorer, override_sums, rates
from rhml.store.engine import Store
from rhml.store.explorer import Filters

SEED = 7
MOST_ROWS, MOST_COLUMNS = 100, 12
"""How many names a table shows down and across; those with most overrides, of months the latest."""


def explore(
    store: Store,
    domain: DecisionDomain,
    filters: Filters,
    by: Sequence[str] = (),
    *,
    most: tuple[int, ...] = (MOST_ROWS, MOST_COLUMNS),
    valued: bool = True,
    margins: bool = False,
) -> Exploration:
    """The overrides under filters, all together and by one or two dimensions.

    most: how many names of each dimension are wanted. valued: whether the worth of each name is; it alone reads single
    rows, of names with few of them. margins: whether, of two dimensions, each name's whole is wanted too.
    """
    held = override_sums.sums(store, domain, filters, by)
    kept, left_out = _kept(held, by, most)
    asked = Asked(
        store, domain, filters, valued,
        observed=explorer.observed_whatever_decided(store, domain),
        several=not filters.overrides_only and rates.several(store, domain, filters),
    )  # fmt: skip
    found = _measured(asked, by, held, kept)
    return replace(found, left_out=left_out, margins=_margins(asked, by, held, kept) if margins else {})


@dataclass(frozen=True)
class Asked:
    """What is asked of which log; whether outcomes show whatever was decided, and whether cases have several decisions."""

    store: Store
    domain: DecisionDomain
    filters: Filters
    valued: bool
    observed: bool
    several: bool


def _measured(asked: Asked, by: Sequence[str], held: pd.DataFrame, kept: pd.DataFrame) -> Exploration:
    """What the sums of everything (`held`) and of the names that are wanted (`kept`) come to."""
    log = asked.store, asked.domain, asked.filters
    [total], found = parts(held, 0), parts(kept, len(by)) if by else []
    if asked.several:
        total, found = rated_over(total, found, rates.together(*log, by))
    if held["shared"].any():
        total, found = spread_over(total, found, override_sums.spread(*log, by, held))
    return exploration(
        total,
        found,
        _rows(*log, by, [total, *(found if asked.valued else ())]),
        domain=asked.domain,
        by=by,
        observed=asked.observed,
        rated=not asked.filters.overrides_only,
        seed=SEED,
        worths=worths(held) if asked.domain.value.column else {},
    )


def _margins(
    asked: Asked, by: Sequence[str], held: pd.DataFrame, kept: pd.DataFrame
) -> dict[Names, Overrides]:
    """What each wanted name of one dimension comes to whatever its name in the other, which stands as None."""
    whole: dict[Names, Overrides] = {}
    for place, one in enumerate(by):
        column = f"name_{place}"
        counted = [name for name in held.columns if name != "manager" and not name.startswith("name")]
        alone = held.groupby([column, "manager"], dropna=False, as_index=False)[counted].sum()
        alone = alone.rename(columns={column: "name_0"})
        shown = alone[alone["name_0"].isin(set(kept[column]))]
        for [name], entry in _measured(asked, (one,), alone, shown).cells().items():
            whole[tuple(name if at == place else None for at in range(len(by)))] = entry
    return whole


def _kept(
    held: pd.DataFrame, by: Sequence[str], most: tuple[int, ...]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    """The sums of the names that are wanted, and how many names of each dimension are not."""
    kept, left_out = held, []
    if set(by) & set(explorer.OF_OVERRIDES_ONLY):
        kept = kept[kept["overridden"] > 0]
    for place, one in enumerate(by):
        column = f"name_{place}"
        counted = held.groupby(column)[["overridden", "advised"]].sum()
        ordered = (
            counted.sort_index(ascending=False)
            if one == "period"
            else counted.sort_values(["overridden", "advised"], ascending=False, kind="stable")
        )
        wanted = set(ordered.index[: most[place]])
        many = len(ordered) if one == "manager" or held.empty else int(held[f"names_{place}"].iloc[0])
        left_out.append(many - len(wanted))
        kept = kept[kept[column].isin(wanted)]
    return kept, tuple(left_out)


def _rows(
    store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str], found: list[Part]
) -> dict[Names, Rows]:
    """The single overrides of every part with few of them, by its names."""
    few = [part.names for part in found if part.skewed]
    held: dict[Names, Rows] = {}
    if () in few:
        held[()] = Rows.of(override_sums.worth_of(store, domain, filters, (), None))
    if named := [names for names in few if names]:
        table = override_sums.worth_of(store, domain, filters, by, named)
        every = Rows.of(table)
        coded = [table[f"name_{i}"].combine_chunks().dictionary_encode() for i in range(len(by))]
        codes = pd.DataFrame({i: one.indices.to_numpy() for i, one in enumerate(coded)})
        told = [one.dictionary.to_pylist() for one in coded]
        for places in codes.groupby(list(codes), sort=False).indices.values():
            first = codes.iloc[places[0]]
            held[tuple(str(told[i][code]) for i, code in first.items())] = every.at(places)
    return held
