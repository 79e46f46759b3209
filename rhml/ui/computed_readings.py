"""What the Overrides page's readings compute, kept while the log stands: finds, what recurs, who agrees, limits."""

from __future__ import annotations

from dataclasses import replace
from math import log

import streamlit as st

from rhml.loop import wrote
from rhml.loop.agreement import agreement
from rhml.loop.limits import Limits
from rhml.loop.limits import limits as compute_limits
from rhml.loop.wrote import Found
from rhml.reports.agreeing import Agreeing
from rhml.reports.terms import Terms
from rhml.store import frames, organization, rationales
from rhml.store.explorer import Filters
from rhml.store.reading import source
from rhml.ui import resources

GROWN = 1.2
"""The book is written anew when so many times as many rationales are there: a word it lacks is still found as typed."""


@st.cache_resource(max_entries=16, show_spinner="Reading what was written …")
def _book(address: str, name: str, written: int, erased: int, author: str | None, bank: bool):
    opened = resources.log_at(address)
    return wrote.book(opened, organization.domain(opened, name), Filters(author=author, bank=bank))


def book(name: str, looked_at: Filters):
    """The words of what the reader may read; after an erasure nothing of the erased is left in it."""
    written, erased = rationales.standing(resources.store(), resources.domain(name))
    return _book(
        resources.url(), name, int(log(written + 1, GROWN)), erased, looked_at.author, looked_at.bank
    )


def meaning(name: str, looked_at: Filters) -> Filters:
    """The same filters with what their words mean in this log."""
    return replace(looked_at, meant=wrote.pattern(looked_at.words, book(name, looked_at)))


@st.cache_data(max_entries=32, show_spinner=False)
def _found(
    address: str, name: str, counter: int, looked_at: Filters, author: str | None, bank: bool, like: str
) -> Found:
    opened, words = resources.log_at(address), book(name, looked_at)
    domain = organization.domain(opened, name)
    if like:
        return wrote.similar(opened, domain, looked_at, like, words)
    return wrote.search(opened, domain, looked_at, words)


def found(name: str, looked_at: Filters, like: str) -> Found:
    """The rationales that speak of the filters' words, or are like that of one decision; as the log stands."""
    counter = source.counter(resources.store(), resources.domain(name))
    return _found(resources.url(), name, counter, looked_at, looked_at.author, looked_at.bank, like)


@st.cache_data(max_entries=32, show_spinner="Counting words …")
def _recurring(
    address: str, name: str, counter: int, looked_at: Filters, author: str | None, bank: bool
) -> Terms:
    opened = resources.log_at(address)
    return wrote.recurring(opened, organization.domain(opened, name), looked_at, book(name, looked_at))


def recurring(name: str, looked_at: Filters) -> Terms:
    """The words that recur under the filters by what came of the overrides, as the log stands."""
    counter = source.counter(resources.store(), resources.domain(name))
    return _recurring(resources.url(), name, counter, looked_at, looked_at.author, looked_at.bank)


@st.cache_data(max_entries=32, show_spinner=False)
def _agreed(
    address: str, name: str, counter: int, looked_at: Filters, by: str | None, people: bool
) -> Agreeing:
    opened = resources.log_at(address)
    return agreement(opened, organization.domain(opened, name), looked_at, by=by, people=people)


def agreed(name: str, looked_at: Filters, by: str | None, people: bool) -> Agreeing:
    """Agreement among people and with the model under the filters, as the log stands."""
    counter = source.counter(resources.store(), resources.domain(name))
    return _agreed(resources.url(), name, counter, looked_at, by, people)


@st.cache_data(max_entries=32, show_spinner="Holding rates against the limits …")
def _limits(
    address: str, name: str, counter: int, text: str, noted: int, looked_at: Filters, people: bool, by: str
) -> Limits:
    opened = resources.log_at(address)
    return compute_limits(opened, organization.domain(opened, name), looked_at, people=people, told=(by,))


def limits(name: str, looked_at: Filters, people: bool, by: str) -> Limits:
    """Override rates against the limits under the filters, and by one dimension what came of them, as log and file stand."""
    of = resources.domain(name)
    counter, noted = source.counter(resources.store(), of), frames.counter(resources.store(), of)
    return _limits(resources.url(), name, counter, of.text, noted, looked_at, people, by)
