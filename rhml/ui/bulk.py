"""Several waiting cases at once: agree, assign, snooze; always by their ids, each checked again when written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import streamlit as st

from rhml.errors import CaseGone
from rhml.loop import agree, queue
from rhml.store import organization
from rhml.ui import desk, keys, words
from rhml.ui.keys import button
from rhml.ui.shell import Here

SNOOZES = {1: "1 day", 3: "3 days", 7: "1 week", 30: "30 days"}


def draw(here: Here, ticked: tuple[str, ...]) -> None:
    """What can be done with the ticked cases."""
    count = f"{len(ticked)} {here.domain.terms.many if len(ticked) > 1 else here.domain.terms.case}"
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        st.markdown(f"**{words.plain(count)} ticked**", width="content")
        button("Agree with the model", "bulk_agree", ticked)
        deciders = [
            p for p, role in organization.people(here.store).items() if role not in organization.READERS
        ]
        mine = deciders.index(here.person) if here.person in deciders else 0
        st.selectbox(
            "Assign to", deciders, index=mine, key="bulk_to", label_visibility="collapsed", width=180
        )
        button("Assign", "bulk_assign", ticked)
        st.selectbox(
            "Snooze for", list(SNOOZES), format_func=SNOOZES.get, key="bulk_days",
            label_visibility="collapsed", width=120,
        )  # fmt: skip
        button("Snooze", "bulk_snooze", ticked)


def carry_out(here: Here) -> None:
    """Do what was pressed, to the cases it named."""
    asked = keys.pressed()
    if asked is None or asked[0] not in ACTS:
        return
    act, ticked = asked
    st.session_state["bulk"] = ACTS[act](here, ticked)
    # Another key for the table: nothing stays ticked after it was acted on.
    st.session_state["acted"] = str(here.now.timestamp())


def outcome() -> None:
    """What came of the last act: how many, and which were left and why."""
    done, left = st.session_state.pop("bulk", ("", []))
    if done:
        st.success(done, icon=":material/check:")
    if left:
        why = "\n".join(f"- {words.plain(case_id)}: {words.plain(said)}" for case_id, said in left)
        st.warning(f"{len(left)} left as they were:\n{why}")


def _agree(here: Here, ticked: tuple[str, ...]) -> tuple[str, list]:
    agreed = agree.agree_with_all(here.store, here.domain, ticked, manager=here.person, at=here.now)
    desk.count_today_again()
    said = f"Agreed with {len(agreed.saved)}. You can reverse each under your last ten decisions on Decide."
    return (said if agreed.saved else "", list(agreed.refused))


def _assign(here: Here, ticked: tuple[str, ...]) -> tuple[str, list]:
    to = st.session_state.get("bulk_to") or ""

    def one(case_id: str) -> None:
        queue.assign(here.store, here.domain, case_id, to=to, manager=here.person, at=here.now)

    return _each(ticked, one, f"assigned to {words.plain(to)}")


def _snooze(here: Here, ticked: tuple[str, ...]) -> tuple[str, list]:
    until = here.now + timedelta(days=st.session_state.get("bulk_days") or 1)

    def one(case_id: str) -> None:
        queue.snooze(here.store, here.domain, case_id, until=until, manager=here.person, at=here.now)

    return _each(ticked, one, f"snoozed until {words.plain(words.day(until))}")


def _each(ticked: tuple[str, ...], one: Callable[[str], None], done: str) -> tuple[str, list]:
    """Each case in a unit of work of its own: one that was decided meanwhile does not stop the others."""
    left = []
    for case_id in ticked:
        try:
            one(case_id)
        except CaseGone as gone:
            left.append((case_id, str(gone)))
    count = len(ticked) - len(left)
    return (f"{count} {done}." if count else "", left)


ACTS = {"bulk_agree": _agree, "bulk_assign": _assign, "bulk_snooze": _snooze}
