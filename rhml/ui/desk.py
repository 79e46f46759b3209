"""A manager's desk: which case lies on it, since when, and what is half done.

The case is named by the URL, the half-written form is kept in the log's workspace; the session holds only
what a reload may forget: since when the card is open, and which panel is.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import streamlit as st

from rhml.loop import decide, queue
from rhml.loop.card import Card
from rhml.store import case_file, history, waiting
from rhml.store.waiting import Queue
from rhml.ui import decision_form, words
from rhml.ui.shell import Here

BLANK = {"differing": False, "action": None, "reason": None}


def case_on(here: Here, wanted: Queue) -> str | None:
    """The case that the URL names, else the next one of the queue; None when nothing waits."""
    named = st.query_params.get("case")
    return named or go(waiting.following(here.store, here.domain, wanted, None, now=here.now))


def go(case_id: str | None) -> str | None:
    """Put a case into the URL, from where everything else reads it."""
    if case_id is None:
        st.query_params.pop("case", None)
    else:
        st.query_params["case"] = case_id
    return case_id


def after(here: Here, wanted: Queue, case_id: str) -> str | None:
    """The case after this one: looked up while this one was read, or now."""
    ahead = st.session_state.get("ahead", {})
    if ahead.get("from") == (here.domain.name, wanted, case_id):
        return ahead["to"]
    return waiting.following(here.store, here.domain, wanted, case_id, now=here.now)


def look_ahead(here: Here, wanted: Queue, case_id: str) -> None:
    """Read the next case's facts while the manager reads this one's, so that nobody waits for them later."""
    came_from = (here.domain.name, wanted, case_id)
    if st.session_state.get("ahead", {}).get("from") == came_from:
        return
    to = waiting.following(here.store, here.domain, wanted, case_id, now=here.now)
    ahead = {"from": came_from, "to": to, "today": done_today(here) + _waits(here, wanted)}
    st.session_state["ahead"] = ahead
    row = case_file.waiting_row(here.store, here.domain, to) if to else None
    if row is not None:
        case_file.facts(here.store, here.domain, row["case_id"])
    if row is not None and row["recommendation_id"]:
        shown = case_file.recommendation(here.store, here.domain.name, row["recommendation_id"])
        ahead["peers"] = case_file.peers(here.store, here.domain, shown.peers if shown else ())


def peers_ahead(here: Here, case_id: str) -> list[dict[str, Any]] | None:
    """The peers of this case, if they were read while the case before it was decided."""
    ahead = st.session_state.get("ahead", {})
    mine = ahead.get("to") == case_id and ahead["from"][0] == here.domain.name
    return ahead.get("peers") if mine else None


def place(here: Here, wanted: Queue, case_id: str) -> tuple[int, int]:
    """'case 12 of 40 today': those decided today, this one, and those that wait behind it."""
    ahead, done = st.session_state.get("ahead", {}), done_today(here)
    if ahead.get("to") == case_id and ahead["from"][:2] == (here.domain.name, wanted):
        return done + 1, max(ahead["today"], done + 1)
    return done + 1, done + max(_waits(here, wanted), 1)


def _waits(here: Here, wanted: Queue) -> int:
    return waiting.count(here.store, here.domain, wanted, now=here.now)["cases"]


def go_on(case_id: str | None) -> None:
    """Put the case that comes next on the desk."""
    st.session_state["went"] = go(case_id)


def lost(here: Here, wanted: Queue, card: Card) -> bool:
    """Whether somebody was faster with the case that came next; then another one is on the desk."""
    if st.session_state.pop("went", None) != card.case_id:
        return False
    until = card.waiting and card.waiting["claimed_until"]
    taken = until and until > here.now and card.waiting["claimed_by"] != here.person
    if card.stage != "closed" and not taken:
        return False
    go_on(waiting.following(here.store, here.domain, wanted, card.case_id, now=here.now))
    return True


def lay_out(here: Here, card: Card) -> dict[str, Any]:
    """The desk for this case: fresh when the case is new on it, with a kept draft put back."""
    desk = st.session_state.get("desk", {})
    about = {"domain": here.domain.name, "case": card.case_id, "person": here.person}
    if any(desk.get(name) != value for name, value in about.items()):
        form = {**BLANK, **{k: v for k, v in decision_form.restore(card).items() if v}}
        desk = {
            **about,
            "opened": here.now,
            "form": form,
            "kept": card.draft,
            "panel": None,
            "reading": False,
        }
        if card.stage == "decide" and not form["differing"]:
            desk["put_by"] = decision_form.written(card.case_id)
        st.session_state["desk"] = desk
    return desk


def keep_draft(here: Here, card: Card, desk: dict[str, Any]) -> None:
    """Save what is half written, when it has changed."""
    written = decision_form.content(card, desk["form"], desk.get("put_by", {}))
    if written != desk["kept"]:
        decide.keep_draft(here.store, here.domain, card.case_id, written, manager=here.person)
        desk["kept"] = written


def claim(here: Here, card: Card) -> None:
    """Hold the open case for this manager; renewed when half of the time is gone."""
    held, until = card.waiting["claimed_by"], card.waiting["claimed_until"]
    half = timedelta(minutes=here.domain.pending.claim_minutes / 2)
    if held != here.person or until is None or until < here.now + half:
        queue.claim(here.store, here.domain, card.case_id, manager=here.person, at=here.now)


def of(case_id: str) -> dict[str, Any]:
    """The desk, if this case still lies on it."""
    desk = st.session_state.get("desk", {})
    return desk if desk.get("case") == case_id else {"form": dict(BLANK)}


def show(case_id: str, recommendation_id: str | None, action: str | None) -> None:
    """Remember which recommendation is on screen: the one a decision will name."""
    of(case_id)["shown"] = (recommendation_id, action)


def done_today(here: Here) -> int:
    """How many cases this person has decided since midnight where they are; counted once a day, then kept."""
    today = here.now.replace(tzinfo=UTC).astimezone(words.zone()).date()
    about = [here.domain.name, here.person, str(today)]
    kept = st.session_state.get("today")
    if kept is None or kept["about"] != about:
        midnight = datetime.combine(today, time.min, words.zone()).astimezone(UTC).replace(tzinfo=None)
        done = history.decided_since(here.store, here.domain, here.person, midnight)
        kept = st.session_state["today"] = {"about": about, "done": done}
    return kept["done"]


def one_more_today() -> None:
    """Count a decision that was just saved."""
    if "today" in st.session_state:
        st.session_state["today"]["done"] += 1


def count_today_again() -> None:
    """Let the count go: something was reversed, or many were decided at once."""
    st.session_state.pop("today", None)
