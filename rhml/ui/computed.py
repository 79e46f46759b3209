"""What pages compute, kept for as long as the log does not change: skill, alarms, what came of decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from rhml.human.feedback import Feedback
from rhml.human.reliance.alarm import Alarm
from rhml.human.reliance.discrimination import Discrimination, discrimination
from rhml.human.skill.skill import Skill
from rhml.loop import drill_record, routing, teach
from rhml.loop.alarms import alarms as compute_alarms
from rhml.loop.drill_told import Told, told
from rhml.loop.modes import modes as compute_modes
from rhml.loop.skill import skill as compute_skill
from rhml.loop.training import Training
from rhml.loop.training import training as compute_training
from rhml.reports.modes import ModesReport
from rhml.store import drills, explorer, frames, organization
from rhml.store.reading import source
from rhml.ui import resources
from rhml.ui.computed_overrides import explored as explored
from rhml.ui.computed_overrides import override_names as override_names
from rhml.ui.computed_overrides import times as times


@st.cache_data(max_entries=16, show_spinner=False)
def _modes(address: str, name: str, counter: int, text: str) -> ModesReport:
    opened = resources.log_at(address)
    return compute_modes(opened, organization.domain(opened, name))


def modes(name: str) -> ModesReport:
    """What asking for own calls comes to in a domain, as the log and the domain file stand."""
    return _modes(
        resources.url(),
        name,
        frames.counter(resources.store(), resources.domain(name)),
        resources.domain(name).text,
    )


@st.cache_data(max_entries=16, show_spinner="Looking back over every look …")
def _alarms(address: str, name: str, counter: int, text: str) -> tuple[Alarm, ...]:
    opened = resources.log_at(address)
    return compute_alarms(opened, organization.domain(opened, name))


def alarms(name: str) -> tuple[Alarm, ...]:
    """The alarms of a domain as the log stands."""
    return _alarms(
        resources.url(),
        name,
        frames.counter(resources.store(), resources.domain(name)),
        resources.domain(name).text,
    )


@st.cache_data(max_entries=16, show_spinner=False)
def _team_reliance(address: str, name: str, counter: int) -> Discrimination:
    opened = resources.log_at(address)
    chosen = organization.domain(opened, name)
    return discrimination(frames.decided(opened, chosen), domain=chosen, who="the team")


def team_reliance(name: str) -> Discrimination:
    """Whether a team follows the model when it is right, and only then."""
    return _team_reliance(resources.url(), name, frames.counter(resources.store(), resources.domain(name)))


@st.cache_data(max_entries=16, show_spinner="Comparing calls …")
def _skill(address: str, name: str, counter: int) -> Skill:
    opened = resources.log_at(address)
    return compute_skill(opened, organization.domain(opened, name), courses=True)


def skill(name: str) -> Skill:
    """What people can do without the model, as the log stands; whose part is shown is the page's duty."""
    return _skill(resources.url(), name, frames.counter(resources.store(), resources.domain(name)))


@st.cache_data(max_entries=16, show_spinner=False)
def _training(address: str, name: str, counter: int, text: str) -> Training:
    opened = resources.log_at(address)
    return compute_training(opened, organization.domain(opened, name))


def training(name: str) -> Training:
    """What the courses of a domain's team came to, as the log and the domain file stand."""
    domain = resources.domain(name)
    return _training(resources.url(), name, frames.counter(resources.store(), domain), domain.text)


@st.cache_data(max_entries=32, show_spinner=False)
def _months(address: str, name: str, counter: int) -> list[str]:
    opened = resources.log_at(address)
    return explorer.months(opened, organization.domain(opened, name))


def months(name: str) -> list[str]:
    """The months in which something was decided in a domain, the newest first."""
    return _months(resources.url(), name, source.counter(resources.store(), resources.domain(name)))


@st.cache_data(max_entries=32, show_spinner=False)
def _segment_names(address: str, name: str, counter: int, text: str) -> dict[str, list[str]]:
    opened = resources.log_at(address)
    return explorer.segment_names(opened, organization.domain(opened, name))


def segment_names(name: str) -> dict[str, list[str]]:
    """The names of each segment column among the decisions, most decisions first, as the log stands."""
    of = resources.domain(name)
    return _segment_names(resources.url(), name, source.counter(resources.store(), of), of.text)


@st.cache_data(max_entries=64, show_spinner="Looking through past cases …")
def _practice(address: str, name: str, counter: int, person: str, hour: datetime) -> drill_record.Standing:
    opened = resources.log_at(address)
    return drill_record.standing(opened, organization.domain(opened, name), person, at=hour)


def practice(name: str, person: str, now: datetime) -> drill_record.Standing:
    """What a person may practise in a domain as the log stands; what is due changes with the day alone."""
    counter = frames.counter(resources.store(), resources.domain(name))
    return _practice(resources.url(), name, counter, person, now.replace(minute=0, second=0, microsecond=0))


@st.cache_data(max_entries=64, show_spinner=False)
def _drill_told(address: str, name: str, drill_id: str, place: int) -> Told:
    opened, of = resources.log_at(address), resources.domain(name)
    drill = drills.held(opened, name, drill_id)
    return told(opened, of, drill, place, words_of=lambda version: resources.model_words(name, version))


def drill_told(name: str, drill_id: str, place: int) -> Told:
    """What came of an answered place of a drill; it stays as it was told."""
    return _drill_told(resources.url(), name, drill_id, place)


@st.cache_data(max_entries=32, show_spinner=False)
def _own_decisions(address: str, name: str, counter: int, person: str) -> pd.DataFrame:
    opened = resources.log_at(address)
    return frames.decided_by(opened, organization.domain(opened, name), person)


def own_decisions(name: str, person: str) -> pd.DataFrame:
    """One person's decisions in a domain as the log stands."""
    return _own_decisions(
        resources.url(), name, frames.counter(resources.store(), resources.domain(name)), person
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _hindsight(
    address: str, name: str, counter: int, decision_ids: tuple[str, ...], _told: tuple[Feedback, ...]
) -> dict[str, teach.Hindsight]:
    opened = resources.log_at(address)
    chosen = organization.domain(opened, name)
    return teach.hindsight_of(
        opened, chosen, _told, words_of=lambda version: resources.model_words(name, version)
    )


def hindsight_of(name: str, told: tuple[Feedback, ...]) -> dict[str, teach.Hindsight]:
    """What a few outcomes teach, by their decisions, as the log stands."""
    ids = tuple(one.decision_id for one in told)
    return _hindsight(
        resources.url(), name, frames.counter(resources.store(), resources.domain(name)), ids, told
    )


@st.cache_data(max_entries=16, show_spinner="Reading past decisions …")
def _replayable(address: str, name: str, counter: int) -> pd.DataFrame:
    opened = resources.log_at(address)
    return routing.replayable(opened, organization.domain(opened, name))


def replayable(name: str) -> pd.DataFrame:
    """Past decisions that had a recommendation, for replaying them with the model alone."""
    return _replayable(resources.url(), name, frames.counter(resources.store(), resources.domain(name)))


@st.cache_data(max_entries=32, show_spinner="Replaying …")
def _proposed(address: str, name: str, counter: int, at_most: float) -> Any:
    return routing.propose(_replayable(address, name, counter), resources.domain(name), at_most=at_most)


def proposed(name: str, at_most: float) -> routing.Proposal | None:
    """The segment that saves most and loses nothing, as far as the log can tell."""
    return _proposed(
        resources.url(), name, frames.counter(resources.store(), resources.domain(name)), at_most
    )
