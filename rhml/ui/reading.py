"""Of when the answers on a page are, where a log is so large that they are read from a copy."""

from __future__ import annotations

import streamlit as st

from rhml.loop import reading_copy
from rhml.store.reading import source
from rhml.ui import resources, watched, words
from rhml.ui.shell import Here


def line(here: Here) -> None:
    """How old the answers are and how to have newer ones; nothing where they are of this moment."""
    held = source.standing(here.store, here.domain)
    if not held.wanted:
        return
    if held.as_of is None:
        st.info(
            "This log is so large that its questions are answered from a copy, which is made now. "
            "Until then each view takes a while.",
            icon=":material/hourglass_top:",
        )
    if watched.job(here, reading_copy.KIND, domain=here.domain.name, well=False) or held.as_of is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="reading_copy"):
        st.caption(
            f"As of {words.when(held.as_of)}: {words.number(held.behind)} "
            f"{'fact has' if held.behind == 1 else 'facts have'} come since."
        )
        if st.button("Bring up to date", key="bring_up_to_date", icon=":material/sync:", type="tertiary"):
            resources.ask_for(reading_copy.KIND, domain=here.domain.name, by=here.person)
            st.rerun()
