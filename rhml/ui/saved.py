"""Saved views and questions on a page: a quiet list, a way to keep what is on screen, and what their owner may change."""

from __future__ import annotations

import streamlit as st

from rhml.loop import saved as keeping
from rhml.loop import schedule, scheduled_exports
from rhml.loop.saved import TITLE
from rhml.store.opening import utc_now
from rhml.store.saved import Saved
from rhml.ui import shell, veiled, words
from rhml.ui.shell import Here

NO_VIEW = ("domain", "saved", "case", "decision", "sheet", "q")
"""Parameters of a page that are no part of a view of it."""
SHARED = "Share with everyone in the organization"
LATEST = "saved_opened"
HOP = "pages/ask.py"


def opened(here: Here, page: str) -> None:
    """Where the address names a saved view, look where it looks; whoever opens it sees what they may see themselves."""
    if not st.query_params.get("saved"):
        _told(page)
        return
    for key in {*st.query_params, *(k for k in st.session_state if str(k).startswith("in_"))} - {
        "domain",
        "saved",
    }:
        st.session_state.pop(key, None)
    # Parameters that widgets of this page hold can be set from another page alone.
    st.switch_page(HOP, query_params={"saved": st.query_params["saved"], **shell.staying_in(here.domain)})


def _look(here: Here, held: Saved) -> None:
    """Go where a saved view looks."""
    parameters, left_out = keeping.parameters(here.store, held, veiled.veil(here))
    st.session_state[LATEST] = [held.page, held.title, left_out]
    st.switch_page(f"pages/{held.page}.py", query_params={**parameters, **shell.staying_in(here.domain)})


def _told(page: str) -> None:
    of, title, left_out = st.session_state.pop(LATEST, ("", "", 0))
    if of == page:
        st.toast(f"Saved view: {words.plain(title)}", icon=":material/bookmark:")
        if left_out:
            st.warning(
                "This view chooses people whom you cannot see apart; their filter is left out, so you see more than "
                "the view means."
            )


def question(here: Here) -> str:
    """Where the address names a saved question, put its text into the box; says whose it is, else nothing."""
    asked = st.session_state.pop("saved_now", None) or st.query_params.get("saved")
    if not asked:
        return ""
    held = keeping.found(here.store, here.domain, asked, by=here.person)
    if held.kind != "question":
        _look(here, held)
    st.query_params["saved"] = asked  # a link to the page one is on leaves the address as it was
    if st.session_state.get("saved_question") != asked:
        st.session_state.update({"saved_question": asked, "question": held.sql, "starter": None})
        st.session_state.pop("asked", None)
    whose = "you" if held.owner == here.person else words.plain(held.owner)
    return f"“{words.plain(held.title)}” was saved by {whose}"


def control(here: Here, page: str) -> None:
    """One quiet button: what is saved of this page, and on pages with filters a way to keep them."""
    what = "questions" if page == "ask" else "views"
    with st.popover(f"Saved {what}", icon=":material/bookmark:", key=f"saved_of_{page}"):
        listed(here, page)
        if page != "ask":
            _keep_view(here, page)
    if page != "ask":  # where a question being saved has its own dialog
        dialogs(here)


def listed(here: Here, page: str) -> None:
    """What this reader may open, each as a link, with its owner and its schedule."""
    things = keeping.listed(here.store, here.domain, by=here.person, page=page)
    if not things:
        st.caption("Nothing is saved yet. " + (
            "Write a question and press *Save …* under the box." if page == "ask" else "Choose filters, then give them a title below."
        ))  # fmt: skip
        return
    plans = scheduled_exports.standings(here.store, here.domain.name)
    for thing in things:
        _row(here, thing, plans.get(thing.saved_id))


def _row(here: Here, thing: Saved, plan: schedule.Standing | None) -> None:
    own = thing.owner == here.person
    place = st.container(gap=None)
    with place.container(horizontal=True, vertical_alignment="center"):
        st.page_link(f"pages/{thing.page}.py", label=words.plain(thing.title), width="stretch",
                     query_params={"saved": thing.saved_id, **shell.staying_in(here.domain)})  # fmt: skip
        if keeping.may_remove(thing, by=here.person, leads=here.leads):
            st.button("Change", key=f"change_{thing.saved_id}", icon=":material/edit:", on_click=_ask_change,
                      args=(thing.saved_id,), type="tertiary", help="Rename, share or remove it")  # fmt: skip
    whose = ("yours, shared" if thing.shared else "yours") if own else f"shared by {words.plain(thing.owner)}"
    place.caption(f"{whose}{_planned(plan)}")


def _planned(plan: schedule.Standing | None) -> str:
    """When it is exported by itself; where to, and why not, whoever runs the server can say."""
    if plan is None or plan.schedule is None:
        return ""
    said = f" · exported {plan.schedule.said}"
    if plan.run and plan.run.state == schedule.DONE:
        return f"{said}, last {words.when(plan.run.slot)}"
    if plan.run and plan.run.state == schedule.REFUSED:
        return f"{said} · **the one of {words.when(plan.run.slot)} could not be made**: whoever runs the server can say why"
    return said


def _ask_change(saved_id: str) -> None:
    st.session_state["changing"] = saved_id


def _keep_view(here: Here, page: str) -> None:
    with st.form(f"keep_{page}", border=False, clear_on_submit=True):
        title = st.text_input("Keep what you look at under a title", max_chars=TITLE, key=f"title_{page}")
        shared = st.checkbox(SHARED, key=f"share_{page}")
        if st.form_submit_button("Save this view", icon=":material/bookmark_add:") and title.strip():
            held = {k: st.query_params.get_all(k) for k in st.query_params if k not in NO_VIEW}
            new = keeping.view(
                here.store, here.domain, page, title, held, veil=veiled.veil(here), by=here.person,
                shared=shared, at=utc_now(),
            )  # fmt: skip
            st.session_state[LATEST] = [page, new.title, 0]
            st.rerun()


def dialogs(here: Here) -> None:
    """What is asked before something kept is changed; drawn once a page, where a button asked for it."""
    if (wanted := st.session_state.get("changing")) is not None:
        _change(here, wanted)
    elif (text := st.session_state.get("keeping")) is not None:
        _keep_question(here, text)


def _closed() -> None:
    st.session_state.update({"changing": None, "keeping": None})


@st.dialog("Change what is saved", on_dismiss=_closed)
def _change(here: Here, saved_id: str) -> None:
    with shell.boundary("saved"):
        thing = keeping.found(here.store, here.domain, saved_id, by=here.person)
        if thing.owner == here.person:
            title = st.text_input("Title", thing.title, max_chars=TITLE, key="new_title")
            shared = st.checkbox(SHARED, thing.shared, key="new_shared")
            if st.button("Save", type="primary", key="save_change"):
                keeping.rename(here.store, here.domain, thing.saved_id, title, by=here.person, at=utc_now())
                keeping.share(here.store, here.domain, thing.saved_id, shared, by=here.person, at=utc_now())
                _done()
        st.caption("Removing it ends its link for everyone, and its export on schedule.")
        if st.button("Remove", icon=":material/delete:", key="remove_saved"):
            scheduled_exports.remove(here.store, here.domain, thing.saved_id, by=here.person, at=utc_now())
            _done()


def _done() -> None:
    _closed()
    st.rerun()


def keep_question(sql: str) -> None:
    """Have a title asked for, and the text kept; it is not run."""
    st.session_state.update({"changing": None, "keeping": sql})


@st.dialog("Save this question", on_dismiss=_closed)
def _keep_question(here: Here, sql: str) -> None:
    with shell.boundary("saved"):
        title = st.text_input("Title", max_chars=TITLE, key="question_title")
        shared = st.checkbox(
            SHARED, key="question_shared", help="The text is shared as you typed it, names included."
        )
        if st.button("Save", type="primary", key="save_question"):
            new = keeping.question(
                here.store, here.domain, title, sql, by=here.person, shared=shared, at=utc_now()
            )
            st.session_state.update({"saved_question": new.saved_id, "saved_now": new.saved_id})
            _done()
