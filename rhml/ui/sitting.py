"""The Decide page: the case on the desk with its card, its form, and what else can be done with it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.errors import CaseTaken, UnknownCase
from rhml.loop.card import Card, card
from rhml.store import registry
from rhml.store.opening import utc_now
from rhml.store.waiting import Queue
from rhml.ui import (
    acts,
    cards,
    collected,
    contrast,
    decision_form,
    desk,
    keys,
    past,
    reasons,
    resources,
    waterfall,
    words,
)
from rhml.ui.keys import button
from rhml.ui.queue import address, narrowed
from rhml.ui.shell import Here, boundary, from_the_top

SNOOZES = {1: "1 day", 3: "3 days", 7: "1 week", 30: "30 days"}


@st.fragment
def sit(here: Here, wanted: Queue) -> None:
    """Do what was pressed, then draw the desk; a fragment, so that agreeing redraws the desk and not its frame."""
    with boundary("decide"):
        here = replace(here, now=utc_now())
        acts.carry_out(here, wanted)
        _draw(here, wanted)


def _draw(here: Here, wanted: Queue) -> None:
    """The saved line, the case, and the last decisions."""
    past.saved(here)
    case_id = desk.case_on(here, wanted)
    if case_id is None:
        _nothing_waits(here.domain, wanted)
    elif (found := _look(here, wanted, case_id)) is not None:
        if desk.lost(here, wanted, found):
            st.rerun()
        _case(here, wanted, found)
    past.last_ten(here)
    if case_id is not None and here.decides:
        desk.look_ahead(here, wanted, case_id)


def _look(here: Here, wanted: Queue, case_id: str) -> Card | None:
    """The card; where the log has no such case, a sentence and the way on."""
    try:
        return card(
            here.store,
            here.domain,
            case_id,
            manager=here.person,
            at=here.now,
            words_of=partial(resources.model_words, here.domain.name),
            held_of=partial(resources.own_way, here.domain.name, here.person),
            peers=desk.peers_ahead(here, case_id),
        )
    except UnknownCase as unknown:
        lying = st.session_state.get("desk", {})
        if lying.get("case") == case_id and lying["domain"] != here.domain.name:
            desk.go(None)  # another domain was chosen while this case was open
            st.rerun()
        st.warning(words.plain(str(unknown)))
        button("Take the next case", "next", case_id, shortcut="N", type="primary")
        return None


def _nothing_waits(domain: DecisionDomain, wanted: Queue) -> None:
    """An empty queue: why, and the one next step."""
    many = words.plain(domain.terms.many)
    if narrowed(wanted):
        st.info(f"No {many} wait that match your filters and are free.")
        st.page_link(
            "pages/pending.py", label="Change the filters", icon=":material/filter_alt:",
            query_params=address(domain, wanted),
        )  # fmt: skip
    else:
        st.info(f"Nothing waits: every one of the {many} is decided, snoozed, or open with somebody else.")
        st.page_link(
            "pages/my_learning.py", label="See what came of your decisions", icon=":material/school:"
        )


def _case(here: Here, wanted: Queue, found: Card) -> None:
    lying = desk.lay_out(here, found)
    free = here.decides and found.stage != "closed" and not lying["reading"] and _claimed(here, found)
    shown = found.recommendation if found.stage == "decide" else None
    desk.show(found.case_id, shown.recommendation_id if shown else None, shown.action if shown else None)

    left, right = st.columns([2, 3], gap="large")
    with left:
        st.page_link(
            "pages/pending.py", label="Back to pending", icon=":material/arrow_back:",
            query_params=address(here.domain, wanted),
        )  # fmt: skip
        cards.head(here.domain, found, here.now, desk.place(here, wanted, found.case_id) if free else None)
        cards.facts(here.domain, found)
        if free:
            collected.ask(here, found)
        from_the_top(f"{here.domain.name} {found.case_id}")
    with right:
        acts.refusal()
        if found.stage == "closed":
            past.closed(here, found)
        else:
            _told(here, found)
        if not here.decides and found.stage != "closed":
            a = "an" if here.role == "analyst" else "a"
            st.caption(f"You read this as {a} {here.role}; managers and leads decide.")
        if free:
            decision_form.draw(here.domain, found, lying["form"])
            desk.keep_draft(here, found, lying)
        _other_verbs(here, found, lying, free)
        if found.stage == "decide" and lying["panel"] == "why":
            waterfall.draw(here.domain, found)
        if found.stage == "decide":
            cards.peers(here.domain, found)
            cards.how_to_read(here.domain, found)


def _claimed(here: Here, found: Card) -> bool:
    """Hold the case; where somebody else has it, say so and offer two ways on."""
    try:
        desk.claim(here, found)
    except CaseTaken as taken:
        st.info(words.plain(str(taken)), icon=":material/lock:")
        with st.container(horizontal=True):
            button("Take the next case", "next", found.case_id, shortcut="N", type="primary")
            button("Open it read-only", "read", found.case_id)
        st.stop()
    return True


def _told(here: Here, found: Card) -> None:
    """What this stage may show of the model."""
    if found.stage == "no model":
        live = registry.live_version(here.store, here.domain.name)
        st.markdown("### No recommendation yet")
        st.caption(
            f"{live} has not looked at this {words.plain(here.domain.terms.case)} yet; you may decide without it."
            if live
            else "There is no promoted model. Your decision counts as your own call, and teaches the first one."
        )
    elif found.stage == "first call":
        st.markdown("### Your own call first")
    elif found.stage == "evidence":
        st.markdown("### What the factors speak for")
        reasons.evidence(here.domain, found)
    else:
        cards.suggestion(here.domain, found, contrast.told(here.domain, found))
        reasons.contrasted(here.domain, found)
        contrast.toggle(found)
        contrast.draw(here.domain, found)


def _other_verbs(here: Here, found: Card, lying: dict, free: bool) -> None:
    """Skip, snooze, escalate, next, why and the list of keys."""
    with st.container(horizontal=True, gap="small", key="verbs"):
        if found.stage == "decide":
            button("Why", "panel", found.case_id, "why", shortcut="W", type="tertiary")
        if free:
            button("Skip", "skip", found.case_id, shortcut="S", type="tertiary")
            button("Snooze", "panel", found.case_id, "snooze", shortcut="Z", type="tertiary")
            button("Escalate", "panel", found.case_id, "escalate", shortcut="E", type="tertiary")
        button("Next", "next", found.case_id, shortcut="N", type="tertiary")
        button("Keys", "panel", found.case_id, "keys", shortcut="H", type="tertiary")
    if lying["panel"] == "keys":
        keys.listed()
    elif free and lying["panel"] == "snooze":
        st.markdown("**Snooze:** hide it from everyone, until it returns by itself after …")
        with st.container(horizontal=True):
            for days, label in SNOOZES.items():
                button(label, "snooze", found.case_id, days)
    elif free and lying["panel"] == "escalate":
        st.text_input("What should the lead look at?", key=decision_form.key("question", found.case_id))
        button("Ask a lead", "escalate", found.case_id, shortcut="Ctrl+Enter")
