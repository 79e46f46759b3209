"""Long work as its asker sees it: how far it is, how it ended, and what a refused file has wrong."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from rhml.store import jobs
from rhml.store.jobs import Job
from rhml.ui import resources, words
from rhml.ui.shell import Here

SHOWN_FOR = timedelta(hours=12)
"""How long the end of a job stays on its page."""


def job(here: Here, kind: str, *, domain: str | None = None, well: bool = True) -> bool:
    """The newest job of a kind, on a domain if one is named: its progress, or how it ended; True while it runs.

    `well` says whether an end without trouble is told as well.
    """
    newest = _newest(kind, domain)
    if newest is not None and newest.state in jobs.OPEN:
        running(kind, domain)
        return True
    fresh = newest is not None and newest.finished_at and here.now - newest.finished_at < SHOWN_FOR
    if fresh and (well or newest.state != "done"):
        ended(newest, named=domain is None)
    return False


@st.fragment(run_every=1.0)
def running(kind: str, domain: str | None = None) -> None:
    """Looks at the job's row once a second, so that leaving the page or reloading it loses nothing."""
    newest = _newest(kind, domain)
    if newest is None or newest.state not in jobs.OPEN:
        st.rerun(scope="app")
    st.progress(min(max(newest.progress, 0.0), 1.0), text=words.plain(newest.message))
    st.caption("You may leave this page: the work goes on, and its end is shown here.")


def _newest(kind: str, domain: str | None) -> Job | None:
    about = {"domain": domain} if domain else {}
    found = jobs.latest(resources.store(), kind=kind, limit=1, **about)
    return found[0] if found else None


def ended(done: Job, *, named: bool = True) -> None:
    """How a job ended, with notes and problems; `named` where the page is not about its domain alone."""
    result = done.result or {}
    where = f"{done.domain}, " if done.domain and named else ""
    said = f"{words.plain(done.message)} :small[({words.plain(where + words.when(done.finished_at))})]"
    if done.state == "done":
        st.success(said, icon=":material/check_circle:")
    elif done.state == "interrupted":
        st.warning(said, icon=":material/power_off:")
    else:
        st.error(said, icon=":material/error:")
    for note in result.get("notes", ())[:20]:
        st.caption(words.plain(note))
    if result.get("problems"):
        problems(result["problems"])


def problems(found: list[dict]) -> None:
    """Every problem of a refused file: row, column, value, what is wrong, what to do."""
    st.dataframe(
        pd.DataFrame(
            [(p["row"], p["column"] or p["where"], p["value"], p["problem"], p["remedy"]) for p in found],
            columns=["Row", "Column", "Value", "Problem", "Remedy"],
        ),
        hide_index=True,
        alt="The problems of the file, row by row",
    )
