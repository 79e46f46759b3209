"""Copies of the log: made as a job while people work, taken along, and how to go back to one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rhml.loop import backup, look
from rhml.store.opening import utc_now
from rhml.ui import resources, watched, words
from rhml.ui.shell import Here

LARGEST = 300 * 2**20
"""Bytes that go through the browser; a larger copy is fetched from the folder."""


def copies(here: Here) -> None:
    """Make a copy, see the copies there are, take one along."""
    st.markdown(
        "A copy holds the whole log as it was at one moment: facts, models and people. "
        "While it is made, decisions wait: about a second for 100,000 of them."
    )
    if st.button("Make a copy now", key="make_copy", type="primary", icon=":material/save:"):
        resources.ask_for("backup", domain=None, by=here.person)
    watched.job(here, "backup")
    found = backup.copies(here.store)
    if not found:
        st.info("No copy has been made yet.")
    for path in found[:10]:
        _offer(here, path)
    with st.expander("How to go back to a copy"):
        st.markdown(
            "Stop the app. Put the copy in the place of the log's file, or start the app with "
            "`RHML_DB=duckdb:////the/path/to/the/copy.duckdb`. What was decided after the copy was made is not "
            "in it, so keep the newer file too. A copy holds people's names, rationales and the key of the "
            "random draws: store it as carefully as the log. Whoever takes one along has seen everybody's record, and each "
            "of them can read that."
        )
        st.markdown("The log is here:")
        st.code(str(backup.folder(here.store).parent), language=None)


def _offer(here: Here, path: Path) -> None:
    def take() -> bytes:
        look.taken_along(here.store, by=here.person, at=utc_now())
        return path.read_bytes()

    size = path.stat().st_size
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"`{path.name}` · {words.number(size / 2**20, 1)} MB", width="stretch")
        if size <= LARGEST:
            st.download_button("Take it along", take, path.name, "application/octet-stream",
                               key=f"take_{path.name}", on_click="ignore", icon=":material/download:")  # fmt: skip
        else:
            st.caption("Too large for a browser; it lies in the folder `backups` beside the log.")
