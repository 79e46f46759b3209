"""Work that a page waits for: what is under way is on screen after half a second, and gone when it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Timer, current_thread
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from rhml.loop.steps import Progress

T = TypeVar("T")
PATIENCE = 0.5
"""Seconds after which words appear; what is quicker shows nothing."""


class Told:
    """The newest words of some work, on a place of the page once a reader has waited."""

    def __init__(self, place: Any) -> None:
        self._place, self._newest, self._waited = place, (0.0, "Computing"), False

    def tell(self, share: float, words: str) -> None:
        """Something begins."""
        self._newest = (min(max(share, 0.0), 1.0), words)
        if self._waited:
            self.show()

    def show(self) -> None:
        """The reader has waited: from now on all is shown."""
        self._waited = True
        share, words = self._newest
        self._place.progress(share, text=f"{words} …")


def shown(compute: Callable[[Progress], T], place: Any) -> T:
    """What `compute` finds, while a place on the page tells how far it is.

    In threads of their own: what is drawn inside a cached function would be drawn again with every hit.
    """
    told, context = Told(place), get_script_run_ctx()
    patience = Timer(PATIENCE, told.show)
    patience.daemon = True
    add_script_run_ctx(patience, context)

    def work() -> T:
        add_script_run_ctx(current_thread(), context)
        return compute(told.tell)

    with ThreadPoolExecutor(1) as pool:
        patience.start()
        try:
            return pool.submit(work).result()
        finally:
            patience.cancel()
            patience.join()


@contextmanager
def place() -> Iterator[Any]:
    """Where it is told; empty until there is something to tell, and when all is done."""
    here = st.empty()
    try:
        yield here
    finally:
        here.empty()
