"""The open log with its worker, and what changes seldom: the organization, models' words, names. With `computed`, the only caches."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.demo import fields, first_start
from rhml.intake.tables import Table, read_bytes
from rhml.loop import kinds, privacy
from rhml.loop.card import ModelWords
from rhml.loop.review import review
from rhml.loop.team_points import Held, held
from rhml.loop.work import Progress, Worker
from rhml.store import (
    case_file,
    corrections,
    demo_log,
    frames,
    hindsight,
    intents,
    jobs,
    organization,
    registry,
)
from rhml.store.engine import Store
from rhml.store.jobs import Job
from rhml.store.opening import default_url, open_store, utc_now
from rhml.store.veil import Veil


def url() -> str:
    """The log this server works on."""
    return os.environ.get("RHML_DB") or default_url()


def store() -> Store:
    """The organization's log, open for the whole server, with its worker running."""
    return _opened(url())[0]


def log_at(address: str) -> Store:
    """The log at an address, for what is kept by its address."""
    return _opened(address)[0]


def wake_worker() -> None:
    """Let the worker look for a job at once."""
    _opened(url())[1].wake()


@st.cache_resource(show_spinner=False)
def _opened(address: str) -> tuple[Store, Worker]:
    named = bool(os.environ.get("RHML_DB"))
    opened = (open_store if named else first_start.open_for_newcomer)(address, now=utc_now())
    first_start.begin_anew(opened, now=utc_now())
    worker = Worker(opened, {**kinds.KINDS, "demo": _work_demo}, kinds.by_the_clock)
    worker.start()
    return opened, worker


def ask_for(kind: str, *, domain: str | None, by: str, arguments: dict[str, Any] | None = None) -> str:
    """Put long work in line and wake the worker; returns the job's id."""
    job_id = store().write(
        lambda tx: jobs.ask(tx, kind, domain=domain, arguments=arguments or {}, by=by, at=utc_now())
    )
    wake_worker()
    return job_id


@dataclass(frozen=True)
class Standing:
    """What the organization is at one moment: its people with their roles, its domains by name, and of a demo its fields."""

    people: dict[str, str]
    domains: dict[str, DecisionDomain]
    fields: tuple[str, ...] = ()


@st.cache_resource(max_entries=8, show_spinner=False)
def _standing(address: str, counter: int) -> Standing:
    opened = log_at(address)
    names = organization.domain_names(opened)
    domains = {name: organization.domain(opened, name) for name in names}
    return Standing(organization.people(opened), domains, tuple(demo_log.fields(opened)))


def standing() -> Standing:
    """The organization as it stands: one small read a page, where nothing about it has changed."""
    return _standing(url(), organization.counter(store()))


def domain(name: str) -> DecisionDomain:
    """A domain as its newest file says; UnknownDomain if there is none."""
    return standing().domains.get(name) or organization.domain(store(), name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _model_words(address: str, name: str, version: str) -> ModelWords:
    entry = registry.version(log_at(address), name, version)
    groups = tuple(tuple(group) for group in entry.card.get("groups", ()))
    return entry.features, entry.card.get("typical", {}), groups


def model_words(name: str, version: str) -> ModelWords:
    """What is said of a version on every card; a version never changes."""
    return _model_words(url(), name, version)


@st.cache_resource(max_entries=256, show_spinner=False)
def _own_way(address: str, name: str, version: str, person: str) -> Held | None:
    return held(log_at(address), name, version, person)


def own_way(name: str, person: str, version: str) -> Held | None:
    """How a person weighs the factors, for their own card alone; a version of the team's model never changes."""
    return _own_way(url(), name, version, person)


@st.cache_data(max_entries=64, show_spinner=False)
def _segment_values(address: str, name: str, column: str, cases: int) -> list[str]:
    return case_file.common_values(log_at(address), domain(name), column)


def segment_values(name: str, column: str) -> list[str]:
    """The values by which Pending can be narrowed; they change with imports of cases alone."""
    return _segment_values(url(), name, column, case_file.case_count(store(), domain(name)))


@st.cache_data(max_entries=64, show_spinner=False)
def _veil(address: str, name: str, counter: int, text: str, person: str, role: str) -> Veil:
    opened = log_at(address)
    return privacy.veil(opened, organization.domain(opened, name), reader=person, role=role)


def veil(name: str, person: str, role: str) -> Veil:
    """Under which names a person sees people's decisions in a domain, as the log and the domain file stand."""
    held = domain(name)
    return _veil(url(), name, frames.counter(store(), held), held.text, person, role)


@st.cache_data(max_entries=256, show_spinner=False)
def _to_review(address: str, name: str, counter: int, text: str, person: str, role: str) -> review.Mine:
    opened = log_at(address)
    return review.mine(opened, organization.domain(opened, name), person=person, role=role)


def to_review(name: str, person: str, role: str) -> review.Mine:
    """What waits on Review for this person, as the log stands."""
    held = domain(name)
    return _to_review(url(), name, frames.counter(store(), held), held.text, person, role)


@st.cache_data(max_entries=256, show_spinner=False)
def _news_count(address: str, name: str, counter: int, person: str, seen: datetime | None) -> int:
    opened = log_at(address)
    return hindsight.news_count(opened, organization.domain(opened, name), person, since=seen)


def news_count(name: str, person: str, seen: datetime | None) -> int:
    """On how many cases there is news for a person since their last visit, as the log stands."""
    return _news_count(url(), name, frames.counter(store(), domain(name)), person, seen)


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def uploaded_table(file_id: str, name: str, _content: bytes) -> Table:
    """An uploaded file as a table; `file_id` is the identity of its content."""
    return read_bytes(name, _content)


@st.cache_data(max_entries=64, show_spinner=False)
def _correction_words(address: str, name: str, ids: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    held = {c.correction_id: c.wordings for c in corrections.corrections(log_at(address), name)}
    stood = [[w for w in held.get(i, ()) if w.at <= at] for i in ids]
    return tuple(wordings[-1].sentence for wordings in stood if wordings)


def correction_words(name: str, ids: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    """The sentences of corrections as they stood at a moment, in the same order."""
    return _correction_words(url(), name, ids, at)


@st.cache_data(max_entries=256, show_spinner=False)
def _mattered(address: str, name: str, intent_id: str) -> Intent | None:
    entries = intents.entries(log_at(address), name)
    return next((Intent.of(e.content) for e in entries if e.intent_id == intent_id and e.content), None)


def mattered(name: str, intent_id: str) -> Intent | None:
    """What mattered when something was recommended, by the id that the recommendation names."""
    return _mattered(url(), name, intent_id)


def outcomes_arrived(name: str) -> None:
    """Put in line what follows when outcomes have arrived, and wake the worker."""
    kinds.follow(store(), organization.domain(store(), name), at=utc_now())
    wake_worker()


def _work_demo(opened: Store, job: Job, progress: Progress) -> dict[str, Any]:
    key = job.arguments.get("field", fields.FIRST.key)
    built = fields.bring(opened, key, at=utc_now(), progress=progress)
    # A newcomer need not wait for what these will find.
    for kind in ("team", "lessons", "watch", "correct", "propose"):
        kinds.ask(opened, kind, built["domain"], utc_now())
    return built
