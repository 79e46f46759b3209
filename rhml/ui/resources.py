"""The only caches: the open log with its worker, models' cards, and reports by the log's counter."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.demo import organization as demo_organization
from rhml.demo.first_start import open_for_newcomer
from rhml.human.feedback import Feedback
from rhml.human.reliance.alarm import Alarm
from rhml.human.reliance.discrimination import Discrimination, discrimination
from rhml.human.skill.skill import Skill
from rhml.intake.tables import Table, read_bytes
from rhml.loop import drill_record, kinds, privacy, routing, teach
from rhml.loop.alarms import alarms as compute_alarms
from rhml.loop.card import ModelWords
from rhml.loop.drill_told import Told, told
from rhml.loop.modes import modes as compute_modes
from rhml.loop.report import report as compute_report
from rhml.loop.skill import skill as compute_skill
from rhml.loop.team_points import Held, held
from rhml.loop.work import Progress, Worker
from rhml.reports.exploration import Exploration, exploration
from rhml.reports.modes import ModesReport
from rhml.reports.report import Report
from rhml.store import (
    case_file,
    corrections,
    drills,
    explorer,
    frames,
    hindsight,
    jobs,
    organization,
    question,
    registry,
)
from rhml.store.engine import Store
from rhml.store.explorer import Filters
from rhml.store.jobs import Job
from rhml.store.opening import default_url, open_store, utc_now
from rhml.store.veil import Veil


def url() -> str:
    """The log this server works on."""
    return os.environ.get("RHML_DB") or default_url()


def store() -> Store:
    """The organization's log, open for the whole server, with its worker running."""
    return _opened(url())[0]


def wake_worker() -> None:
    """Let the worker look for a job at once."""
    _opened(url())[1].wake()


@st.cache_resource(show_spinner=False)
def _opened(address: str) -> tuple[Store, Worker]:
    named = bool(os.environ.get("RHML_DB"))
    opened = (open_store if named else open_for_newcomer)(address, now=utc_now())
    worker = Worker(opened, {**kinds.KINDS, "demo": _work_demo})
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
    """What the organization is at one moment: its people with their roles, and its domains by name."""

    people: dict[str, str]
    domains: dict[str, DecisionDomain]


@st.cache_resource(max_entries=8, show_spinner=False)
def _standing(address: str, counter: int) -> Standing:
    opened = _opened(address)[0]
    names = organization.domain_names(opened)
    return Standing(organization.people(opened), {name: organization.domain(opened, name) for name in names})


def standing() -> Standing:
    """The organization as it stands: one small read a page, where nothing about it has changed."""
    return _standing(url(), organization.counter(store()))


def domain(name: str) -> DecisionDomain:
    """A domain as its newest file says; UnknownDomain if there is none."""
    return standing().domains.get(name) or organization.domain(store(), name)


@st.cache_resource(max_entries=64, show_spinner=False)
def _model_words(address: str, name: str, version: str) -> ModelWords:
    entry = registry.version(_opened(address)[0], name, version)
    groups = tuple(tuple(group) for group in entry.card.get("groups", ()))
    return entry.features, entry.card.get("typical", {}), groups


def model_words(name: str, version: str) -> ModelWords:
    """What is said of a version on every card; a version never changes."""
    return _model_words(url(), name, version)


@st.cache_resource(max_entries=256, show_spinner=False)
def _own_way(address: str, name: str, version: str, person: str) -> Held | None:
    return held(_opened(address)[0], name, version, person)


def own_way(name: str, person: str, version: str) -> Held | None:
    """How a person weighs the factors, for their own card alone; a version of the team's model never changes."""
    return _own_way(url(), name, version, person)


@st.cache_data(max_entries=16, show_spinner=False)
def _modes(address: str, name: str, counter: int, text: str) -> ModesReport:
    opened = _opened(address)[0]
    return compute_modes(opened, organization.domain(opened, name))


def modes(name: str) -> ModesReport:
    """What asking for own calls comes to in a domain, as the log and the domain file stand."""
    return _modes(url(), name, frames.counter(store(), domain(name)), domain(name).text)


def demo_being_built() -> Job | None:
    """The building of the demo organization while it goes on; only the default log ever gets one."""
    if os.environ.get("RHML_DB"):
        return None
    return next((job for job in jobs.latest(store(), kind="demo", limit=1) if job.state in jobs.OPEN), None)


@st.cache_data(max_entries=64, show_spinner=False)
def _segment_values(address: str, name: str, column: str, cases: int) -> list[str]:
    return case_file.common_values(_opened(address)[0], domain(name), column)


def segment_values(name: str, column: str) -> list[str]:
    """The values by which Pending can be narrowed; they change with imports of cases alone."""
    return _segment_values(url(), name, column, case_file.case_count(store(), domain(name)))


@st.cache_data(max_entries=32, show_spinner="Computing the report …")
def _report(address: str, name: str, counter: int, since: Any, until: Any, segment: Any) -> Report:
    opened = _opened(address)[0]
    return compute_report(
        opened, organization.domain(opened, name), since=since, until=until, segment=segment
    )


def report(name: str, *, since: Any = None, until: Any = None, segment: Any = None) -> Report:
    """The findings of a domain as the log stands, for a span of time and a segment."""
    counter = frames.counter(store(), domain(name))
    return _report(url(), name, counter, since, until, segment)


@st.cache_data(max_entries=16, show_spinner="Looking back over every look …")
def _alarms(address: str, name: str, counter: int, text: str) -> tuple[Alarm, ...]:
    opened = _opened(address)[0]
    return compute_alarms(opened, organization.domain(opened, name))


def alarms(name: str) -> tuple[Alarm, ...]:
    """The alarms of a domain as the log stands."""
    return _alarms(url(), name, frames.counter(store(), domain(name)), domain(name).text)


@st.cache_data(max_entries=16, show_spinner=False)
def _team_reliance(address: str, name: str, counter: int) -> Discrimination:
    opened = _opened(address)[0]
    chosen = organization.domain(opened, name)
    return discrimination(frames.decided(opened, chosen), domain=chosen, who="the team")


def team_reliance(name: str) -> Discrimination:
    """Whether a team follows the model when it is right, and only then."""
    return _team_reliance(url(), name, frames.counter(store(), domain(name)))


@st.cache_data(max_entries=16, show_spinner="Comparing calls …")
def _skill(address: str, name: str, counter: int) -> Skill:
    opened = _opened(address)[0]
    return compute_skill(opened, organization.domain(opened, name), courses=True)


def skill(name: str) -> Skill:
    """What people can do without the model, as the log stands; whose part is shown is the page's duty."""
    return _skill(url(), name, frames.counter(store(), domain(name)))


@st.cache_data(max_entries=64, show_spinner=False)
def _explored(address: str, name: str, counter: int, filters: Filters, by: str | None) -> Exploration:
    opened = _opened(address)[0]
    chosen = organization.domain(opened, name)
    return exploration(
        explorer.counts(opened, chosen, filters, by),
        explorer.judged(opened, chosen, filters, by),
        domain=chosen,
        by=by,
        observed=explorer.observed_whatever_decided(opened, chosen),
        rated=not filters.overrides_only,
        seed=7,
    )


def explored(name: str, filters: Filters, by: str | None) -> Exploration:
    """The overrides of a domain under filters, split by a dimension, as the log stands."""
    return _explored(url(), name, frames.counter(store(), domain(name)), filters, by)


@st.cache_data(max_entries=32, show_spinner=False)
def _months(address: str, name: str, counter: int) -> list[str]:
    opened = _opened(address)[0]
    return explorer.months(opened, organization.domain(opened, name))


def months(name: str) -> list[str]:
    """The months in which something was decided in a domain, the newest first."""
    return _months(url(), name, frames.counter(store(), domain(name)))


@st.cache_data(max_entries=32, show_spinner=False)
def _override_names(address: str, name: str, counter: int, veil: Veil | None) -> dict[str, list[str]]:
    opened = _opened(address)[0]
    return explorer.names(opened, organization.domain(opened, name), veil)


def override_names(name: str, veil: Veil | None = None) -> dict[str, list[str]]:
    """The names of each dimension of the overrides, for filters; people's as a veil gives them."""
    return _override_names(url(), name, frames.counter(store(), domain(name)), veil)


@st.cache_data(max_entries=64, show_spinner=False)
def _veil(address: str, name: str, counter: int, text: str, person: str, role: str) -> Veil:
    opened = _opened(address)[0]
    return privacy.veil(opened, organization.domain(opened, name), reader=person, role=role)


def veil(name: str, person: str, role: str) -> Veil:
    """Under which names a person sees people's decisions in a domain, as the log and the domain file stand."""
    held = domain(name)
    return _veil(url(), name, frames.counter(store(), held), held.text, person, role)


@st.cache_data(max_entries=16, show_spinner="Asking …")
def _answered(
    address: str, name: str, counter: int, sql: str, only: str | None, veil: Veil | None
) -> question.Answer:
    opened = _opened(address)[0]
    return question.answer(opened, organization.domain(opened, name), sql, only=only, veil=veil)


def answered(name: str, sql: str, *, only: str | None = None, veil: Veil | None = None) -> question.Answer:
    """The answer to a SELECT as the log stands; `only` is a manager who sees no other's decisions."""
    return _answered(url(), name, frames.counter(store(), domain(name)), sql, only, veil)


@st.cache_data(max_entries=64, show_spinner="Looking through past cases …")
def _practice(address: str, name: str, counter: int, person: str, hour: datetime) -> drill_record.Standing:
    opened = _opened(address)[0]
    return drill_record.standing(opened, organization.domain(opened, name), person, at=hour)


def practice(name: str, person: str, now: datetime) -> drill_record.Standing:
    """What a person may practise in a domain as the log stands; what is due changes with the day alone."""
    counter = frames.counter(store(), domain(name))
    return _practice(url(), name, counter, person, now.replace(minute=0, second=0, microsecond=0))


@st.cache_data(max_entries=64, show_spinner=False)
def _drill_told(address: str, name: str, drill_id: str, place: int) -> Told:
    opened, of = _opened(address)[0], domain(name)
    drill = drills.held(opened, name, drill_id)
    return told(opened, of, drill, place, words_of=lambda version: model_words(name, version))


def drill_told(name: str, drill_id: str, place: int) -> Told:
    """What came of an answered place of a drill; it stays as it was told."""
    return _drill_told(url(), name, drill_id, place)


@st.cache_data(max_entries=32, show_spinner=False)
def _own_decisions(address: str, name: str, counter: int, person: str) -> pd.DataFrame:
    opened = _opened(address)[0]
    return frames.decided_by(opened, organization.domain(opened, name), person)


def own_decisions(name: str, person: str) -> pd.DataFrame:
    """One person's decisions in a domain as the log stands."""
    return _own_decisions(url(), name, frames.counter(store(), domain(name)), person)


@st.cache_data(max_entries=64, show_spinner=False)
def _hindsight(
    address: str, name: str, counter: int, decision_ids: tuple[str, ...], _told: tuple[Feedback, ...]
) -> dict[str, teach.Hindsight]:
    opened = _opened(address)[0]
    chosen = organization.domain(opened, name)
    return teach.hindsight_of(opened, chosen, _told, words_of=lambda version: model_words(name, version))


def hindsight_of(name: str, told: tuple[Feedback, ...]) -> dict[str, teach.Hindsight]:
    """What a few outcomes teach, by their decisions, as the log stands."""
    ids = tuple(one.decision_id for one in told)
    return _hindsight(url(), name, frames.counter(store(), domain(name)), ids, told)


@st.cache_data(max_entries=256, show_spinner=False)
def _news_count(address: str, name: str, counter: int, person: str, seen: datetime | None) -> int:
    opened = _opened(address)[0]
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
    held = {c.correction_id: c.wordings for c in corrections.corrections(_opened(address)[0], name)}
    stood = [[w for w in held.get(i, ()) if w.at <= at] for i in ids]
    return tuple(wordings[-1].sentence for wordings in stood if wordings)


def correction_words(name: str, ids: tuple[str, ...], at: datetime) -> tuple[str, ...]:
    """The sentences of corrections as they stood at a moment, in the same order."""
    return _correction_words(url(), name, ids, at)


@st.cache_data(max_entries=16, show_spinner="Reading past decisions …")
def _replayable(address: str, name: str, counter: int) -> pd.DataFrame:
    opened = _opened(address)[0]
    return routing.replayable(opened, organization.domain(opened, name))


def replayable(name: str) -> pd.DataFrame:
    """Past decisions that had a recommendation, for replaying them with the model alone."""
    return _replayable(url(), name, frames.counter(store(), domain(name)))


@st.cache_data(max_entries=32, show_spinner="Replaying …")
def _proposed(address: str, name: str, counter: int, at_most: float) -> Any:
    return routing.propose(_replayable(address, name, counter), domain(name), at_most=at_most)


def proposed(name: str, at_most: float) -> routing.Proposal | None:
    """The segment that saves most and loses nothing, as far as the log can tell."""
    return _proposed(url(), name, frames.counter(store(), domain(name)), at_most)


def outcomes_arrived(name: str) -> None:
    """Put in line what follows when outcomes have arrived, and wake the worker."""
    kinds.follow(store(), organization.domain(store(), name), at=utc_now())
    wake_worker()


def _work_demo(opened: Store, job: Job, progress: Progress) -> dict[str, Any]:
    built = demo_organization.build(opened, at=utc_now(), progress=progress)
    for kind in ("team", "watch", "correct", "propose"):  # a newcomer need not wait for what these will find
        kinds.ask(opened, kind, demo_organization.FIRST, utc_now(), by=demo_organization.LEAD)
    return {"message": "The demo organization is ready.", **built}
