"""The waiting recommendations as the intent control reads them: kept in memory, made newer by what the log added."""

from __future__ import annotations

import streamlit as st

from rhml.loop.intent.cases import Held, held
from rhml.ui import resources


@st.cache_resource(max_entries=16, show_spinner=False)
def _place(address: str, name: str, text: str) -> list[Held | None]:
    """Where the last reading of a domain lies, for everyone who opens the control."""
    return [None]


def waiting(name: str) -> Held:
    """All waiting recommendations of a domain as the log stands; what was read before is not read again."""
    domain = resources.domain(name)
    place = _place(resources.url(), name, domain.text)
    place[0] = now = held(resources.store(), domain, place[0])
    return now
