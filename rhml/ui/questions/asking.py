"""Questions being answered while their readers watch: begun, waited for with the time told, cancelled.

An answer stays as it was given until its reader asks again, so that a table does not change under a reader's eyes.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from rhml.errors import QuestionRefused
from rhml.store.opening import new_id
from rhml.store.questions import question
from rhml.store.questions.asking import Asking
from rhml.store.questions.question import SECONDS
from rhml.ui import resources, veiled, words
from rhml.ui.shell import Here

KEPT = 16
"""Answers that the server holds for all its readers; each is bounded by the box."""
AT_ONCE = 0.3
"""Seconds within which an answer comes without a word about waiting."""
TELL = 1.0
"""Seconds between two words about the time that has passed."""


@dataclass(frozen=True)
class Asked:
    """What somebody asked, when, and its way to the answer."""

    token: str
    domain: str
    person: str
    sql: str
    at: datetime
    begun: float
    asking: Asking


class Desk:
    """The questions of all readers, the newest kept; a page's session holds only the token of its own."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Asked] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, asked: Asked) -> None:
        """Keep one, and let go of the oldest beyond the limit, which is ended where it still runs."""
        with self._lock:
            self._held[asked.token] = asked
            gone = [self._held.popitem(last=False)[1] for _ in range(len(self._held) - KEPT)]
        for old in gone:
            old.asking.cancel()

    def get(self, token: str) -> Asked | None:
        """One by its token; None where it is kept no longer."""
        with self._lock:
            return self._held.get(token)


@st.cache_resource(max_entries=2, show_spinner=False)
def _desk(address: str) -> Desk:
    return Desk()


def begin(here: Here, sql: str, *, only: str | None) -> None:
    """Ask, and let the session remember that; an earlier question of this page is ended."""
    if (earlier := _own()) is not None and not earlier.asking.done:
        earlier.asking.cancel()
    st.session_state.pop("refused", None)
    try:
        asking = question.begin(here.store, here.domain, sql, only=only, veil=veiled.veil(here))
    except QuestionRefused as refused:
        st.session_state.pop("asked", None)
        st.session_state["refused"] = [here.domain.name, here.person, str(refused)]
        return
    asked = Asked(new_id(), here.domain.name, here.person, sql, here.now, time.monotonic(), asking)
    _desk(resources.url()).put(asked)
    st.session_state["asked"] = asked.token


def _own() -> Asked | None:
    token = st.session_state.get("asked")
    return _desk(resources.url()).get(token) if token else None


def current(here: Here) -> Asked | None:
    """What this reader asked last of this domain, under this name."""
    asked = _own()
    return asked if asked and (asked.domain, asked.person) == (here.domain.name, here.person) else None


def refused(here: Here) -> str:
    """Why the last question was not even begun; empty where it was."""
    domain, person, why = st.session_state.get("refused", ("", "", ""))
    return why if (domain, person) == (here.domain.name, here.person) else ""


def wait(asked: Asked) -> None:
    """Stay until the answer is there, telling the time, with a button that ends it.

    The rest of the page is drawn by then: a press of Cancel starts the page again, which ends this wait.
    """
    _watch(asked, until=asked.begun + AT_ONCE)
    if asked.asking.done:
        return
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center", key="asking"):
        st.button("Cancel", key="cancel", icon=":material/close:", on_click=_cancel, args=(asked.token,))
        told = st.empty()
    while not asked.asking.done:
        passed = time.monotonic() - asked.begun
        told.markdown(
            f"Asking for {words.number(passed)} s. The question itself may take {words.number(SECONDS)} s."
        )
        _watch(asked, until=time.monotonic() + TELL)
    place.empty()


def _watch(asked: Asked, *, until: float) -> None:
    asked.asking.wait(max(until - time.monotonic(), 0.0))


def _cancel(token: str) -> None:
    if (asked := _desk(resources.url()).get(token)) is not None:
        asked.asking.cancel()
