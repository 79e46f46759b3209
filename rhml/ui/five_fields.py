"""The fields of the demo: which there are, what is real in each, which are ready, and the way into one."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from rhml.demo import fields, first_start, touring
from rhml.demo.fields import FIELDS, Field
from rhml.demo.tour_steps import NEWCOMER
from rhml.demo.tours import tour_of
from rhml.errors import RhmlError
from rhml.store import jobs
from rhml.store.jobs import Job
from rhml.store.opening import utc_now
from rhml.ui import resources, words

ROUND = 10
"""Seconds to which a duration is rounded."""


def entry() -> None:
    """The entry in the sidebar of a demo log, with what is being built beside the pages."""
    if not resources.standing().fields:
        return
    if st.button("Five fields", icon=":material/category:", key="five_fields", type="tertiary"):
        _dialog()
    if any(job.state in jobs.OPEN for job in map(_job, FIELDS) if job):
        _beside()


def colleagues(domain: str, people: dict[str, str]) -> dict[str, str]:
    """In a demo log: who works in the field of this domain, and whoever came in since; else everybody."""
    own = fields.field_of(domain)
    ready = resources.standing().fields
    if own is None or own.key not in ready:
        return people
    elsewhere = {name for one in FIELDS if one.key in ready for name in one.people} - set(own.people)
    return {name: role for name, role in people.items() if name not in elsewhere}


def being_built() -> Job | None:
    """A field of the demo that is being built while the log has no domain at all."""
    return next((job for job in map(_job, FIELDS) if job and job.state in jobs.OPEN), None)


def before_anything(domains: Collection[str]) -> None:
    """The demo being built in a log that has nothing yet: the choice of a field, while one watches; else nothing."""
    chosen = "wanted_field" in st.session_state and "first_start" in st.session_state
    job = None if domains and not chosen else being_built()
    if job is None:
        st.session_state.pop("first_start", None)
        return
    st.session_state["first_start"] = True
    st.title("Building the demo", anchor=False)
    _watch_first()
    st.caption(
        "A year of decisions by simulated people, made through the same doors as yours. "
        "Under a minute. You begin with purchase requests; choose another field if you like."
    )
    _listed()
    st.stop()


@st.fragment(run_every=1.0)
def _watch_first() -> None:
    """How far the building is; into the field as soon as it is ready."""
    wanted = _wanted()
    if resources.standing().domains and (wanted is None or _ready(wanted)):
        _enter(wanted or fields.FIRST)
    underway = being_built()
    if underway is None:
        st.session_state.pop("wanted_field", None)
        st.rerun(scope="app")
    st.progress(underway.progress, text=words.plain(underway.message))


@st.dialog("Five fields", width="large")
def _dialog() -> None:
    st.caption("People and a model teach each other in each of them. Each has a tour of three minutes.")
    _listed()


@st.fragment(run_every=1.0)
def _listed() -> None:
    """The five, one below the other; into the one that was chosen here as soon as it is ready."""
    wanted = _wanted()
    if wanted and _ready(wanted):
        _enter(wanted)
    if refused := st.session_state.pop("field_refused", None):
        st.error(words.plain(refused))
    for one in FIELDS:
        with st.container(border=True, key=f"field-{one.key}"):
            _told(one)


def _told(one: Field) -> None:
    """One field: its sentence, what is real in it, and the one next step."""
    ready, job = _ready(one), _job(one)
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        st.markdown(f"**{one.title}.** {one.sentence}")
        st.caption("  \n".join(f"{words.plain(d.title)}: {words.plain(_sources(d))}" for d in one.files()))
    with right:
        if ready:
            st.button(
                "Take the tour", key=f"tour-{one.key}", on_click=_want, args=(one.key,), width="stretch"
            )
            st.caption("Ready")
        elif job and job.state in jobs.OPEN:
            st.progress(job.progress, text=words.plain(job.message) if job.state == "running" else "In line")
        else:
            st.button("Build", key=f"build-{one.key}", on_click=_build, args=(one.key,), width="stretch")
            st.caption(f"Takes about {words.number(round(one.seconds / ROUND) * ROUND)} s")
    if job and job.state in ("failed", "refused") and not ready:
        st.error(words.plain(job.message))


def _sources(domain) -> str:
    said = domain.card.data_sources
    return said if said.endswith(".") else f"{said}."


def _ready(one: Field) -> bool:
    return one.key in resources.standing().fields


def _job(one: Field) -> Job | None:
    """The newest building of a field; what is ready needs none."""
    return None if _ready(one) else first_start.building(resources.store(), one)


def _wanted() -> Field | None:
    key = st.session_state.get("wanted_field")
    return fields.field(key) if key else None


def _want(key: str) -> None:
    st.session_state["wanted_field"] = key


def _build(key: str) -> None:
    try:
        first_start.ask(resources.store(), key, by=NEWCOMER, at=utc_now())
    except RhmlError as refused:
        st.session_state["field_refused"] = str(refused)
        return
    resources.wake_worker()
    _want(key)


def _enter(one: Field) -> None:
    """Into the field's first domain, on its tour."""
    st.session_state.pop("wanted_field", None)
    take(one)
    st.rerun(scope="app")


def take(one: Field) -> None:
    """Begin the tour of a field as a newcomer; the next run of the app opens Pending of its first domain."""
    touring.begin(resources.store(), tour_of(one.key), at=utc_now())
    st.session_state["chosen_person"] = NEWCOMER
    st.session_state["going_to"] = tour_of(one.key).domain


def go_where_sent() -> None:
    """Open Pending of the domain that somebody was sent to."""
    if domain := st.session_state.pop("going_to", None):
        st.session_state["chosen_domain"] = domain
        st.switch_page("pages/pending.py", query_params={"domain": domain})


@st.fragment(run_every=2.0)
def _beside() -> None:
    """What is being built while one goes on with something else."""
    underway = being_built()
    if underway is None:
        st.caption("Ready: open it under *Five fields*.")
        return
    built = fields.field(underway.arguments.get("field", fields.FIRST.key))
    st.progress(underway.progress, text=f"{built.title}: {underway.progress:.0%}")
