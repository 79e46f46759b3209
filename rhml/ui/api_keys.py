"""Keys for other systems: made, shown once, watched and revoked by a lead."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.loop import keys
from rhml.store.keys import Key
from rhml.ui import words
from rhml.ui.shell import Here

COLUMNS = ["For", "Key", "State", "Ends", "Made by", "Made", "Answered", "Refused", "Last used"]


def section(here: Here) -> None:
    """What other systems may read of this domain, and with which keys."""
    title = words.plain(here.domain.title)
    st.markdown(
        f"Another system can read what became of each recommendation in **{title}**: accepted or overridden, with "
        "reason and rationale, in the shape of CDS Hooks feedback. It comes with a key. The feed names nobody: names "
        "that the log knows are taken out of rationales."
    )
    st.code(f"GET /api/domains/{here.domain.name}/feedback?after=0&limit=100", language=None, wrap_lines=True)
    _make(here)
    found = keys.listed(here.store, here.domain.name)
    if not found:
        st.info(
            "No key has been made for this domain. Name the system that will read, and make its first one."
        )
        return
    _list(here, found)
    _revoke(here, [k for k in found if k.state(here.now) == "valid"])


def _make(here: Here) -> None:
    with st.form("make_key", border=True, clear_on_submit=True):
        left, right = st.columns([2, 1])
        name = left.text_input("Which system is it for?", key="key_name", max_chars=keys.LONGEST)
        days = right.selectbox(
            "Ends after", keys.DAYS, index=1, key="key_days", format_func=lambda n: f"{n} days"
        )
        if not st.form_submit_button("Make a key", icon=":material/key:"):
            return
    made = keys.make(here.store, here.domain, name, days=days, by=here.person, at=here.now)
    st.success("The key is made. Copy it now: it is shown this once, and the log keeps only its hash.")
    st.code(made.key, language=None, wrap_lines=True)


def _list(here: Here, found: list[Key]) -> None:
    rows = [
        (
            k.name,
            k.key_id,
            k.state(here.now),
            words.day(k.expires_at),
            k.made_by,
            words.day(k.made_at),
            k.uses,
            k.refused,
            words.when(k.last_used_at),
        )
        for k in found
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=COLUMNS), hide_index=True, key="api_keys", alt="Every key of this domain"
    )


def _revoke(here: Here, valid: list[Key]) -> None:
    if not valid:
        return
    said = {k.key_id: f"{k.name} ({k.key_id})" for k in valid}
    with st.form("revoke_key", border=True):
        left, right = st.columns([1, 2])
        key_id = left.selectbox("Key", list(said), key="revoked_key", format_func=lambda k: said.get(k, k))
        why = right.text_input("Why is it revoked?", key="revoked_why", max_chars=keys.LONGEST_WHY)
        if st.form_submit_button("Revoke", icon=":material/key_off:"):
            keys.revoke(here.store, key_id, why=why, by=here.person, at=here.now)
            st.rerun()
    st.caption(
        "A revoked key opens nothing from that moment on. Making and revoking stay in the audit trail."
    )
