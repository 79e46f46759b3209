"""Is the log as it was written? A lead lets the worker verify every chain, and sees the first bad fact by name."""

from __future__ import annotations

from typing import Any

import streamlit as st

from rhml.store import jobs
from rhml.store.schema import ORGANIZATION
from rhml.ui import resources, watched, words
from rhml.ui.shell import Here

KIND = "verify"


def control(here: Here) -> None:
    """The button, and how the last look ended."""
    if not here.leads:
        return
    with st.container(border=True):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(
            "**Is the log as it was written?** Every fact is sealed when it is written, each seal on the one before."
        )
        if right.button("Verify", key="verify", icon=":material/verified:", width="stretch"):
            resources.ask_for(KIND, domain=None, by=here.person)
        found = jobs.latest(resources.store(), kind=KIND, limit=1)
        if found and found[0].state in jobs.OPEN:
            watched.running(KIND, None)
        elif found and found[0].state == "done" and found[0].result and "chains" in found[0].result:
            _told(found[0].result, words.when(found[0].finished_at))
        elif found:
            watched.ended(found[0], named=False)


def _told(result: dict[str, Any], when: str) -> None:
    said = f"{words.plain(result['says'])} :small[({words.plain(when)})]"
    if result["sound"]:
        st.success(said, icon=":material/verified:")
    else:
        st.error(said, icon=":material/gpp_bad:")
    with st.expander("Heads to note elsewhere, erasures, limits"):
        for chain in result["chains"]:
            _chain(chain)
        for one in result.get("beside", ()):
            st.markdown(f"- {words.plain(one)}")
        st.caption(words.plain(result["limits"]))


def _chain(chain: dict[str, Any]) -> None:
    facts = words.number(chain["facts"])
    name = "The organization itself" if chain["schema"] == ORGANIZATION else words.plain(chain["schema"])
    st.markdown(f"**{name}**: {facts} facts, head")
    st.code(chain["head"] or "nothing sealed yet", language=None, wrap_lines=True)
    for finding in chain["findings"]:
        st.markdown(f"- {words.plain(finding['says'])}")
    for one in chain["erased"]:
        count = words.number(one["facts"])
        st.markdown(
            f"- Erased: {count} facts, by {words.plain(one['by'])}, as {words.plain(one['alias'])}: {words.plain(one['why'])}"
        )
