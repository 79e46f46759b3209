"""What the organization hands to an examiner: the card of its decision process, and packs of records."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rhml.loop.records import answering, record_packs
from rhml.loop.records.examiners import PURPOSES
from rhml.printed.numbers import locale
from rhml.store.opening import utc_now
from rhml.ui import resources, watched, words
from rhml.ui.records import card_files
from rhml.ui.shell import Here, staying_in

LARGEST = 300 * 2**20
"""Bytes that go through the browser; a larger pack is fetched from the folder."""


def section(here: Here) -> None:
    """The process card; then the packs there are, and a new one."""
    if not here.domain.actions:
        st.info("Records are of a domain. Bring one first, under *Data*.")
        return
    _card(here)
    st.header("Records for an examiner", anchor=False)
    st.markdown(
        "Every use of the system with its input, output, decision and outcome, the audit trail, the register, the cards, and "
        "the SHA-256 of each file with the head of the log’s chain. It says point by point where the evidence stands, and what "
        "no log can prove. Other names stand for people."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        purpose = st.selectbox("For", list(PURPOSES), key="purpose", format_func=PURPOSES.get, width=420)
        if st.button("Make the pack", key="make_pack", type="primary", icon=":material/inventory_2:"):
            resources.ask_for(
                "records", domain=here.domain.name, by=here.person, arguments={"purpose": purpose}
            )
    watched.job(here, "records")
    found = record_packs.packs(here.store, here.domain)
    if not found:
        st.info("No pack has been made yet.")
    for path in found[:10]:
        _offer(path)


def _card(here: Here) -> None:
    st.header("How decisions are made here", anchor=False)
    st.markdown(
        "The decision-process card: who decides, in which modes, how often and why people override, what oversees them, how far "
        "they rely on the model. What only a person knows stands in the table `[card]` of the domain file."
    )
    domain, spoken = here.domain, locale()
    with st.container(horizontal=True, vertical_alignment="center"):
        card_files.buttons(here, "Process card", "process-card",
                           lambda: answering.of_process(here.store, domain, at=utc_now(), locale=spoken))  # fmt: skip
        st.page_link("pages/models.py", label="Model cards are on Models", icon=":material/model_training:",
                     query_params=staying_in(domain, view="Register"))  # fmt: skip


def _offer(path: Path) -> None:
    size = path.stat().st_size
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"`{path.name}` · {words.number(size / 2**20, 1)} MB", width="stretch")
        if size <= LARGEST:
            st.download_button("Take it along", path.read_bytes, path.name, "application/zip",
                               key=f"pack_{path.name}", on_click="ignore", icon=":material/download:")  # fmt: skip
        else:
            st.caption("Too large for a browser; it lies in the folder `records` beside the log.")
