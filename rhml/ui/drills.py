"""A drill on the screen: what was pressed, then where the session stands; a page that was left changes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from rhml.loop import drill as practice
from rhml.loop import drill_record, drill_told
from rhml.store import drills
from rhml.store.drills import Drill
from rhml.store.opening import utc_now
from rhml.ui import (
    computed,
    drill_card,
    drill_outcome,
    drill_start,
    drill_summary,
    keys,
    practising,
    resources,
)
from rhml.ui.shell import Here, boundary


@st.fragment
def draw(here: Here) -> None:
    """Do what was pressed, then draw the open drill where it stands, else the way to begin one."""
    with boundary("practice"):
        here = replace(here, now=utc_now())
        practising.carry_out(here, keys.pressed(), "drill_", _do)
        _stand(here)


def _stand(here: Here) -> None:
    """Outcome, case, summary or start: read from the log on every run, so that a restart shows the same."""
    drill = drills.last_of(here.store, here.domain.name, here.person, practice.KIND)
    half = drills.half_done(here.store, here.domain.name, drill) if drill else {}
    if drill and half.get("told") in drill.answers:
        found = computed.drill_told(here.domain.name, drill.drill_id, half["told"])
        drill_outcome.draw(here, drill, found)
    elif drill and (asked := practice.asked(here.store, here.domain, drill, at=here.now)):
        chosen = half.get("action") if half.get("place") == asked.place else None
        drill_card.draw(here, drill, asked, chosen)
    elif drill and _again(here, drill).get("summary"):
        missed = drill_told.missed(
            here.store, here.domain, drill, words_of=partial(resources.model_words, here.domain.name)
        )
        drill_summary.draw(here, drill, drill_record.summary(here.store, here.domain, drill), missed)
    else:
        drill_start.draw(here, computed.practice(here.domain.name, here.person, here.now))


def _again(here: Here, drill: Drill) -> dict[str, Any]:
    """What is half done by now: asking for a case may just have ended the drill."""
    return drills.half_done(here.store, here.domain.name, drill)


def _do(here: Here, act: str, *about: Any) -> None:
    match act, about:
        case "drill_begin", ():
            practice.begin(here.store, here.domain, here.person, at=here.now)
        case "drill_choose", (drill_id, place, action):
            practice.choose(here.store, here.domain, drill_id, place, action or None, person=here.person)
        case "drill_answer", (drill_id, place, action, tenths):
            practice.answer(
                here.store, here.domain, drill_id, place, action, person=here.person, at=here.now,
                confidence=tenths / 10 if tenths else None, seconds=practising.seconds(here, drill_id, place),
            )  # fmt: skip
        case "drill_next", (drill_id, place):
            practice.go_on(here.store, here.domain, drill_id, place, person=here.person)
        case "drill_done", (drill_id,):
            practice.put_away(here.store, here.domain, drill_id, person=here.person)
        case "drill_stop", (drill_id,):
            practice.stop(here.store, here.domain, drill_id, person=here.person, at=here.now)
        case "drill_keys", ():
            practising.toggle_keys()
