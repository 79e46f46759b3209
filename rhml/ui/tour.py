"""The tour of a field as a slim panel above the page: the step that comes next, the way there, and what is done.

A step is checked when the log shows it; the panel looks every two seconds, so a decision counts at once.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from rhml.core.domain_parts import Terms
from rhml.demo import fields, touring
from rhml.demo.fields import Field
from rhml.demo.tour_steps import NEWCOMER, Step, Tour
from rhml.demo.tours import tour_of
from rhml.store import tours
from rhml.store.opening import utc_now
from rhml.store.tours import OnTour
from rhml.ui import five_fields, resources, words
from rhml.ui.pages import opening

LOOK_EVERY = 2.0


def above(domain: str, person: str, page: str) -> None:
    """The panel for somebody on tour in this field; on Pending an invitation for who was on none yet."""
    found = fields.field_of(domain)
    if found is None or found.key not in resources.standing().fields:
        return
    held = tours.of(resources.store(), person, found.key)
    if held is not None and not held.ended:
        _panel(found.key, person, page)
    elif held is None and page == "pending" and _begins_here(found, domain):
        _invitation(found, person)


def drawn(domain: str, person: str, page: str) -> None:
    """Note that a page was drawn to its end for somebody on tour."""
    found = fields.field_of(domain)
    if found is None or found.key not in resources.standing().fields:
        return
    held = tours.of(resources.store(), person, found.key)
    if held is not None and not held.ended:
        resources.store().write(lambda tx: tours.look(tx, held, page, at=utc_now()))


def _begins_here(found: Field, domain: str) -> bool:
    """Whether the field's tour begins in this domain, and no newcomer was on it yet."""
    return domain == tour_of(found.key).domain and tours.of(resources.store(), NEWCOMER, found.key) is None


def _invitation(found: Field, person: str) -> None:
    tour = tour_of(found.key)
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key="tour_invited", gap="small"
    ):
        st.markdown(f":material/tour: **New here? Three minutes.** {tour.invitation}", width="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if st.button("Begin the tour", key="tour_begin", type="primary"):
                five_fields.take(found)
                st.rerun()
            st.button("Not now", key="tour_not_now", type="tertiary", on_click=_not_now, args=(tour, person))


def _not_now(tour: Tour, person: str) -> None:
    declined = OnTour(person, tour.field, tour.domain, utc_now(), folded=False, ended=True)
    resources.store().write(lambda tx: tours.keep(tx, declined))


@st.fragment(run_every=LOOK_EVERY)
def _panel(key: str, person: str, page: str) -> None:
    """Where the tour stands; folded, how many steps are done."""
    store, tour = resources.store(), tour_of(key)
    held = tours.of(store, person, key)
    if held is None or held.ended:
        return
    done = touring.steps_done(store, tour, held)
    if held.folded:
        st.button(
            f"Tour: {sum(done)} of {len(done)} done", key="tour_unfold", type="tertiary", icon=":material/tour:",
            on_click=_change, args=(held,),
        )  # fmt: skip
        return
    step = None if all(done) else tour.steps[done.index(False)]
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="tour", gap="small"):
        st.markdown(_title(done, step), width="content")
        with st.container(key="tour_beside"):
            st.caption(_told(step))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
            if step is not None:
                _onward(tour, held, step, page)
            else:
                st.button(
                    "End the tour", key="tour_done", on_click=_change, args=(held,), kwargs={"ended": True}
                )
            with st.popover("Steps", width="content"):
                _steps(tour, held, done)
    with st.container(key="tour_below"):
        st.caption(_told(step))


def _title(done: tuple[bool, ...], step: Step | None) -> str:
    if step is None:
        return f":material/task_alt: **All {words.number(len(done))} steps are on record.**"
    return f":material/tour: **{done.index(False) + 1} of {len(done)} · {step.title}.**"


def _told(step: Step | None) -> str:
    """What is to be done, or what time brought; beside the title, and where the screen is narrow below the panel."""
    if step is None:
        return "What people and the model learned, and how sure that is, stands on *Improvement*."
    return (step.time_passes and st.session_state.get("time_passed")) or step.text


def _onward(tour: Tour, held: OnTour, step: Step, page: str) -> None:
    """The one way on from here: let time pass, or the link to where the step is done; nothing where it is here."""
    if step.time_passes and _waits(tour, held):
        st.button(
            "Let time pass", key="tour_time", type="primary", icon=":material/fast_forward:",
            on_click=partial(_pass_time, tour, held),
        )  # fmt: skip
    elif step.page != page or step.time_passes:
        _way(tour, step)


def _way(tour: Tour, step: Step) -> None:
    """The link to the page of a step; to Decide with a case of which it will be told what proved right."""
    asked = opening(step.view) if step.view else {}
    if step.page == "decide" and (case := tours.told_later(resources.store(), tour.domain, now=utc_now())):
        asked = {"case": case}
    st.page_link(
        f"pages/{step.page}.py", label=step.link, icon=":material/arrow_forward:",
        query_params={"domain": tour.domain, **asked}, width="content",
    )  # fmt: skip


def _waits(tour: Tour, held: OnTour) -> bool:
    return bool(tours.awaiting_outcome(resources.store(), tour.domain, held.person, since=held.began_at))


def _pass_time(tour: Tour, held: OnTour) -> None:
    passed = touring.let_time_pass(resources.store(), tour, held, at=utc_now())
    terms = resources.domain(tour.domain).terms
    if passed.known:
        resources.outcomes_arrived(tour.domain)
    never = f" Of {_count(passed.never, terms)} it will never show." if passed.never else ""
    st.session_state["time_passed"] = f"What was right is known now of {_count(passed.known, terms)}.{never}"


def _count(number: int, terms: Terms) -> str:
    return words.plain(f"{words.number(number)} {terms.case if number == 1 else terms.many}")


def _steps(tour: Tour, held: OnTour, done: tuple[bool, ...]) -> None:
    """Every step with its check mark, what to do for the one that comes next, and how to be rid of the panel."""
    for place, (step, is_done) in enumerate(zip(tour.steps, done, strict=True)):
        mark = ":green[:material/check_circle:]" if is_done else ":material/radio_button_unchecked:"
        st.markdown(f"{mark} {step.title}{' :small[(done)]' if is_done else ''}")
        if not is_done and all(done[:place]):
            st.caption(_told(step))
    st.caption("A step is checked when the log shows that you did it.")
    with st.container(horizontal=True):
        st.button("Fold", key="tour_fold", on_click=_change, args=(held,), kwargs={"folded": True})
        st.button("End", key="tour_end", on_click=_change, args=(held,), kwargs={"ended": True})


def _change(held: OnTour, *, folded: bool = False, ended: bool = False) -> None:
    touring.change(resources.store(), held, folded=folded, ended=ended)
