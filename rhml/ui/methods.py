"""The Methods view: what can be known here, for whom the numbers speak, and every method with what it takes for granted."""

from __future__ import annotations

import streamlit as st

from rhml.reports.methods import WHO, Entry, Methods
from rhml.ui import measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here


def draw(here: Here, span: Span) -> None:
    """What can be known in this domain, then one line a method that opens."""
    found: Methods = reported.part(
        "methods", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.header("How this report knows", anchor=False)
    st.markdown(f"**What can be known here.** {words.told(found.selective)}")
    st.markdown(f"**For whom it speaks.** {words.told(found.intervals)}")
    _in_general(found)
    for entry in found.entries:
        _entry(entry)


def _in_general(found: Methods) -> None:
    with st.expander(words.own("Managers in general")):
        st.markdown(words.told(found.in_general))
        for who, measure in found.managers_in_general.items():
            st.markdown(f"{WHO[who]}, right in: {words.told(measured.share(measure))}")


def _entry(entry: Entry) -> None:
    note, plain = entry.note, words.told
    with st.expander(words.own(note.name)):
        st.markdown(f"**{plain(note.does)}**")
        for fact in entry.here:
            st.markdown(f"In this log: {plain(fact)}")
        assumed = "; ".join(note.assumes)
        st.markdown(f"*It takes for granted* that {plain(assumed)}.")
        st.markdown(f"*What would break it.* {plain(note.breaks)}")
        st.caption(f"Used in: {plain(', '.join(note.where))}. {plain(note.source)}.")
