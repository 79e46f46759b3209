"""What the organization answers with, kept for as long as the log does not change: the trail's lines
and names, and the model register."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.loop.records.register import Register
from rhml.loop.records.register import register as read_register
from rhml.store import audit, frames, organization
from rhml.store.veil import Veil
from rhml.ui import resources


@st.cache_data(max_entries=64, show_spinner="Counting the trail …")
def _trail_count(address: str, name: str | None, counters: tuple[int, int], wanted: audit.Filter) -> int:
    opened = resources.log_at(address)
    return audit.count(opened, organization.domain(opened, name) if name else None, wanted)


def trail_count(name: str | None, wanted: audit.Filter) -> int:
    """How many lines the audit trail has under a filter, as the log stands."""
    return _trail_count(resources.url(), name, _counters(name), wanted)


@st.cache_data(max_entries=64, show_spinner="Reading the trail …")
def _trail_page(
    address: str, name: str | None, counters: tuple[int, int], wanted: audit.Filter, number: int
) -> list[dict[str, Any]]:
    opened, of = resources.log_at(address), resources.domain(name) if name else None
    return audit.page(opened, of, wanted, offset=(number - 1) * audit.PAGE)


def trail_page(name: str | None, wanted: audit.Filter, number: int) -> list[dict[str, Any]]:
    """One page of the audit trail, counted from 1, as the log stands."""
    return _trail_page(resources.url(), name, _counters(name), wanted, number)


@st.cache_data(max_entries=32, show_spinner=False)
def _trail_actors(
    address: str, name: str | None, counters: tuple[int, int], veil: Veil | None, reader: str
) -> list[str]:
    opened = resources.log_at(address)
    return audit.actors(opened, organization.domain(opened, name) if name else None, veil, reader)


def trail_actors(name: str | None, veil: Veil | None, reader: str) -> list[str]:
    """Everyone in the audit trail, as a reader sees them, as the log stands."""
    return _trail_actors(resources.url(), name, _counters(name), veil, reader)


@st.cache_data(max_entries=16, show_spinner="Reading the register …")
def _register(address: str, name: str, counters: tuple[int, int]) -> Register:
    opened = resources.log_at(address)
    return read_register(opened, organization.domain(opened, name))


def register(name: str) -> Register:
    """The model register of a domain, as the log stands."""
    return _register(resources.url(), name, _counters(name))


def _counters(name: str | None) -> tuple[int, int]:
    """How far the organization and a domain have been written."""
    held = resources.store()
    return organization.counter(held), frames.counter(held, resources.domain(name)) if name else 0
