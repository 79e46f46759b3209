"""What the overrides under a reader's filters came to: added up in the log, judged from the sums."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.exploration import Exploration, exploration, worths
from rhml.reports.exploration_parts import Names, Part, Rows, parts, rated_over, spread_over
from rhml.store import explorer, override_spread, override_sums, rates
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
    tables = _tables(len(by), margins=margins)
    found = [part for told in tables for part in parts(_shown(held, kept, told), told, len(by))]
    if not filters.overrides_only and len(several := rates.together(store, domain, filters, by, tables)):
        found = rated_over(found, several)
    if held["shared"].any():
        found = spread_over(found, override_spread.spread(store, domain, filters, by, held, tables))
    return exploration(
        found,
        _rows(store, domain, filters, by, found if valued else found[:1]),
        domain=domain,
        by=by,
        observed=explorer.observed_whatever_decided(store, domain),
        rated=not filters.overrides_only,
        seed=SEED,
        left_out=left_out,
        worths=worths(held) if domain.value.column else {},
    )


def _tables(width: int, *, margins: bool) -> list[tuple[int, ...]]:
    """By which dimensions the names of each table are told apart: everything together first, and each name once."""
    alone = [(place,) for place in range(width)] if margins and width > 1 else []
    return [(), *([tuple(range(width))] if width else []), *alone]


def _shown(held: pd.DataFrame, kept: pd.DataFrame, told: tuple[int, ...]) -> pd.DataFrame:
    """The sums that a table's names come from: a name's whole holds those beside it that are not wanted, too."""
    if len(told) == 1:
        return held[held[f"name_{told[0]}"].isin(set(kept[f"name_{told[0]}"]))]
    return kept if told else held


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
    store: Store, domain: DecisionDomain, filters: Filters, by: Sequence[str], found: Sequence[Part]
) -> dict[Names, Rows]:
    """The single overrides of every part with few of them, by its names."""
    few = [part.names for part in found if part.skewed]
    if not few:
        return {}
    table = override_sums.worth_of(store, domain, filters, by, few)
    every, held = Rows.of(table), {}
    coded = [table[f"name_{i}"].combine_chunks().dictionary_encode() for i in range(len(by))]
    codes = pd.DataFrame({i: one.indices.to_numpy() for i, one in enumerate(coded)})
    names = [one.dictionary.to_pylist() for one in coded]
    for told in {tuple(i for i, name in enumerate(one) if name is not None) for one in few}:
        if not told:
            held[(None,) * len(by)] = every
            continue
        for places in codes.groupby(list(told), sort=False).indices.values():
            first = {i: names[i][codes[i].iat[places[0]]] for i in told}
            held[tuple(first.get(i) for i in range(len(by)))] = every.at(places)
    return held
