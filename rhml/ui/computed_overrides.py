"""What the Overrides page computes, kept for as long as what it reads does not change."""

from __future__ import annotations

import streamlit as st

from rhml.loop.explored import MOST_COLUMNS, MOST_ROWS, explore
from rhml.reports.durations import Times, durations
from rhml.reports.exploration import Exploration
from rhml.store import durations as time_taken
from rhml.store import explorer, organization
from rhml.store.explorer import Filters
from rhml.store.reading import source
from rhml.store.veil import Veil
from rhml.ui import resources


@st.cache_data(max_entries=64, show_spinner=False)
def _explored(
    address: str,
    name: str,
    counter: int,
    filters: Filters,
    by: tuple[str, ...],
    most: tuple[int, ...],
    valued: bool,
    margins: bool,
) -> Exploration:
    opened = resources.log_at(address)
    chosen = organization.domain(opened, name)
    return explore(opened, chosen, filters, by, most=most, valued=valued, margins=margins)


def explored(
    name: str,
    filters: Filters,
    by: str | tuple[str, ...] | None,
    *,
    most: tuple[int, ...] = (MOST_ROWS, MOST_COLUMNS),
    valued: bool = True,
    margins: bool = False,
) -> Exploration:
    """The overrides of a domain under filters, split by one or two dimensions, as the log stands."""
    counter = source.counter(resources.store(), resources.domain(name))
    split = (by,) if isinstance(by, str) else by or ()
    return _explored(resources.url(), name, counter, filters, split, most, valued, margins)


@st.cache_data(max_entries=64, show_spinner=False)
def _times(
    address: str, name: str, counter: int, filters: Filters, by: tuple[str, ...], margins: bool
) -> list[Times]:
    opened = resources.log_at(address)
    domain = organization.domain(opened, name)
    return durations(time_taken.times(opened, domain, filters, by, margins=margins))


def times(name: str, filters: Filters, by: tuple[str, ...] = (), *, margins: bool = False) -> list[Times]:
    """How long the decisions under filters took, by one or two dimensions, as the log stands."""
    counter = source.counter(resources.store(), resources.domain(name))
    return _times(resources.url(), name, counter, filters, by, margins)


@st.cache_data(max_entries=32, show_spinner=False)
def _override_names(address: str, name: str, counter: int, veil: Veil | None) -> dict[str, list[str]]:
    opened = resources.log_at(address)
    return explorer.names(opened, organization.domain(opened, name), veil)


def override_names(name: str, veil: Veil | None = None) -> dict[str, list[str]]:
    """The names of each dimension of the overrides, for filters; people's as a veil gives them."""
    return _override_names(
        resources.url(), name, source.counter(resources.store(), resources.domain(name)), veil
    )
