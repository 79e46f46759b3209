"""What the overrides under a reader's filters came to: added up in the log, judged from the sums."""

from __future__ import annotations

from collections.abc import Sequence

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
) -> Exploration:
    """The overrides under filters, all together and by one or two dimensions.

    most: how many names of each dimension are wanted. valued: whether the worth of each name is; it alone reads single
    rows, of names with few of them.
    """
    held = override_sums.sums(store, domain, filters, by)
    kept, left_out = _kept(held, by, most)
    [total], found = parts(held, 0), parts(kept, len(by)) if by else []
    if not filters.overrides_only and len(several := rates.together(store, domain, filters, by)):
        total, found = rated_over(total, found, several)
    if held["shared"].any():
        total, found = spread_over(total, found, override_sums.spread(store, domain, filters, by, held))

    return exploration(
        total,
        found,
        _rows(store, domain, filters, by, [total, *(found if valued else ())]),
        domain=domain,
        by=by,
        observed=explorer.observed_whatever_decided(store, domain),
        rated=not filters.overrides_only,
        seed=SEED,
        left_out=left_out,
        worths=worths(held) if domain.value.column else {},
    )  # fmt: skip


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
