"""*What matters now*: one line for everyone; a lead opens it, tries a balance, sees what moves, and states it."""

from __future__ import annotations

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.intent import QUEUES, Intent, kinds, protectable
from rhml.core.intent_words import problems, segment_words
from rhml.loop.intent import statement as loop_intent
from rhml.loop.intent.preview import Preview, preview
from rhml.loop.intent.statement import StoredIntent
from rhml.store import registry
from rhml.ui import computed_intent, measured, words
from rhml.ui.intent import balance_picture, changing, draft, earlier, stating, told
from rhml.ui.intent.draft import APART, FACTOR, FACTORS, KIND, PROTECT, QUEUE
from rhml.ui.shell import Here, boundary

CONTROL = "intent_control"


def in_force(here: Here) -> tuple[StoredIntent | None, Intent | None]:
    """What is stated, and what of it applies: nothing where the domain file has changed under it."""
    stated = loop_intent.in_force(here.store, here.domain)
    return stated, stated.intent if stated and not stated.lapsed else None


@st.fragment
def draw(here: Here, page: str, stated: StoredIntent | None) -> None:
    """The line, and under it what a lead has opened; a fragment, so that trying something redraws nothing else."""
    with boundary(page):
        stating.came(here, page)
        if stated is None and (not here.leads or not registry.live_version(here.store, here.domain.name)):
            return
        trying = draft.opened(here.domain, page) if here.leads else None
        with st.container(border=trying is not None, key="intent", gap="small"):
            _line(here, page, stated, open_now=trying is not None)
            if trying is not None:
                _control(here, page, stated, trying)


def _line(here: Here, page: str, stated: StoredIntent | None, *, open_now: bool) -> None:
    said = f":material/tune: {told.line(here.domain, stated)}"
    if not here.leads:
        st.markdown(said)
    else:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.markdown(said)
        of = stated.intent_id if stated else "nothing"
        right.button(
            "Close" if open_now else "Change" if stated else "State what matters",
            key="intent_open", type="tertiary", icon=f":material/{'expand_less' if open_now else 'expand_more'}:",
            on_click=_close if open_now else _open, args=() if open_now else (here.domain, page, stated, of),
        )  # fmt: skip
    if stated and stated.lapsed:
        st.warning(words.plain(stated.lapsed), icon=":material/history_toggle_off:")


def _open(domain: DecisionDomain, page: str, stated: StoredIntent | None, of: str) -> None:
    st.session_state.pop(stating.CAME, None)
    draft.begin(domain, page, stated.intent if stated else None, of)


def _close() -> None:
    draft.end()


def _control(here: Here, page: str, stated: StoredIntent | None, trying: dict) -> None:
    """The picture with its balance, what it comes to in one sentence, and the way to state it."""
    domain = here.domain
    wanted = draft.intent(domain, trying)
    waits = computed_intent.waiting(domain.name)
    found = preview(waits, domain, wanted)
    balance_picture.draw(
        domain, wanted, found, start=trying["start"], of=trying["of"], key=CONTROL, on_turned=draft.turn
    )
    wrong = problems(domain, wanted)
    if wrong:
        st.warning(" ".join(words.plain(one) for one in wrong))
    else:
        st.markdown(told.changed(domain, found))
    if outside := told.left_out(domain, found, waits.snoozed(here.now)):
        st.caption(outside)
    _selects(domain, found)
    with st.container(horizontal=True, gap="small"):
        changing.toggle(found, trying)
        measured.how(told.how(), key="intent")
        earlier.toggle(here, trying)
    changing.draw(here, wanted, trying)
    earlier.draw(here, trying)
    stating.draw(here, page, stated, wanted, found, may=not wrong)


def _selects(domain: DecisionDomain, found: Preview) -> None:
    """A segment to protect and against what, and the order of the queue."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if protectable(domain):
            segments = _segments(domain, found)
            st.selectbox(
                "Protect a segment", list(segments), key=PROTECT, format_func=segments.get, width=250
            )
        if st.session_state.get(PROTECT):
            against = {kind: words.plain(said) for kind, said in kinds(domain)}
            st.selectbox("against", list(against), key=KIND, format_func=against.get, width=290)
            st.selectbox(
                "which weighs there", sorted({*FACTORS, st.session_state.get(FACTOR) or FACTORS[0]}), key=FACTOR,
                format_func=lambda times: f"{times:g} times as much", width=150,
            )  # fmt: skip
        st.selectbox("Order of the queue", list(QUEUES), key=QUEUE, format_func=QUEUES.get, width=290)


def _segments(domain: DecisionDomain, found: Preview) -> dict[str, str]:
    """What may be protected: the commonest values of each column, and what is chosen already."""
    named = {"": "Nothing in particular"}
    for column in protectable(domain):
        values = {one.value for one in found.segments.get(column, ()) if one.value is not None}
        named |= {APART.join((column, value)): _named(domain, column, value) for value in sorted(values)}
    if chosen := st.session_state.get(PROTECT):
        column, _, value = chosen.partition(APART)
        named.setdefault(chosen, _named(domain, column, value))
    return named


def _named(domain: DecisionDomain, column: str, value: str) -> str:
    return segment_words(domain, Intent.of({"protect": {"column": column, "value": value}}).protect)
